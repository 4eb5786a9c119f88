"""Imports: files are read aside, a person checks what was understood, then all is stored at once.

Until the person agrees, nothing but a waiting import exists; leaving it removes every trace.
"""

import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any

from sonde.bearings.core.datasets import Dataset, NewRecording, checked_name
from sonde.bearings.core.readers.packing import plain
from sonde.bearings.core.recordings import UNKNOWN_UNIT
from sonde.bearings.core.statistics import UNMEASURED, Statistics
from sonde.bearings.core.understanding.corrections import corrected
from sonde.bearings.core.understanding.given import (
    Given,
    checked_given,
    given_from_json,
    given_to_json,
)
from sonde.bearings.core.understanding.staged import Failure, StagedImport
from sonde.bearings.core.understanding.understood import Understood, from_json, to_json
from sonde.bearings.persistence import imports as rows
from sonde.bearings.persistence.signal_files import copy_signals
from sonde.bearings.services import datasets, quotas
from sonde.bearings.services.scanning import MAX_SIGNAL_BYTES, SourceFile, files_in
from sonde.bearings.services.uploads import Upload, checked, put_aside
from sonde.platform.core.actor import Actor, Role
from sonde.platform.core.errors import Conflict, Invalid, NotFound, SondeError
from sonde.platform.core.identifiers import new_id
from sonde.platform.core.quota import Quota
from sonde.platform.services import jobs
from sonde.platform.services.work import after_commit, ports

JOB = "bearings.import"
_SHOWN_FAILURES = 200
_RECENT = 20


@dataclass(frozen=True)
class ImportWish:
    """What a person wants to import.

    Parameters
    ----------
    name : str
        Name of the data set to be.
    designation : str
        The bearing's designation or geometry; empty where unknown.
    given : Given
        What holds for all files.
    as_new_version : bool
        Whether a data set of that name gets this as its next version.
    """

    name: str
    designation: str = ""
    given: Given = Given()  # noqa: RUF009  (frozen)
    as_new_version: bool = False


def check_wish(actor: Actor, wish: ImportWish) -> ImportWish:
    """Return the wish in the product's own words, before any file is read.

    Raises Forbidden, Invalid, NotFound and Conflict.
    """
    actor.require(Role.ANALYST)
    datasets.geometry_of(wish.designation)
    datasets.check_free(actor, checked_name(wish.name), as_new_version=wish.as_new_version)
    return replace(wish, given=checked_given(wish.given))


def stage_folder(actor: Actor, wish: ImportWish, folder: Path) -> StagedImport:
    """Begin to read a folder of the server's disk; a job ``bearings.import`` follows.

    Raises Forbidden for all but administrators, since it reads the server's files; NotFound.
    """
    actor.require(Role.ADMIN)
    wish = check_wish(actor, wish)
    files_in(folder)
    return _stage(actor, wish, {"folder": str(folder.resolve())})


def stage_uploads(actor: Actor, wish: ImportWish, uploads: Sequence[Upload]) -> StagedImport:
    """Begin to read uploaded files; a job ``bearings.import`` follows.

    Everything is checked before a byte is stored. Raises Forbidden, Invalid, NotFound, Conflict
    and TooLarge.
    """
    wish = check_wish(actor, wish)
    recordings, table = checked(uploads)
    n_bytes = sum(upload.n_bytes for upload in recordings)
    quotas.require_room(actor, Quota(len(recordings), n_bytes))
    given = replace(wish.given, labels=table) if table else wish.given
    with put_aside(recordings) as files:
        return _stage(actor, replace(wish, given=given), {"files": files})


def _stage(actor: Actor, wish: ImportWish, source: Mapping[str, Any]) -> StagedImport:
    row = rows.ImportRow(
        id=new_id(),
        workspace_id=actor.workspace_id,
        owner_id=actor.user_id,
        name=checked_name(wish.name),
        designation=plain(wish.designation),
        state="reading",
        source={**source, "as_new_version": wish.as_new_version},
        given=given_to_json(wish.given),
        understood=[],
        failures=[],
        n_files=0,
        n_recordings=0,
        job_id="",
        dataset_id="",
        created_at=ports().clock(),
    )
    rows.add(row)
    job = jobs.enqueue(
        actor,
        kind=JOB,
        params={"import_id": row.id},
        title=f"Read recordings for {row.name}",
        subject_link=f"/datasets/import/{row.id}",
    )
    row.job_id = job.id
    return _view(row)


def get(actor: Actor, import_id: str) -> StagedImport:
    """Return one of the actor's imports; raises NotFound."""
    return _view(_own(actor, import_id))


def waiting(actor: Actor) -> tuple[StagedImport, ...]:
    """Return the actor's imports that wait to be read or stored, newest first."""
    found = rows.of_owner(actor.user_id)
    return tuple(_view(row) for row in found if row.state in {"reading", "ready"})


def recent(actor: Actor) -> tuple[StagedImport, ...]:
    """Return the actor's latest imports whatever became of them, newest first."""
    return tuple(_view(row) for row in rows.of_owner(actor.user_id)[:_RECENT])


@dataclass(frozen=True)
class ReadingPlan:
    """What a worker has to read, what the person said of it, and how many bytes may come out."""

    sources: tuple[SourceFile, ...]
    given: Given
    room: int


def plan(actor: Actor, import_id: str) -> ReadingPlan:
    """Return what a worker has to read; raises NotFound."""
    row = _own(actor, import_id)
    left = quotas.allowed(actor).left(quotas.used(actor))
    room = min(MAX_SIGNAL_BYTES, left.n_bytes)
    given = given_from_json(row.given)
    if "folder" in row.source:
        return ReadingPlan(files_in(Path(row.source["folder"])), given, room)
    files = ports().files
    found = [
        SourceFile(each["name"], files.local_path(each["key"])) for each in row.source["files"]
    ]
    in_order = tuple(sorted(found, key=lambda source: source.name))
    return ReadingPlan(in_order, given, room)


def keep_signals(actor: Actor, import_id: str, source: Path) -> None:
    """Put the signals that were read aside; every try of a job puts them in the same place.

    Raises NotFound if the import was left meanwhile; until this unit of work ends it cannot be.
    """
    _held(actor, import_id)
    datasets.store_signals(source, key=_key(import_id))


def note_understood(actor: Actor, import_id: str, understood: Sequence[Understood]) -> None:
    """Note what was understood; the import is ready for the person's word."""
    _held(actor, import_id)
    understood = _with_copies_named(actor, understood)
    refused = [row for row in understood if row.refused]
    rows.change(
        import_id,
        state="ready",
        understood=[to_json(row) for row in understood],
        n_files=len({row.file for row in understood}),
        failures=[[row.title, row.refused] for row in refused[:_SHOWN_FAILURES]],
    )


def _with_copies_named(actor: Actor, understood: Sequence[Understood]) -> list[Understood]:
    """Note which recordings another data set of the actor's holds already."""
    hashes = {row.content_hash for row in understood if not row.refused}
    copies = rows.stored_copies(hashes, actor.workspace_ids)
    return [
        row
        if row.refused or row.content_hash not in copies
        else replace(row, quality=(*row.quality, _copy_text(*copies[row.content_hash])))
        for row in understood
    ]


def _copy_text(dataset: str, file: str) -> str:
    return f"Duplicate: data set {dataset} holds the same samples as {file}."


def correct(
    actor: Actor, import_id: str, corrections: Mapping[int, Mapping[str, object]]
) -> StagedImport:
    """Change what was understood, by the number of the row; raises NotFound, Conflict, Invalid."""
    row = _ready(actor, import_id)
    understood = list(row.understood)
    for number, changes in corrections.items():
        if not 0 <= number < len(understood):
            raise Invalid(f"There is no row {number}.", field="row")
        understood[number] = to_json(corrected(from_json(understood[number]), changes))
    rows.change(import_id, understood=understood)
    return get(actor, import_id)


def fill(actor: Actor, import_id: str, name: str, value: object) -> StagedImport:
    """Give every row that lacks `name` the same value; raises NotFound, Conflict, Invalid."""
    view = _view(_ready(actor, import_id))
    lacking = {
        number: {name: value}
        for number, row in enumerate(view.rows)
        if not row.refused and getattr(row, name, None) in {None, "", UNKNOWN_UNIT}
    }
    return correct(actor, import_id, lacking)


def commit(actor: Actor, import_id: str) -> Dataset:
    """Store everything that goes in as one sealed data set; all of it or nothing.

    Raises NotFound, Conflict if it is not ready or the name is taken, Invalid if nothing goes in.
    """
    row = _ready(actor, import_id)
    view = _view(row)
    as_new = bool(row.source.get("as_new_version"))
    wish = ImportWish(view.name, view.designation, as_new_version=as_new)
    # From here its uploads are no longer counted beside what becomes of them.
    rows.change(import_id, state="stored", understood=[])
    signals = ports().files.local_path(_key(import_id))
    dataset = store(actor, wish, view.rows, signals, import_id=import_id)
    rows.change(import_id, dataset_id=dataset.id, n_recordings=dataset.n_recordings)
    forget_files(row)
    return dataset


def store(
    actor: Actor,
    wish: ImportWish,
    understood: Sequence[Understood],
    signals: Path,
    *,
    import_id: str = "",
) -> Dataset:
    """Make a sealed data set of the rows that go in, and of nothing else in the file `signals`.

    Raises Invalid if nothing goes in, Conflict for a taken name, TooLarge beyond the quota; the
    stored file is gone then.
    Emits ``bearings.dataset_stored``.
    """
    recordings = tuple(recording_of(row) for row in understood if row.goes_in)
    if not recordings:
        raise Invalid("None of these files can be stored; each row says why.", field="rows")
    kept = frozenset(recording.signal_path for recording in recordings)
    read = {row.signal_path for row in understood if row.signal_path}
    with tempfile.TemporaryDirectory(prefix="sonde-store-") as folder:
        whole = signals if kept == read else Path(folder) / "signals.h5"
        if kept != read:
            copy_signals(signals, whole, kept)
        key = datasets.store_signals(whole)
    plan = datasets.DatasetPlan(
        wish.name,
        "import",
        wish.designation,
        recordings,
        made_from={"import": import_id} if import_id else {},
        as_new_version=wish.as_new_version,
    )
    try:
        return datasets.create_sealed(actor, plan, file_key=key)
    except SondeError:
        ports().files.delete(key)
        raise


def discard(actor: Actor, import_id: str) -> None:
    """Leave an import and remove what was read; raises NotFound, Conflict if it is stored."""
    actor.require(Role.ANALYST)
    row = _held(actor, import_id)
    if row.state == "stored":
        raise Conflict("This import is stored already; delete its data set instead.")
    if not jobs.get(actor, row.job_id).state.is_final:
        jobs.cancel(actor, row.job_id)
    rows.remove(row.id)
    forget_files(row)


def recording_of(row: Understood) -> NewRecording:
    """Return what is stored of a row that goes in."""
    return NewRecording(
        file=row.file,
        record=row.record,
        signal_path=row.signal_path,
        channels=row.channels,
        n_samples=row.n_samples,
        sampling_rate_hz=row.sampling_rate_hz or 0.0,
        speed_rpm=row.speed_rpm or 0.0,
        unit=row.unit,
        label=row.label,
        bearing=row.bearing,
        lineage=row.lineage,
        fault_size=row.fault_size,
        fault_position=row.fault_position,
        load=row.load,
        content_hash=row.content_hash,
        notes=row.notes,
        severity=row.severity,
        session=row.session,
        tacho_channel=row.tacho_channel,
        taken_at=datetime.fromisoformat(row.taken_at) if row.taken_at else None,
        conditions=row.conditions,
        quality=row.quality,
        statistics=_statistics_of(row),
    )


def _statistics_of(row: Understood) -> Statistics:
    if not row.statistics:
        return UNMEASURED
    figures = Statistics(**row.statistics)
    return replace(figures, dominant_hz=figures.dominant_hz * (row.sampling_rate_hz or 0.0))


def _own(actor: Actor, import_id: str) -> rows.ImportRow:
    row = rows.find(import_id, actor.user_id)
    if row is None:
        raise NotFound("There is no such import, or it is not yours to see.", id=import_id)
    return row


def _held(actor: Actor, import_id: str) -> rows.ImportRow:
    """Return an import that nobody else changes until this unit of work ends."""
    row = rows.hold(import_id, actor.user_id)
    if row is None:
        raise NotFound("There is no such import, or it is not yours to see.", id=import_id)
    return row


def _ready(actor: Actor, import_id: str) -> rows.ImportRow:
    actor.require(Role.ANALYST)
    row = _held(actor, import_id)
    if row.state != "ready":
        raise Conflict(_NOT_READY.get(row.state, "This import is not ready for that."))
    return row


_NOT_READY = {
    "reading": "The files of this import are still being read; wait until that is done.",
    "stored": "This import is stored already.",
    "expired": "This import waited for more than a day and was let go; import the files again.",
}


def forget_files(row: rows.ImportRow) -> None:
    """Delete what an import put aside, once the change is there to see."""
    files = ports().files
    for key in [each["key"] for each in row.source.get("files", ())] + [_key(row.id)]:
        after_commit(lambda key=key: files.delete(key))  # type: ignore[misc]


def _key(import_id: str) -> str:
    return f"signals/{import_id}.h5"


def _view(row: rows.ImportRow) -> StagedImport:
    return StagedImport(
        id=row.id,
        name=row.name,
        designation=row.designation,
        state=row.state,
        job_id=row.job_id,
        dataset_id=row.dataset_id,
        rows=tuple(from_json(each) for each in row.understood),
        created_at=row.created_at,
        n_files=row.n_files,
        n_recordings=row.n_recordings,
        failures=tuple(Failure(file, reason) for file, reason in row.failures),
    )
