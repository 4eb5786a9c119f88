"""The trash: deleted data sets wait thirty days, can come back, and then go for good."""

from dataclasses import replace
from datetime import timedelta
from typing import Any, Final

from sonde.bearings.core.datasets import LIVE, TRASHED, Dataset, DatasetQuery, checked_name
from sonde.bearings.persistence import datasets as rows
from sonde.bearings.services import datasets, features
from sonde.platform.core.actor import Actor
from sonde.platform.core.errors import Conflict, NotFound
from sonde.platform.core.paging import Slice
from sonde.platform.services.events import emit
from sonde.platform.services.work import after_commit, ports

KEPT: Final = timedelta(days=30)
DELETED: Final = "bearings.dataset_deleted"
_BATCH = 100
_TRASHED = DatasetQuery(states=(TRASHED,))


def delete(actor: Actor, dataset_id: str) -> Dataset:
    """Put a data set into the trash, where nothing but the trash sees it; its name is free.

    Of several versions only this one goes. Raises NotFound, Forbidden, Conflict. Emits
    ``bearings.dataset_deleted``.
    """
    dataset = datasets.get(actor, dataset_id)
    datasets.check_may_change(actor, dataset)
    if not rows.change(dataset_id, dataset.revision, state=TRASHED, trashed_at=ports().clock()):
        raise Conflict("Somebody changed this data set just now; look at it again.")
    datasets.forget(dataset_id)
    emit(
        actor,
        kind=DELETED,
        title=f"Data set {dataset.name} was deleted",
        body=f"It can be restored from the trash for {KEPT.days} days.",
        link="/datasets?view=trashed",
    )
    return get(actor, dataset_id)


def get(actor: Actor, dataset_id: str) -> Dataset:
    """Return one data set from the trash; raises NotFound."""
    dataset = rows.find(dataset_id, actor.workspace_ids)
    if dataset is None or dataset.state != TRASHED:
        raise NotFound("There is no such data set in the trash.", id=dataset_id)
    return dataset


def list_trash(
    actor: Actor, query: DatasetQuery = _TRASHED, *, cursor: str = "", limit: int = 50
) -> Slice[Dataset]:
    """Return what is in the trash of the actor's workspaces, newest data set first."""
    wanted = replace(query, states=(TRASHED,))
    found = rows.page(actor.workspace_ids, wanted, before=cursor, limit=limit + 1)
    return Slice.cut(found, limit, key=lambda dataset: dataset.id)


def restore(actor: Actor, dataset_id: str, *, name: str = "") -> Dataset:
    """Take a data set out of the trash, under another name if one is given.

    Raises NotFound, Forbidden, Invalid, and Conflict if its name is taken by now.
    """
    dataset = get(actor, dataset_id)
    datasets.check_may_change(actor, dataset)
    wanted = checked_name(name) if name else dataset.name
    rows.lock_name(dataset.workspace_id, wanted)
    other = rows.find_by_name(wanted, frozenset({dataset.workspace_id}))
    if other is not None and other.series_id != dataset.series_id:
        raise Conflict(
            f"Another data set is called {wanted!r} by now; restore this one under another name.",
            field="name",
            name=wanted,
        )
    columns: dict[str, Any] = {"state": LIVE, "trashed_at": None}
    if wanted != dataset.name:
        columns |= {"name": wanted, "series_id": dataset.id, "version": 1}
    if not rows.change(dataset_id, dataset.revision, **columns):
        raise Conflict("Somebody restored this data set just now.")
    return datasets.get(actor, dataset_id)


def remove(actor: Actor, dataset_id: str) -> None:
    """Remove a data set from the trash for good; raises NotFound, Forbidden."""
    dataset = get(actor, dataset_id)
    datasets.check_may_change(actor, dataset)
    _remove(dataset)


def sweep() -> int:
    """Remove for good what has been in the trash for thirty days; return how many there were."""
    old = rows.trashed_before(ports().clock() - KEPT, _BATCH)
    for dataset in old:
        _remove(dataset)
    return len(old)


def _remove(dataset: Dataset) -> None:
    """Remove rows, signals and whatever was computed from them."""
    rows.remove(dataset.id)
    files = ports().files
    after_commit(lambda: files.delete(dataset.file_key))
    features.drop_files(dataset.id)
    datasets.forget(dataset.id)
