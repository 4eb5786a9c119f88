"""One row of an import: what was understood of one record of one file."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from sonde.bearings.core.recordings import UNKNOWN_UNIT


@dataclass(frozen=True, kw_only=True)
class Understood:
    """What was understood of one record of one file.

    Parameters
    ----------
    file, record : str
        Where it comes from.
    format : str
    channels : tuple of str
    n_samples : int
    content_hash : str
    signal_path : str
        Where its samples wait; empty while they are nowhere.
    sampling_rate_hz, speed_rpm : float, optional
    unit, label, bearing, lineage, fault_size, fault_position, load : str
    severity, session, tacho_channel : str
    taken_at : str
        ISO 8601; empty where unknown.
    conditions : mapping
        What else is known of the machine's state, and what was done to the samples.
    quality : tuple of str
        Findings of the validation; empty where nothing is wrong.
    statistics : mapping of str to float
        Figures of the first channel, frequencies in cycles per sample, since the rate may still
        be corrected; empty while they are not computed.
    sources : mapping of str to str
        Where each figure comes from.
    notes : tuple of str
        What was assumed, and what a person should look at.
    refused : str
        Why it cannot go in whatever is corrected; empty if it can.
    left_out : bool
        Whether the person does not want it.
    """

    file: str
    record: str = ""
    format: str = ""
    channels: tuple[str, ...] = ()
    n_samples: int = 0
    content_hash: str = ""
    signal_path: str = ""
    sampling_rate_hz: float | None = None
    speed_rpm: float | None = None
    unit: str = UNKNOWN_UNIT
    label: str = ""
    bearing: str = ""
    lineage: str = ""
    fault_size: str = ""
    fault_position: str = ""
    load: str = ""
    severity: str = ""
    session: str = ""
    tacho_channel: str = ""
    taken_at: str = ""
    conditions: Mapping[str, Any] = field(default_factory=dict)
    quality: tuple[str, ...] = ()
    statistics: Mapping[str, float] = field(default_factory=dict)
    sources: Mapping[str, str] = field(default_factory=dict)
    notes: tuple[str, ...] = ()
    refused: str = ""
    left_out: bool = False

    @property
    def title(self) -> str:
        """What a person calls it: the file, and which record of it."""
        return f"{self.file} {self.record}".strip()

    @property
    def goes_in(self) -> bool:
        """Whether it will be stored as it stands."""
        return not (self.refused or self.left_out or self.missing)

    @property
    def missing(self) -> tuple[str, ...]:
        """Names of what a person must still say before this can be stored."""
        if self.refused:
            return ()
        return tuple(
            name
            for name in ("sampling_rate_hz", "speed_rpm", "label", "bearing")
            if not getattr(self, name)
        )


def to_json(row: Understood) -> dict[str, Any]:
    """Return a row as JSON-ready data."""
    return asdict(row)


def from_json(data: Mapping[str, Any]) -> Understood:
    """Return the row that `to_json` was given.

    Examples
    --------
    >>> row = Understood(file="a.npy", channels=("DE",), sources={"label": "you"})
    >>> from_json(to_json(row)) == row
    True
    """
    lists = {name: tuple(data.get(name, ())) for name in ("channels", "notes", "quality")}
    return Understood(**{**data, **lists})
