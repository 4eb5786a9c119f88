"""What a preset is: it takes a file apart as the publishers of its data set describe it."""

from collections.abc import Callable
from dataclasses import dataclass, replace

from sonde.bearings.core.recordings import Channel, FileContent, Record
from sonde.bearings.core.understanding.said import Said
from sonde.platform.core.errors import Unreadable

Parts = list[tuple[Record, Said | None]]


@dataclass(frozen=True)
class Preset:
    """The layout of one public data set.

    Parameters
    ----------
    key : str
        As in ``--preset``.
    title : str
    designation : str
        The set's bearing type where our catalogue or a geometry can say it; empty otherwise.
    remark : str
        One sentence on what the set says, and what a person must say.
    parts : callable
        From a file's relative path, its content and whether the person named this preset to the
        records of the file with what is published of each; None if it is no file of this set.
    """

    key: str
    title: str
    designation: str
    remark: str
    parts: Callable[[str, FileContent, bool], Parts | None]


def only_record(content: FileContent) -> Record | None:
    """Return the record of a file that holds one, else None."""
    return content.records[0] if len(content.records) == 1 else None


def renamed(channel: Channel, name: str, *, unit: str = "", rate: float | None = None) -> Channel:
    """Return a channel under the name, unit and rate that the publishers give it."""
    return replace(
        channel,
        name=name,
        unit=unit or channel.unit,
        sampling_rate_hz=channel.sampling_rate_hz or rate,
    )


def column_number(channel: Channel) -> int:
    """Return the number of a text table's column without a name, counted from 1; 0 otherwise."""
    words = channel.variable.split() or channel.name.split()
    return int(words[1]) if len(words) == 2 and words[1].isdigit() else 0


def wrong_file(sentence: str) -> Unreadable:
    """Return the refusal of a file that belongs to the set but is no vibration."""
    return Unreadable(sentence)
