"""Data sets: stored whole and sealed, seen by their workspace, read by everybody who measures."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sonde.bearings.core.catalogue import find_bearing
from sonde.bearings.core.datasets import (
    TRASHED,
    Dataset,
    DatasetQuery,
    NewRecording,
    Overview,
    StoredRecording,
    check_listed,
    checked_description,
    checked_name,
    checked_tags,
    content_hash,
)
from sonde.bearings.core.geometry import Geometry, parse_geometry
from sonde.bearings.core.recording_query import RecordingPage, RecordingQuery
from sonde.bearings.persistence import datasets as rows
from sonde.bearings.persistence import recording_queries
from sonde.bearings.persistence import recordings as recording_rows
from sonde.bearings.persistence.signal_files import read_signal
from sonde.bearings.services import quotas
from sonde.platform.core.actor import Actor, Role
from sonde.platform.core.errors import Conflict, Forbidden, Invalid, NotFound
from sonde.platform.core.identifiers import is_id, new_id
from sonde.platform.core.paging import Slice
from sonde.platform.core.quota import Quota
from sonde.platform.services.events import emit
from sonde.platform.services.work import after_commit, ports

_COUNT_TTL_S = 3600
_LIVE = DatasetQuery()
STORED = "bearings.dataset_stored"


@dataclass(frozen=True)
class DatasetPlan:
    """What a new data set will be.

    Parameters
    ----------
    name : str
    origin : str
        ``"import"``, ``"generation"``, ``"sample"``, ``"subset"`` or ``"merge"``.
    designation : str
        The bearing's designation or geometry; empty where unknown.
    recordings : tuple of NewRecording
    description : str
    tags : tuple of str
    made_from : mapping
        Where it comes from, such as ``{"datasets": [ids]}``.
    as_new_version : bool
        Whether a data set of that name gets this as its next version; else a taken name is
        refused.
    """

    name: str
    origin: str
    designation: str
    recordings: tuple[NewRecording, ...]
    description: str = ""
    tags: tuple[str, ...] = ()
    made_from: Mapping[str, Any] = field(default_factory=dict)
    as_new_version: bool = False


def store_signals(source: Path, *, key: str = "") -> str:
    """Put a whole signal file into the file store under a random name; return that name."""
    key = key or f"signals/{new_id()}.h5"
    ports().files.put(key, source)
    return key


def create_sealed(actor: Actor, plan: DatasetPlan, *, file_key: str) -> Dataset:
    """Add a data set over a stored signal file; from now on its content cannot change.

    Where the newest version under that name holds exactly the same, that one is returned and the
    file goes. Raises Forbidden for viewers, and for new versions of other people's data sets,
    Invalid for a bad name or no recordings, Conflict for a name that is taken. Emits
    ``bearings.dataset_stored``.
    """
    actor.require(Role.ANALYST)
    if not plan.recordings:
        raise Invalid("A data set needs at least one recording.", field="recordings")
    check_listed(plan.recordings)
    geometry_of(plan.designation)
    name = checked_name(plan.name)
    rows.lock_name(actor.workspace_id, name)
    before = _before(actor, name, as_new_version=plan.as_new_version)
    dataset = _planned(actor, plan, file_key, before)
    if before is not None and before.content_hash == dataset.content_hash:
        return _nothing_new(actor, before, file_key)
    quotas.require_room(actor, Quota(dataset.n_recordings, dataset.size_bytes))
    if not rows.add(dataset):
        raise taken(name)
    recording_rows.add(dataset, plan.recordings)
    _tell(actor, dataset)
    return dataset


def _before(actor: Actor, name: str, *, as_new_version: bool) -> Dataset | None:
    """Return the version that the next one follows; raises Conflict and Forbidden."""
    before = rows.find_by_name(name, frozenset({actor.workspace_id}))
    if before is not None:
        if not as_new_version:
            raise taken(name)
        check_may_change(actor, before)
    return before


def _planned(actor: Actor, plan: DatasetPlan, file_key: str, before: Dataset | None) -> Dataset:
    dataset_id = new_id()
    return Dataset(
        id=dataset_id,
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
        description=checked_description(plan.description) or (before.description if before else ""),
        tags=checked_tags(plan.tags) or (before.tags if before else ()),
        version=rows.newest_version(before.series_id) + 1 if before else 1,
        made_from=dict(plan.made_from),
        series_id=before.series_id if before else dataset_id,
    )


def _nothing_new(actor: Actor, before: Dataset, file_key: str) -> Dataset:
    """Keep the version that holds the same already, and say so."""
    if file_key != before.file_key:
        files = ports().files
        after_commit(lambda: files.delete(file_key))
    emit(
        actor,
        kind=STORED,
        title=f"{before.name} has no new version",
        body=f"Version {before.version} holds exactly the same recordings already.",
        link=f"/datasets/{before.id}",
    )
    return before


def _tell(actor: Actor, dataset: Dataset) -> None:
    body = f"{dataset.n_recordings} recordings of {dataset.n_bearings} bearings"
    same = [one.name for one in same_content(actor, dataset)]
    if same:
        body += f"; {same[0]} holds exactly the same"
    which = f", version {dataset.version}," if dataset.version > 1 else ""
    emit(
        actor,
        kind=STORED,
        title=f"Data set {dataset.name}{which} is ready",
        body=body,
        link=f"/datasets/{dataset.id}",
    )


def same_content(actor: Actor, dataset: Dataset) -> tuple[Dataset, ...]:
    """Return the other data sets that hold exactly the same recordings with the same labels."""
    found = rows.of_content(dataset.content_hash, actor.workspace_ids)
    return tuple(one for one in found if one.id != dataset.id)


def check_free(actor: Actor, name: str, *, as_new_version: bool = False) -> None:
    """Raise Conflict if the actor's workspace has a data set of that name.

    For a new version the name may be taken, by a data set that the actor may change; Forbidden.
    """
    _before(actor, checked_name(name), as_new_version=as_new_version)


def check_may_change(actor: Actor, dataset: Dataset) -> None:
    """Raise Forbidden unless the actor owns the data set or is an administrator."""
    actor.require(Role.ANALYST)
    if not may_change(actor, dataset):
        raise Forbidden("Only its owner or an administrator can change this data set.")


def may_change(actor: Actor, dataset: Dataset) -> bool:
    """Say whether the actor owns the data set, or is an administrator."""
    if actor.role is Role.VIEWER:
        return False
    return dataset.owner_id == actor.user_id or actor.role is Role.ADMIN


def get(actor: Actor, dataset_id: str) -> Dataset:
    """Return one data set; raises NotFound for what is in the trash or not the actor's to see."""
    dataset = rows.find(dataset_id, actor.workspace_ids)
    if dataset is None:
        raise NotFound("There is no such data set, or it is not yours to see.", id=dataset_id)
    if dataset.state == TRASHED:
        raise NotFound("This data set is in the trash; restore it to see it.", id=dataset_id)
    return dataset


def find(actor: Actor, name_or_id: str) -> Dataset:
    """Return the data set of this id or, failing that, of this name; raises NotFound."""
    if is_id(name_or_id):
        return get(actor, name_or_id)
    dataset = rows.find_by_name(name_or_id, actor.workspace_ids)
    if dataset is None:
        raise NotFound(f"There is no data set called {name_or_id!r}.", name=name_or_id)
    return dataset


def list_datasets(
    actor: Actor, query: DatasetQuery = _LIVE, *, cursor: str = "", limit: int = 50
) -> Slice[Dataset]:
    """Return the newest versions of the data sets of the actor's workspaces, newest first.

    Without a `query` those that are in use: neither archived nor in the trash.
    """
    found = rows.page(actor.workspace_ids, query, before=cursor, limit=limit + 1)
    return Slice.cut(found, limit, key=lambda dataset: dataset.id)


def tags(actor: Actor) -> tuple[str, ...]:
    """Return every tag that the actor's data sets carry."""
    return tuple(rows.tags(actor.workspace_ids))


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


def forget(dataset_id: str) -> None:
    """Drop what was computed from a data set, once the change is there to see."""
    cache = ports().cache

    def drop() -> None:
        cache.invalidate(f"bearings:dataset:{dataset_id}:")

    after_commit(drop)


def taken(name: str) -> Conflict:
    """Return the error of a name that is taken, with what to do."""
    return Conflict(
        f"There is a data set called {name!r} already; choose another name, or store this as its "
        "new version.",
        field="name",
        name=name,
    )
