"""Read an untrusted file as a recording; the parsing happens in a jailed child process."""

import os
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from sonde.bearings.core.readers.formats import HEAD_BYTES, format_of
from sonde.bearings.core.readers.packing import unpacked
from sonde.bearings.core.recordings import Channel, FileContent, Record, Recording
from sonde.platform.core.errors import Invalid
from sonde.platform.core.jail import JailedCall, JailLimits, open_untrusted, start_jailed

PREFERRED_CHANNEL = "DE"
_LEAST, _MOST = 1e-6, 1e12


@dataclass(frozen=True)
class Reading:
    """A file that is being read by a child process.

    Parameters
    ----------
    name : str
        The file's name as the person knows it.
    call : JailedCall
    """

    name: str
    call: JailedCall

    def content(self) -> FileContent:
        """Wait for the child and return everything that the file says.

        Raises
        ------
        Unreadable, TooLarge
            With a sentence that names the reason.
        """
        answer = self.call.result()
        return unpacked(answer.facts, answer.arrays)

    def recording(
        self,
        *,
        channel: str | None = None,
        sampling_rate_hz: float | None = None,
        speed_rpm: float | None = None,
    ) -> Recording:
        """Wait for the child and return one recording; see `read_recording`."""
        return recording_from(self.name, self.content(), channel, sampling_rate_hz, speed_rpm)

    def close(self) -> None:
        """Stop the child without waiting for its answer."""
        self.call.close()


def start_reading(
    path: Path, *, name: str | None = None, limits: JailLimits | None = None
) -> Reading:
    """Start a child that reads `path`; the caller may import or compute meanwhile.

    Parameters
    ----------
    path : Path
    name : str, optional
        The file's name as the person knows it, where `path` is a random name in a store.
    limits : JailLimits, optional

    Raises
    ------
    NotFound, Unreadable, TooLarge
    """
    name = path.name if name is None else name
    limits = limits or JailLimits()
    descriptor = open_untrusted(path, limits.file_bytes)
    try:
        head = os.pread(descriptor, HEAD_BYTES, 0)
    finally:
        os.close(descriptor)
    return Reading(name, start_jailed(format_of(name, head).function, path, {}, limits))


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
    NotFound, Unreadable, TooLarge
        If the file cannot be read as what it claims to be.
    Invalid
        If the rate or the speed is neither in the file nor given
        (``details["field"]`` is ``"sampling_rate"`` or ``"rpm"``), or if there is no such channel
        (``"channel"``).
    """
    return start_reading(path).recording(
        channel=channel, sampling_rate_hz=sampling_rate_hz, speed_rpm=speed_rpm
    )


def recording_from(
    name: str,
    content: FileContent,
    channel: str | None = None,
    sampling_rate_hz: float | None = None,
    speed_rpm: float | None = None,
) -> Recording:
    """Choose one channel of `content` and say what was assumed; see `read_recording`."""
    record, chosen, assumptions = _choose(name, content, channel)
    rate = _known(
        "sampling_rate",
        "sampling rate",
        sampling_rate_hz,
        chosen.sampling_rate_hz,
        "Hz",
        assumptions,
    )
    speed = _known("rpm", "speed", speed_rpm, record.speed_rpm, "rpm", assumptions)
    assumptions.append(
        "unit unknown" if chosen.unit == "unknown" else f"unit {chosen.unit} (from the file)"
    )
    samples = chosen.samples.reshape(1, -1).astype(np.float32, copy=False)
    assumptions += content.notes
    return Recording(name, samples, rate, speed, (chosen.name,), chosen.unit, tuple(assumptions))


def _choose(
    name: str, content: FileContent, wanted: str | None
) -> tuple[Record, Channel, list[str]]:
    everything = [(record, channel) for record in content.records for channel in record.channels]
    if wanted is not None:
        for record, channel in everything:
            if wanted.lower() in {channel.name.lower(), channel.variable.lower()}:
                return record, channel, [f"channel {channel.variable or channel.name} (as asked)"]
        have = ", ".join(channel.variable or channel.name for _, channel in everything)
        raise Invalid(
            f"There is no channel {wanted!r} in {name!r}; it has {have}.", field="channel"
        )
    record = _own_record(name, content)
    channel = next(
        (each for each in record.channels if each.name == PREFERRED_CHANNEL), record.channels[0]
    )
    several = len(everything) > 1
    why = f" (of {len(everything)}; choose another by name)" if several else ""
    return record, channel, [f"channel {channel.variable or channel.name}{why}"]


def _own_record(name: str, content: FileContent) -> Record:
    """Return the only record, or the one whose number the file's name carries."""
    if len(content.records) == 1:
        return content.records[0]
    number = "".join(letter for letter in Path(name).stem if letter.isdigit())
    for record in content.records:
        if number and record.name.lstrip("X0") == number.lstrip("0"):
            return record
    have = ", ".join(record.channels[0].variable for record in content.records)
    raise Invalid(
        f"{name!r} holds {len(content.records)} records; name the channel: {have}.",
        field="channel",
    )


def _known(
    field: str,
    noun: str,
    given: float | None,
    found: float | None,
    unit: str,
    assumptions: list[str],
) -> float:
    if given is not None:
        if not _LEAST <= given <= _MOST:
            raise Invalid(f"The {noun} must be a positive number of {unit}.", field=field)
        assumptions.append(f"{noun} {given:g} {unit} (as given)")
        return given
    if found is not None:
        if field == "sampling_rate" and not _LEAST <= found <= _MOST:
            raise Invalid(
                f"The file says a {noun} of {found:g} {unit}, which cannot be; give the right one.",
                field=field,
            )
        assumptions.append(f"{noun} {found:g} {unit} (from the file)")
        return found
    raise Invalid(f"The file does not say its {noun}; it is never guessed.", field=field)
