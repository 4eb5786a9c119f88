"""From a file's content to rows that a person checks before anything is stored."""

import hashlib
import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import PurePosixPath

import numpy as np
from numpy.typing import NDArray

from sonde.bearings.core.recordings import Channel, FileContent, Record
from sonde.bearings.core.understanding import cwru, names
from sonde.bearings.core.understanding.given import Given
from sonde.bearings.core.understanding.presets.registry import NONE, parts_of
from sonde.bearings.core.understanding.said import Said, agree
from sonde.bearings.core.understanding.understood import Understood

Rows = list[tuple[Understood, NDArray[np.float32]]]
_TACHO = re.compile(r"(?i)^(tacho|tach|tachometer|key[ _-]?phasor|phasor|trigger|encoder)\b")
_NOTHING: NDArray[np.float32] = np.empty((0, 0), dtype=np.float32)


def understand(path: str, content: FileContent, given: Given) -> Rows:
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
    is_own = any(record.declared for record in content.records)
    parts, remark = parts_of(path, content, NONE if is_own else given.preset)
    notes = (remark, *content.notes) if remark else content.notes
    read = replace(content, notes=notes)
    return [_one(path, read, part, given) for part in parts]


def _one(
    path: str, content: FileContent, part: tuple[Record, Said | None], given: Given
) -> tuple[Understood, NDArray[np.float32]]:
    record, public = part
    kept, tacho = _channels(record, given)
    notes = list(content.notes)
    row = Understood(file=path, record=record.name, format=content.format)
    if not kept:
        have = ", ".join(channel.name for channel in record.channels)
        asked = ", ".join(given.wanted)
        reason = f"It has none of the channels {asked}, only {have}."
        return replace(row, refused=reason), _NOTHING
    longest = max(channel.samples.size for channel in kept)
    shorter = [channel.name for channel in kept if channel.samples.size < longest]
    if shorter:
        notes.append(f"Left out, because they are shorter: {', '.join(shorter)}.")
        kept = [channel for channel in kept if channel.samples.size == longest]
    samples = np.stack([channel.samples for channel in kept])
    row = replace(
        row,
        channels=tuple(channel.name for channel in kept),
        n_samples=int(longest),
        content_hash=hashlib.sha256(samples.tobytes()).hexdigest(),
    )
    measured = _measured(record, kept, tacho if tacho in row.channels else "")
    return _filled(row, (record, public), measured, (given, notes)), samples


def _channels(record: Record, given: Given) -> tuple[list[Channel], str]:
    """Return the channels to keep under their new names, the tacho last, and the tacho's name."""
    wanted = given.wanted
    tacho = given.tacho.strip()
    kept = [
        replace(channel, name=wanted.get(channel.name, channel.name))
        for channel in record.channels
        if not wanted or channel.name in wanted or channel.name == tacho
    ]
    tacho = wanted.get(tacho, tacho) or next(
        (channel.name for channel in kept if _TACHO.match(channel.name)), ""
    )
    if len(kept) == 1:
        return kept, ""
    return sorted(kept, key=lambda channel: channel.name == tacho), tacho


def _measured(record: Record, kept: list[Channel], tacho: str) -> Said:
    first = kept[0]
    return Said(
        "file",
        sampling_rate_hz=first.sampling_rate_hz,
        speed_rpm=record.speed_rpm,
        unit=first.unit,
        load=record.load,
        tacho_channel=tacho,
        taken_at=record.taken_at,
    )


def _filled(
    row: Understood,
    part: tuple[Record, Said | None],
    measured: Said,
    told: tuple[Given, list[str]],
) -> Understood:
    (record, public), (given, notes) = part, told
    table = given.labels.said_of(row.file, row.record) if given.labels else None
    name = names.said_of(row.file)
    declared = Said("file", **record.declared) if record.declared else None
    every = (table, declared, measured, public, name, given.said)
    sources = [said for said in every if said is not None]
    load = str(agree(sources).values.get("load", ""))
    nominal = cwru.nominal_speed(record, load)
    if nominal is not None:
        sources.insert(-1, nominal)
    agreed = agree(sources)
    notes += agreed.contradictions
    if agreed.sources.get("speed_rpm", "").startswith("nominal"):
        notes.append(f"Speed: {agreed.sources['speed_rpm']}.")
    return assumed(
        replace(
            row,
            **agreed.values,  # type: ignore[arg-type]
            sources=agreed.sources,
            notes=tuple(dict.fromkeys(notes)),
            conditions=agreed.conditions,
            quality=tuple(_rate_doubts(agreed.contradictions)),
        )
    )


def _rate_doubts(contradictions: Iterable[str]) -> Iterator[str]:
    for sentence in contradictions:
        subject, _, differ = sentence.partition(": ")
        if subject == "sampling rate":
            yield f"Wrong rate suspected: {differ} Hz."


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


def without_copies(rows: Rows, seen: dict[str, str]) -> Rows:
    """Refuse rows whose samples were seen before; `seen` maps a channel's hash to its file.

    A copy may carry fewer channels or be stored in another format: one equal channel is enough.
    """
    kept = []
    for row, samples in rows:
        hashes = [
            hashlib.sha256(channel.tobytes()).hexdigest()
            for name, channel in zip(row.channels, samples, strict=False)
            if name != row.tacho_channel  # machines at one speed may have equal pulses
        ]
        first = next((seen[each] for each in hashes if each in seen), None)
        if first is not None:
            kept.append((replace(row, refused=f"It holds the same samples as {first}."), samples))
            continue
        seen.update(dict.fromkeys(hashes, row.title))
        kept.append((row, samples))
    return kept
