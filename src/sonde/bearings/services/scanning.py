"""Read many untrusted files into one signal file, and say what was understood of each.

Runs without a unit of work: in a worker, or in the terminal.
"""

import os
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath

import numpy as np
from numpy.typing import NDArray

from sonde.bearings.core.readers.reading import Reading, start_reading
from sonde.bearings.core.understanding.given import Given
from sonde.bearings.core.understanding.label_table import (
    FILE_NAMES,
    MAX_BYTES,
    LabelTable,
    parse,
)
from sonde.bearings.core.understanding.prepare import prepared
from sonde.bearings.core.understanding.runs import in_runs
from sonde.bearings.core.understanding.understand import Rows, understand, without_copies
from sonde.bearings.core.understanding.understood import Understood
from sonde.bearings.persistence.signal_files import SignalWriter, writing
from sonde.platform.core.errors import Invalid, NotFound, SondeError, TooLarge

MAX_FILES = 5_000
MAX_RECORDINGS = 20_000
MAX_SIGNAL_BYTES = 8 << 30
_AT_ONCE = 2

Progress = Callable[[int, int, str], None]
Row = tuple[Understood, NDArray[np.float32]]


@dataclass(frozen=True)
class SourceFile:
    """One file to read.

    Parameters
    ----------
    name : str
        Relative path as the person knows it, with ``/``.
    path : Path
        Where it is now.
    """

    name: str
    path: Path


def files_in(folder: Path) -> tuple[SourceFile, ...]:
    """Return the files below a folder in the order of their names; label tables left out.

    Raises NotFound and TooLarge.
    """
    if not folder.is_dir():
        raise NotFound(f"There is no folder {folder}.", field="folder")
    found = []
    for place, folders, names in os.walk(folder):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in names:
            path = Path(place) / name
            relative = path.relative_to(folder).as_posix()
            if not name.startswith(".") and name not in FILE_NAMES:
                found.append(SourceFile(relative, path))
        if len(found) > MAX_FILES:
            raise TooLarge(f"At most {MAX_FILES:,} files are imported at once.", field="folder")
    return tuple(sorted(found, key=lambda source: source.name))


def label_table_in(folder: Path, named: Path | None = None) -> LabelTable | None:
    """Return the label table that is named, or that lies in the folder, or None."""
    for path in [named] if named else [folder / name for name in FILE_NAMES]:
        if path.is_file():
            if path.stat().st_size > MAX_BYTES:
                raise TooLarge(f"A label table has at most {MAX_BYTES / 1e6:.0f} MB.")
            return parse(path.read_text(encoding="utf-8-sig", errors="replace"))
        if named:
            raise NotFound(f"There is no label table {named}.", field="label_table")
    return None


def scan(
    sources: Sequence[SourceFile],
    given: Given,
    target: Path,
    progress: Progress,
    *,
    room: int = MAX_SIGNAL_BYTES,
) -> list[Understood]:
    """Read every file in a jailed child and write the usable signals to `target`.

    What cannot be read is a row that says why; the others go on. Whatever `progress` raises ends
    the scan and removes `target`. At most `room` bytes of samples are written.
    """
    seen: dict[str, str] = {}
    first_of: dict[str, str] = {}
    understood: list[Understood] = []
    with writing(target) as writer:
        in_order = sorted(sources, key=lambda source: not _is_labelled(source, given))
        for number, (source, content) in enumerate(_contents(in_order, given)):
            progress(number, len(sources), source.name)
            for row, samples in _ready(content, given, seen):
                room -= 0 if row.refused else samples.nbytes
                _check_room(room, len(understood))
                understood.append(_kept(writer, _related(row, first_of), samples))
    return in_runs(understood, given.healthy_part)


def _ready(content: Rows, given: Given, seen: dict[str, str]) -> Iterator[Row]:
    """Go through what is stored of a file's records."""
    for row, samples in without_copies(content, seen):
        yield from prepared(row, samples, given.shaping)


def _check_room(room: int, n_recordings: int) -> None:
    if room < 0:
        raise TooLarge("These recordings need more room than is left; import fewer files at once.")
    if n_recordings >= MAX_RECORDINGS:
        raise TooLarge(f"At most {MAX_RECORDINGS:,} recordings are imported at once.")


def _is_labelled(source: SourceFile, given: Given) -> bool:
    """Say whether the label table names the file; of two copies, that one is kept."""
    return given.labels is not None and given.labels.fields_of(source.name) is not None


def _contents(sources: Sequence[SourceFile], given: Given) -> Iterator[tuple[SourceFile, Rows]]:
    """Read the files in order, one child ahead of the one that is waited for."""
    ahead: deque[tuple[SourceFile, Reading | SondeError]] = deque()
    waiting = iter(sources)
    try:
        while True:
            while len(ahead) < _AT_ONCE and (source := next(waiting, None)) is not None:
                ahead.append((source, _started(source)))
            if not ahead:
                return
            source, reading = ahead.popleft()
            yield source, _rows(source, reading, given)
    finally:
        for _, reading in ahead:
            if isinstance(reading, Reading):
                reading.close()


def _started(source: SourceFile) -> Reading | SondeError:
    try:
        return start_reading(source.path, name=PurePosixPath(source.name).name)
    except (Invalid, NotFound) as error:
        return error


def _rows(source: SourceFile, reading: Reading | SondeError, given: Given) -> Rows:
    error = reading
    if isinstance(reading, Reading):
        try:
            return understand(source.name, reading.content(), given)
        except Invalid as refused:
            error = refused
    reason = error.message if isinstance(error, SondeError) else ""
    return [(Understood(file=source.name, refused=reason), np.empty((0, 0), dtype=np.float32))]


def _related(row: Understood, first_of: dict[str, str]) -> Understood:
    """Note where another file holds the same measurement at another rate."""
    if row.refused:
        return row
    first = first_of.setdefault(row.lineage, row.file)
    if first == row.file:
        return row
    return replace(row, notes=(*row.notes, f"Same measurement as {first}; never split apart."))


def _kept(writer: SignalWriter, row: Understood, samples: NDArray[np.float32]) -> Understood:
    if row.refused:
        return row
    return replace(row, signal_path=writer.add(samples, channels=row.channels))
