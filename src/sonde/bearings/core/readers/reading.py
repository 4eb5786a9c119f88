"""Read an untrusted file as a recording; the parsing happens in a jailed child process."""

from dataclasses import dataclass
from pathlib import Path

from sonde.bearings.core.recordings import FileContent, Recording


@dataclass(frozen=True)
class Reading:
    """A file that is being read by a child process.

    Parameters
    ----------
    path : Path
    """

    path: Path

    def content(self) -> FileContent:
        """Wait for the child and return everything that the file says.

        Raises
        ------
        Unreadable, TooLarge
            With a sentence that names the reason.
        """
        raise NotImplementedError

    def recording(
        self,
        *,
        channel: str | None = None,
        sampling_rate_hz: float | None = None,
        speed_rpm: float | None = None,
    ) -> Recording:
        """Wait for the child and return one recording; see `read_recording`."""
        raise NotImplementedError


def start_reading(path: Path) -> Reading:
    """Start a child that reads `path`; the caller may import or compute meanwhile."""
    return Reading(path)


def read_recording(
    path: Path,
    *,
    channel: str | None = None,
    sampling_rate_hz: float | None = None,
    speed_rpm: float | None = None,
) -> Recording:
    """Read one recording from an untrusted file.

    Parameters
    ----------
    path : Path
    channel : str, optional
        Channel or variable name; without it, the drive end or else the first channel is taken.
    sampling_rate_hz, speed_rpm : float, optional
        What the person said; it wins over the file.

    Raises
    ------
    Unreadable, TooLarge
        If the file cannot be read as what it claims to be.
    Invalid
        If the rate or the speed is neither in the file nor given
        (``details["field"]`` is ``"sampling_rate"`` or ``"rpm"``), or if there is no such channel
        (``"channel"``).
    """
    return start_reading(path).recording(
        channel=channel, sampling_rate_hz=sampling_rate_hz, speed_rpm=speed_rpm
    )
