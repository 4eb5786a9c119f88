"""Data sets: stored whole and sealed, seen by their workspace, read by everybody who measures."""

import hashlib
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from sonde.bearings.core.catalogue import find_bearing
from sonde.bearings.core.datasets import (
    Dataset,
    NewRecording,
    Overview,
    StoredRecording,
    content_hash,
)
from sonde.bearings.core.geometry import Geometry, parse_geometry
from sonde.bearings.core.recording_query import RecordingPage, RecordingQuery
from sonde.bearings.persistence import datasets as rows
from sonde.bearings.persistence import recording_queries
from sonde.bearings.persistence import recordings as recording_rows
from sonde.bearings.persistence.signal_files import read_signal
from sonde.platform.core.actor import Actor, Role
from sonde.platform.core.errors import Conflict, Forbidden, Invalid, NotFound
from sonde.platform.core.identifiers import is_id, new_id
from sonde.platform.core.paging import Slice
from sonde.platform.services.events import emit
from sonde.platform.services.work import after_commit, ports

_NAME_LENGTH = 120
_COUNT_TTL_S = 3600
IMPORTED = "bearings.dataset_stored"
DELETED = "bearings.dataset_deleted"


@dataclass(frozen=True)
class DatasetPlan:
    """What a new data set will be.

    Parameters
    ----------
    name : str
    origin : str
        ``"import"`` or ``"sample"``.
    designation : str
        The bearing's designation or geometry; empty where unknown.
    recordings : tuple of NewRecording
    """

    name: str
    origin: str
    designation: str
    recordings: tuple[NewRecording, ...]


def store_signals(source: Path, *, key: str = "") -> str:
    """Put a whole signal file into the file store under a random name; return that name."""
    key = key or f"signals/{new_id()}.h5"
    ports().files.put(key, source)
    return key


def create_sealed(actor: Actor, plan: DatasetPlan, *, file_key: str) -> Dataset:
    """Add a data set over a stored signal file; from now on only its name can change.

    Raises Forbidden for viewers, Invalid for a bad name or no recordings, Conflict for a name that
    is taken. Emits ``bearings.dataset_stored``.
    """
    actor.require(Role.ANALYST)
    if not plan.recordings:
        raise Invalid("A data set needs at least one recording.", field="recordings")
    geometry_of(plan.designation)
    dataset = Dataset(
        id=new_id(),
        workspace_id=actor.workspace_id,
        owner_id=actor.user_id,
        owner_name=actor.name,
        name=checked_name(plan.name),
        origin=plan.origin,
        designation=plan.designation,
        content_hash=content_hash(plan.recordings),
        file_key=file_key,
        size_bytes=ports().files.local_path(file_key).stat().st_size,
        n_recordings=len(plan.recordings),
        n_bearings=len({recording.bearing for recording in plan.recordings}),
        classes=tuple(sorted({recording.label for recording in plan.recordings})),
        created_at=ports().clock(),
    )
    if not rows.add(dataset):
        raise _taken(dataset.name)
    recording_rows.add(dataset, plan.recordings)
    _forget(dataset.id)
    emit(
        actor,
        kind=IMPORTED,
        title=f"Data set {dataset.name} is ready",
        body=f"{dataset.n_recordings} recordings of {dataset.n_bearings} bearings",
        link=f"/datasets/{dataset.id}",
    )
    return dataset


def checked_name(name: str) -> str:
    """Return a data set's name without blanks around it; raises Invalid."""
    name = name.strip()
    if not name or len(name) > _NAME_LENGTH or not name.isprintable():
        raise Invalid(f"A name has 1 to {_NAME_LENGTH} printable characters.", field="name")
    return name


def check_free(actor: Actor, name: str) -> None:
    """Raise Conflict if the actor's workspace has a data set of that name."""
    if rows.find_by_name(name, frozenset({actor.workspace_id})) is not None:
        raise _taken(name)


def get(actor: Actor, dataset_id: str) -> Dataset:
    """Return one data set; raises NotFound for what is not the actor's to see."""
    dataset = rows.find(dataset_id, actor.workspace_ids)
    if dataset is None:
        raise NotFound("There is no such data set, or it is not yours to see.", id=dataset_id)
    return dataset


def find(actor: Actor, name_or_id: str) -> Dataset:
    """Return the data set of this id or, failing that, of this name; raises NotFound."""
    if is_id(name_or_id):
        return get(actor, name_or_id)
    dataset = rows.find_by_name(name_or_id, actor.workspace_ids)
    if dataset is None:
        raise NotFound(f"There is no data set called {name_or_id!r}.", name=name_or_id)
    return dataset


def list_datasets(actor: Actor, *, cursor: str = "", limit: int = 50) -> Slice[Dataset]:
    """Return the data sets of the actor's workspaces, newest first."""
    found = rows.page(actor.workspace_ids, before=cursor, limit=limit + 1)
    return Slice.cut(found, limit, key=lambda dataset: dataset.id)


def rename(actor: Actor, dataset_id: str, name: str) -> Dataset:
    """Rename a data set; raises NotFound, Forbidden, Invalid, Conflict."""
    dataset = _own(actor, dataset_id)
    name = checked_name(name)
    other = rows.find_by_name(name, frozenset({dataset.workspace_id}))
    if other is not None and other.id != dataset_id:
        raise _taken(name)
    rows.rename(dataset_id, name)
    _forget(dataset_id)
    return get(actor, dataset_id)


def delete(actor: Actor, dataset_id: str) -> None:
    """Delete a data set, its recordings, its signals and what was computed from them.

    Raises NotFound and Forbidden. Emits ``bearings.dataset_deleted``.
    """
    dataset = _own(actor, dataset_id)
    rows.remove(dataset_id)
    files = ports().files
    after_commit(lambda: files.delete(dataset.file_key))
    _forget(dataset_id)
    emit(actor, kind=DELETED, title=f"Data set {dataset.name} was deleted")


def recordings(actor: Actor, dataset_id: str) -> tuple[StoredRecording, ...]:
    """Return every recording of a data set, in the order of storing; raises NotFound."""
    return tuple(recording_rows.of_dataset(get(actor, dataset_id).id))


def list_recordings(
    actor: Actor, dataset_id: str, *, cursor: str = "", limit: int = 50
) -> Slice[StoredRecording]:
    """Return a page of a data set's recordings; raises NotFound."""
    found = recording_rows.page(get(actor, dataset_id).id, after=cursor, limit=limit + 1)
    return Slice.cut(found, limit, key=lambda recording: recording.id)


def find_recordings(actor: Actor, dataset_id: str, query: RecordingQuery) -> RecordingPage:
    """Return a part of a filtered and sorted list of recordings, and its length; NotFound."""
    dataset = get(actor, dataset_id)
    total = _count(dataset, query) if query.is_narrow else dataset.n_recordings
    return RecordingPage(total, tuple(recording_queries.part(dataset_id, query, total)))


def _count(dataset: Dataset, query: RecordingQuery) -> int:
    """Return the length of a filtered list; counted once, since recordings never change."""
    name = hashlib.sha256(query.filter_text.encode()).hexdigest()[:32]
    key = f"bearings:dataset:{dataset.id}:count:{name}"
    kept = ports().cache.get(key)
    if kept is not None:
        return int(kept)
    counted = recording_queries.count(dataset.id, query)
    ports().cache.set(key, str(counted).encode(), _COUNT_TTL_S)
    return counted


def get_recording(actor: Actor, recording_id: str) -> StoredRecording:
    """Return one recording; raises NotFound for what is not the actor's to see."""
    recording = recording_rows.find(recording_id, actor.workspace_ids)
    if recording is None:
        raise NotFound("There is no such recording, or it is not yours to see.", id=recording_id)
    return recording


def geometry_of(designation: str) -> Geometry | None:
    """Return the geometry of a designation or of an own geometry, None where nothing is named.

    Raises NotFound for an unknown designation and Invalid for a geometry that makes no sense.
    """
    if not designation:
        return None
    if "=" in designation:
        return parse_geometry(designation)
    return find_bearing(designation).geometry


def signal_file(dataset: Dataset) -> Path:
    """Return a local path of the data set's signal file, fetched once if the store is remote."""
    return ports().files.local_path(dataset.file_key)


def read_samples(
    actor: Actor, recording_id: str, *, channel: str = "", start: int = 0, stop: int | None = None
) -> NDArray[np.float32]:
    """Return samples of one channel (the first if none is named); raises NotFound and Invalid."""
    recording = get_recording(actor, recording_id)
    if channel and channel not in recording.channels:
        raise Invalid(
            f"There is no channel {channel!r}; there are {', '.join(recording.channels)}.",
            field="channel",
        )
    row = recording.channels.index(channel) if channel else 0
    path = signal_file(get(actor, recording.dataset_id))
    return read_signal(path, recording.signal_path, row, start, stop)


def overview(actor: Actor) -> Overview:
    """Return what the actor's data sets hold together."""
    now = recording_rows.classes(actor.workspace_ids)
    week_ago = ports().clock() - timedelta(days=7)
    before = recording_rows.classes(actor.workspace_ids, before=week_ago)
    return Overview(
        n_datasets=rows.count(actor.workspace_ids),
        n_recordings=sum(now.values()),
        n_recordings_before=sum(before.values()),
        classes=tuple(now.items()),
    )


def _own(actor: Actor, dataset_id: str) -> Dataset:
    dataset = get(actor, dataset_id)
    actor.require(Role.ANALYST)
    if dataset.owner_id != actor.user_id and actor.role is not Role.ADMIN:
        raise Forbidden("Only its owner or an administrator can change this data set.")
    return dataset


def _forget(dataset_id: str) -> None:
    """Drop what was computed from a data set, once the change is there to see."""
    cache = ports().cache

    def drop() -> None:
        cache.invalidate(f"bearings:dataset:{dataset_id}:")

    after_commit(drop)


def _taken(name: str) -> Conflict:
    return Conflict(f"There is a data set called {name!r} already.", field="name", name=name)
