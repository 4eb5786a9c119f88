"""Data sets: recordings that were stored together and can be learned from."""

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from sonde.bearings.core.recordings import UNKNOWN_UNIT
from sonde.bearings.core.statistics import UNMEASURED, Statistics
from sonde.platform.core.errors import Invalid

LIVE, ARCHIVED, TRASHED = "live", "archived", "trashed"
NAME_LENGTH, TAG_LENGTH, DESCRIPTION_LENGTH, MAX_TAGS = 120, 40, 4000, 20
LISTED_TEXTS = ("label", "severity", "bearing", "session", "load")
LISTED_LENGTH = 120
_LONGEST_SEARCH = 200


@dataclass(frozen=True, kw_only=True)
class NewRecording:
    """One recording on its way into a data set.

    Parameters
    ----------
    file : str
        Name of the file it came from, as the person knows it.
    record : str
        Which record of the file; empty where it holds one.
    signal_path : str
        Where its samples stand in the signal file, such as ``"/signals/000001"``.
    channels : tuple of str
        Names of the rows there.
    n_samples : int
        Length of each row.
    sampling_rate_hz, speed_rpm : float
    unit : str
        ``"unknown"`` where nobody declared it.
    label : str
        Class: ``"healthy"``, ``"inner"``, ``"outer"``, ``"ball"`` or any other word.
    bearing : str
        The physical bearing: what a split keeps together.
    lineage : str
        The measurement; copies at another rate share it.
    fault_size, fault_position, load : str
        Such as ``"7 mil"``, ``"6"``, ``"0 hp"``; empty where unknown.
    content_hash : str
        SHA-256 of the decoded samples.
    notes : tuple of str
        What was assumed about it.
    severity : str
        ``"nominal"``, ``"incipient"``, ``"mild"``, ``"moderate"``, ``"severe"`` or empty.
    session : str
        The measuring session or run; empty where unknown.
    tacho_channel : str
        Name of the channel that holds the tacho pulses; empty where there is none.
    taken_at : datetime, optional
        When it was measured.
    conditions : mapping
        What else is known of the machine's state, such as ``{"temperature_c": 61.5}``.
    quality : tuple of str
        Findings of the validation, such as ``"clipped at 9.81"``; empty where nothing is wrong.
    statistics : Statistics
        Of the first channel.
    """

    file: str
    signal_path: str
    channels: tuple[str, ...]
    n_samples: int
    sampling_rate_hz: float
    speed_rpm: float
    label: str
    bearing: str
    lineage: str
    content_hash: str
    record: str = ""
    unit: str = UNKNOWN_UNIT
    fault_size: str = ""
    fault_position: str = ""
    load: str = ""
    notes: tuple[str, ...] = ()
    severity: str = ""
    session: str = ""
    tacho_channel: str = ""
    taken_at: datetime | None = None
    conditions: Mapping[str, Any] = field(default_factory=dict)
    quality: tuple[str, ...] = ()
    statistics: Statistics = UNMEASURED

    @property
    def duration_s(self) -> float:
        """Length in seconds."""
        return self.n_samples / self.sampling_rate_hz


@dataclass(frozen=True, kw_only=True)
class StoredRecording(NewRecording):
    """One recording of a data set.

    Parameters
    ----------
    id, dataset_id : str
        ULIDs; the other parameters are those of `NewRecording`.
    """

    id: str
    dataset_id: str

    @property
    def title(self) -> str:
        """Return what a person calls it."""
        return f"{self.file} {self.record}".strip()


@dataclass(frozen=True, kw_only=True)
class Dataset:
    """A sealed data set.

    Parameters
    ----------
    id : str
    workspace_id, owner_id, owner_name : str
    name : str
    origin : str
        ``"import"``, ``"generation"``, ``"sample"``, ``"subset"`` or ``"merge"``.
    designation : str
        The bearing's designation or geometry, such as ``"6205-2RS"``; empty where unknown.
    content_hash : str
        Names the content: the same recordings with the same labels give the same hash.
    file_key : str
        Where the signal file stands in the file store.
    size_bytes : int
        Size of the signal file.
    n_recordings, n_bearings : int
    classes : tuple of str
    created_at : datetime
    description : str
    tags : tuple of str
    state : str
        ``"live"``, ``"archived"`` or ``"trashed"``; what is in the trash can be seen there only.
    trashed_at : datetime, optional
    version : int
        1 for the first content under this name.
    made_from : mapping
        Where it comes from: ``{"datasets": [ids], "generation": id, "import": id, ...}``.
    series_id : str
        Shared by all versions under one name: the id of the first.
    revision : int
        Counts the changes of name, description, tags and state; who changes it says which one
        they have seen.
    """

    id: str
    workspace_id: str
    owner_id: str
    owner_name: str
    name: str
    origin: str
    designation: str
    content_hash: str
    file_key: str
    size_bytes: int
    n_recordings: int
    n_bearings: int
    classes: tuple[str, ...]
    created_at: datetime
    description: str = ""
    tags: tuple[str, ...] = ()
    state: str = LIVE
    trashed_at: datetime | None = None
    version: int = 1
    made_from: Mapping[str, Any] = field(default_factory=dict)
    series_id: str = ""
    revision: int = 1


@dataclass(frozen=True)
class DatasetQuery:
    """Which data sets to list.

    Parameters
    ----------
    text : str
        Words that all occur in name, description or bearing type.
    tag, origin : str
        Keep those with this tag, of this origin; empty keeps all.
    states : tuple of str
    """

    text: str = ""
    tag: str = ""
    origin: str = ""
    states: tuple[str, ...] = (LIVE,)

    def __post_init__(self) -> None:
        if len(self.text) > _LONGEST_SEARCH or not (self.text + self.tag).isprintable():
            raise Invalid("A search has at most 200 printable characters.", field="text")


@dataclass(frozen=True)
class DatasetChange:
    """What to change of a data set; None leaves it as it is.

    Parameters
    ----------
    name, description : str, optional
    tags : tuple of str, optional
    """

    name: str | None = None
    description: str | None = None
    tags: tuple[str, ...] | None = None


@dataclass(frozen=True)
class Overview:
    """What a person's data sets hold together.

    Parameters
    ----------
    n_datasets, n_recordings : int
    n_recordings_before : int
        How many recordings there were a week ago.
    classes : tuple of (str, int)
        Label and number of recordings, the most frequent first.
    """

    n_datasets: int
    n_recordings: int
    n_recordings_before: int
    classes: tuple[tuple[str, int], ...]


def checked_name(name: str) -> str:
    """Return a data set's name without blanks around it.

    Raises
    ------
    Invalid

    Examples
    --------
    >>> checked_name("  Motor 7 ")
    'Motor 7'
    """
    name = name.strip()
    if not name or len(name) > NAME_LENGTH or not name.isprintable():
        raise Invalid(f"A name has 1 to {NAME_LENGTH} printable characters.", field="name")
    return name


def check_listed(recordings: Iterable[NewRecording]) -> None:
    """Check that what recordings are listed by is short enough for a list.

    Raises
    ------
    Invalid
    """
    for one in recordings:
        for name in LISTED_TEXTS:
            value = getattr(one, name)
            if len(value) > LISTED_LENGTH:
                raise Invalid(
                    f"{one.file}: its {name} {value[:20]!r}... has more than {LISTED_LENGTH} "
                    "characters; give it a shorter one.",
                    field=name,
                )


def checked_description(text: str) -> str:
    """Return a description without blanks around it.

    Raises
    ------
    Invalid

    Examples
    --------
    >>> checked_description(" Measured after the overhaul. ")
    'Measured after the overhaul.'
    """
    text = text.strip()
    if len(text) > DESCRIPTION_LENGTH or not text.replace("\n", "").isprintable():
        raise Invalid(
            f"A description has at most {DESCRIPTION_LENGTH:,} printable characters.",
            field="description",
        )
    return text


def checked_tags(tags: Iterable[str]) -> tuple[str, ...]:
    """Return tags in lower case with single blanks, each once, in their order.

    Raises
    ------
    Invalid

    Examples
    --------
    >>> checked_tags(["Pump  house", "pump house", "2026", ""])
    ('pump house', '2026')
    """
    kept = tuple(dict.fromkeys(filter(None, (" ".join(tag.lower().split()) for tag in tags))))
    if len(kept) > MAX_TAGS:
        raise Invalid(f"A data set has at most {MAX_TAGS} tags.", field="tags")
    for tag in kept:
        if len(tag) > TAG_LENGTH or "," in tag or not tag.isprintable():
            raise Invalid(
                f"A tag has 1 to {TAG_LENGTH} printable characters and no comma.", field="tags"
            )
    return kept


def content_hash(recordings: Iterable[NewRecording]) -> str:
    """Return the hash that names a data set's content, whatever the order of its recordings.

    Examples
    --------
    >>> content_hash([])[:8]
    'e3b0c442'
    """
    lines = sorted(
        "|".join(
            (
                recording.content_hash,
                recording.label,
                recording.bearing,
                f"{recording.sampling_rate_hz!r}",
                f"{recording.speed_rpm!r}",
                recording.unit,
                recording.fault_size,
                recording.fault_position,
                recording.load,
                *_details(recording),
            )
        )
        for recording in recordings
    )
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()


def _details(recording: NewRecording) -> list[str]:
    """Return what is named beside the rest where it is known, so that older hashes stay."""
    details = {
        "severity": recording.severity,
        "session": recording.session,
        "tacho": recording.tacho_channel,
        "at": recording.taken_at.astimezone(UTC).isoformat() if recording.taken_at else "",
        "conditions": json.dumps(dict(recording.conditions), sort_keys=True, default=str)
        if recording.conditions
        else "",
    }
    return [f"{name}={value}" for name, value in details.items() if value]
