"""From a file's content to rows that a person checks before anything is stored."""

import hashlib
import math
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from pathlib import PurePosixPath
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sonde.bearings.core.recordings import UNKNOWN_UNIT, FileContent, Record
from sonde.bearings.core.understanding import cwru, names
from sonde.bearings.core.understanding.label_table import LabelTable
from sonde.bearings.core.understanding.said import Said, agree, plain_label
from sonde.platform.core.errors import Invalid

EDITABLE = (
    "label",
    "bearing",
    "sampling_rate_hz",
    "speed_rpm",
    "unit",
    "fault_size",
    "fault_position",
    "load",
)
_NUMBERS = ("sampling_rate_hz", "speed_rpm")
_TEXT_LENGTH = 80
_MAX_RATE_HZ = 100e6
_MAX_SPEED_RPM = 1e6


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


@dataclass(frozen=True)
class Given:
    """What the person says about all files at once.

    Parameters
    ----------
    sampling_rate_hz, speed_rpm : float, optional
        For files that do not say theirs.
    label, unit : str
        For files that do not say theirs.
    channels : tuple of str
        Keep only these channels; empty keeps all.
    labels : LabelTable, optional
    """

    sampling_rate_hz: float | None = None
    speed_rpm: float | None = None
    label: str = ""
    unit: str = ""
    channels: tuple[str, ...] = ()
    labels: LabelTable | None = None

    @property
    def said(self) -> Said:
        """Return it as the last of the sources."""
        return Said(
            "given for all",
            label=plain_label(self.label),
            unit=self.unit,
            sampling_rate_hz=self.sampling_rate_hz,
            speed_rpm=self.speed_rpm,
        )


def understand(
    path: str, content: FileContent, given: Given
) -> list[tuple[Understood, NDArray[np.float32]]]:
    """Return what was understood of each record of a file, with its samples.

    Parameters
    ----------
    path : str
        Relative to the folder, with ``/``.
    content : FileContent
    given : Given

    Returns
    -------
    list of (Understood, ndarray of float32, shape (channel, time))
    """
    return [_one(path, content, record, given) for record in content.records]


def _one(
    path: str, content: FileContent, record: Record, given: Given
) -> tuple[Understood, NDArray[np.float32]]:
    kept = [
        channel
        for channel in record.channels
        if not given.channels or channel.name in given.channels
    ]
    notes = list(content.notes)
    if not kept:
        have = ", ".join(channel.name for channel in record.channels)
        reason = f"It has none of the channels {', '.join(given.channels)}, only {have}."
        row = Understood(file=path, record=record.name, format=content.format, refused=reason)
        return row, np.empty((0, 0), dtype=np.float32)
    longest = max(channel.samples.size for channel in kept)
    shorter = [channel.name for channel in kept if channel.samples.size < longest]
    if shorter:
        notes.append(f"Left out, because they are shorter: {', '.join(shorter)}.")
        kept = [channel for channel in kept if channel.samples.size == longest]
    samples = np.stack([channel.samples for channel in kept])
    row = Understood(
        file=path,
        record=record.name,
        format=content.format,
        channels=tuple(channel.name for channel in kept),
        n_samples=int(longest),
        content_hash=hashlib.sha256(samples.tobytes()).hexdigest(),
    )
    first = kept[0]
    measured = Said(
        "file",
        sampling_rate_hz=first.sampling_rate_hz,
        speed_rpm=record.speed_rpm,
        unit=first.unit,
        load=record.load,
    )
    return _filled(row, record, measured, given, notes), samples


def _filled(
    row: Understood, record: Record, measured: Said, given: Given, notes: list[str]
) -> Understood:
    table = given.labels.said_of(row.file) if given.labels else None
    public = cwru.said_of(row.file, record)
    name = names.said_of(row.file)
    sources = [said for said in (table, measured, public, name, given.said) if said is not None]
    load = str(agree(sources).values.get("load", ""))
    nominal = cwru.nominal_speed(record, load)
    if nominal is not None:
        sources.insert(-1, nominal)
    agreed = agree(sources)
    notes += agreed.contradictions
    if agreed.sources.get("speed_rpm", "").startswith("nominal"):
        notes.append(f"Speed: {agreed.sources['speed_rpm']}.")
    return assumed(
        replace(row, **agreed.values, sources=agreed.sources, notes=tuple(dict.fromkeys(notes)))  # type: ignore[arg-type]
    )


def assumed(row: Understood) -> Understood:
    """Fill in the physical bearing and the lineage where nobody said them.

    All recordings of one class and size count as one bearing then: the careful assumption, under
    which no split can put one bearing on both sides.

    Examples
    --------
    >>> assumed(Understood(file="a.npy", label="inner", fault_size="7 mil")).bearing
    'inner 7 mil'
    """
    lineage = row.lineage or f"{PurePosixPath(row.file).with_suffix('')} {row.record}".strip()
    if row.bearing or not row.label:
        return replace(row, lineage=lineage)
    bearing = " ".join(part for part in (row.label, row.fault_size, row.fault_position) if part)
    note = "Physical bearing unknown: all recordings of this class and size count as one."
    return replace(
        row,
        lineage=lineage,
        bearing=bearing,
        sources={**row.sources, "bearing": "assumed"},
        notes=(*row.notes, note),
    )


def corrected(row: Understood, changes: Mapping[str, object]) -> Understood:
    """Return a row with a person's corrections; raises Invalid for what makes no sense.

    Examples
    --------
    >>> corrected(Understood(file="a.npy"), {"label": "Inner race", "speed_rpm": "1797"}).label
    'inner'
    """
    values: dict[str, object] = {}
    for name, value in changes.items():
        if name == "left_out":
            row = replace(row, left_out=bool(value))
            continue
        if name not in EDITABLE:
            raise Invalid(f"{name} cannot be corrected.", field=name)
        values[name] = _number(name, value) if name in _NUMBERS else _words(name, value)
    sources = {**row.sources, **dict.fromkeys(values, "you")}
    return assumed(replace(row, **values, sources=sources))  # type: ignore[arg-type]


def _number(name: str, value: object) -> float | None:
    if value in {None, ""}:
        return None
    limit = _MAX_RATE_HZ if name == "sampling_rate_hz" else _MAX_SPEED_RPM
    try:
        figure = float(str(value).replace(",", "."))
    except ValueError:
        figure = math.nan
    if not 0 < figure <= limit:
        noun = "sampling rate in Hz" if name == "sampling_rate_hz" else "speed in rpm"
        raise Invalid(f"{value!r} is no {noun}.", field=name)
    return figure


def _words(name: str, value: object) -> str:
    text = str(value or "").strip()
    if len(text) > _TEXT_LENGTH or not text.isprintable():
        raise Invalid(f"At most {_TEXT_LENGTH} printable characters.", field=name)
    if name == "label":
        return plain_label(text)
    return text or UNKNOWN_UNIT if name == "unit" else text


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
    return Understood(
        **{**data, "channels": tuple(data["channels"]), "notes": tuple(data["notes"])}
    )


def without_copies(
    rows: list[tuple[Understood, NDArray[np.float32]]], seen: dict[str, str]
) -> list[tuple[Understood, NDArray[np.float32]]]:
    """Refuse rows whose samples were seen before; `seen` maps a channel's hash to its file.

    A copy may carry fewer channels or be stored in another format: one equal channel is enough.
    """
    kept = []
    for row, samples in rows:
        hashes = [hashlib.sha256(channel.tobytes()).hexdigest() for channel in samples]
        first = next((seen[each] for each in hashes if each in seen), None)
        if first is not None:
            kept.append((replace(row, refused=f"It holds the same samples as {first}."), samples))
            continue
        title = f"{row.file} {row.record}".strip()
        seen.update(dict.fromkeys(hashes, title))
        kept.append((row, samples))
    return kept
