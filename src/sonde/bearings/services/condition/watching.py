"""One look at every watched folder: files that have stopped growing become measurements."""

import os
import stat
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

from sonde.bearings.core.condition.moments import moment_in_name
from sonde.bearings.persistence import condition as rows
from sonde.bearings.services import machines
from sonde.bearings.services.condition import log, measurements
from sonde.bearings.services.condition.folders import checked_folder
from sonde.bearings.services.condition.measurements import Said, Taken
from sonde.platform.core.actor import Actor, Role
from sonde.platform.core.errors import Conflict, SondeError, Unavailable
from sonde.platform.core.jobs import JobOutcome, JobRun
from sonde.platform.services import accounts
from sonde.platform.services.work import ports

JOB_KIND: Final = "bearings.watch_folders"
QUIET_S: Final = 5.0
REMEMBERED: Final = 20_000
_A_LOOK = 500
_LISTED = 50_000
_SEEN, _TAKEN, _REFUSED = "seen", "taken", "refused"


@dataclass(frozen=True)
class _File:
    """A regular file of a folder, as it is now."""

    path: Path
    size: int
    mtime_ns: int

    @property
    def stamp(self) -> str:
        """Return what tells this file from a later one of its name."""
        return f"{self.size}:{self.mtime_ns}"

    @property
    def moment(self) -> datetime:
        """Return when it was taken: as its name says, else when it was last written."""
        return moment_in_name(self.path.name) or datetime.fromtimestamp(self.mtime_ns / 1e9, UTC)


@dataclass(frozen=True)
class _Watched:
    """A folder with what is known of it, outside of any unit of work."""

    id: str
    node_id: str
    path: str
    given: Mapping[str, Any]
    seen: Mapping[str, Mapping[str, str]]
    actor: Actor
    nominal_rpm: float


def look(job: JobRun) -> JobOutcome:
    """Take every file that is complete and new, each once; a file that fails is not tried again."""
    with job.work():
        ids = [row.id for row in rows.folders() if row.is_on]
    taken = refused = 0
    for number, folder_id in enumerate(ids):
        job.progress("Looking", number / len(ids))
        with job.work():
            watched = _watched(folder_id)
        if watched is None:
            continue
        counts = _look_at(job, watched)
        taken, refused = taken + counts[0], refused + counts[1]
    return JobOutcome({"folders": len(ids), "taken": taken, "refused": refused})


def _watched(folder_id: str) -> _Watched | None:
    """Return a folder whose owner may still read it, and whose channel is still there."""
    row = rows.folder(folder_id)
    if row is None:
        return None
    try:
        actor = accounts.actor_for(row.owner_id)
        actor.require(Role.ADMIN)
        nominal = measurements.nominal_rpm(actor, row.node_id)
    except SondeError as error:
        row.said = error.message
        return None
    return _Watched(row.id, row.node_id, row.path, row.given, dict(row.seen), actor, nominal)


def _look_at(job: JobRun, watched: _Watched) -> tuple[int, int]:
    try:
        files = sorted(_files(checked_folder(watched.path)), key=lambda one: one.mtime_ns)
    except (SondeError, OSError) as error:
        said = error.message if isinstance(error, SondeError) else str(error.strerror)
        with job.work():
            _note_look(watched.id, {}, said)
        return 0, 0
    fresh = [one for one in files if not _is_done(watched, one)]
    ready = [one for one in fresh if _is_complete(watched, one)][:_A_LOOK]
    outcomes = [_take(job, watched, one) for one in ready]
    waiting = {one.path.name: _mark(one, _SEEN) for one in fresh if one not in ready}
    n_refused = outcomes.count(_REFUSED)
    n_taken = len(outcomes) - n_refused
    said = f"{len(files)} files, {n_taken} taken now" + (f", {n_refused} refused" * bool(n_refused))
    with job.work():
        _note_look(watched.id, waiting, said, frozenset(one.path.name for one in files))
    return n_taken, n_refused


def _files(folder: Path) -> Iterator[_File]:
    """Go through the regular files; links are never followed, hidden files are left alone."""
    with os.scandir(folder) as entries:
        for number, entry in enumerate(entries):
            if number >= _LISTED:
                return
            status = entry.stat(follow_symlinks=False)
            if stat.S_ISREG(status.st_mode) and not entry.name.startswith("."):
                yield _File(Path(entry.path), status.st_size, status.st_mtime_ns)


def _is_done(watched: _Watched, file: _File) -> bool:
    known = watched.seen.get(file.path.name)
    return known is not None and known["is"] == file.stamp and known["as"] != _SEEN


def _is_complete(watched: _Watched, file: _File) -> bool:
    """Say whether a file has stopped growing: the same at two looks, or old enough."""
    known = watched.seen.get(file.path.name)
    if known is not None and known["is"] == file.stamp:
        return True
    return datetime.now(UTC).timestamp() - file.mtime_ns / 1e9 > QUIET_S


def _take(job: JobRun, watched: _Watched, file: _File) -> str:
    """Make a file a measurement and remember it, both or neither; return how it went."""
    job.check()
    try:
        taken = _read(watched, file)
        with job.work():
            measurements.add(watched.actor, watched.node_id, taken)
            _remember(watched.id, {file.path.name: _mark(file, _TAKEN)})
    except Unavailable:
        raise
    except Conflict:
        with job.work():  # this moment was fed in another way: nothing is missing
            _remember(watched.id, {file.path.name: _mark(file, _TAKEN)})
    except SondeError as error:
        with job.work():
            node = machines.get(watched.actor, watched.node_id)
            log.note_unread(watched.actor, node, f"{file.path.name}: {error.message}")
            _remember(watched.id, {file.path.name: _mark(file, _REFUSED)})
        return _REFUSED
    return _TAKEN


def _read(watched: _Watched, file: _File) -> Taken:
    given = watched.given
    said = Said(
        file.moment, given.get("sampling_rate_hz"), given.get("speed_rpm"), given.get("channel", "")
    )
    return measurements.read_upload(file.path, file.path.name, said, watched.nominal_rpm)


def _mark(file: _File, outcome: str) -> dict[str, str]:
    return {"is": file.stamp, "as": outcome}


def _note_look(
    folder_id: str,
    waiting: Mapping[str, Mapping[str, str]],
    said: str,
    present: frozenset[str] | None = None,
) -> None:
    row = rows.folder(folder_id)
    if row is None:
        return
    row.said, row.looked_at = said[:200], ports().clock()
    _remember(folder_id, waiting, present)


def _remember(
    folder_id: str,
    marks: Mapping[str, Mapping[str, str]],
    present: frozenset[str] | None = None,
) -> None:
    """Remember files; those that are gone from the folder are forgotten, and so are the oldest."""
    row = rows.folder(folder_id)
    if row is None:
        return
    kept = {
        name: mark for name, mark in row.seen.items() if present is None or name in present
    } | dict(marks)
    row.seen = dict(list(kept.items())[-REMEMBERED:])
