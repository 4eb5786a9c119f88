"""What may change of a sealed data set: its name, description, tags, and whether it is archived."""

from typing import Any

from sonde.bearings.core.datasets import (
    ARCHIVED,
    LIVE,
    Dataset,
    DatasetChange,
    checked_description,
    checked_name,
    checked_tags,
)
from sonde.bearings.persistence import datasets as rows
from sonde.bearings.services import datasets
from sonde.platform.core.actor import Actor
from sonde.platform.core.errors import Conflict


def change(
    actor: Actor, dataset_id: str, wanted: DatasetChange, *, seen_revision: int | None = None
) -> Dataset:
    """Change name, description or tags; the name changes for all versions.

    Raises NotFound, Forbidden, Invalid, and Conflict for a taken name or if somebody else changed
    the data set after the revision that the actor has seen.
    """
    dataset = datasets.get(actor, dataset_id)
    datasets.check_may_change(actor, dataset)
    columns: dict[str, Any] = {}
    if wanted.description is not None:
        columns["description"] = checked_description(wanted.description)
    if wanted.tags is not None:
        columns["tags"] = list(checked_tags(wanted.tags))
    if not rows.change(dataset_id, _seen(dataset, seen_revision), **columns):
        raise _overtaken(dataset)
    if wanted.name is not None:
        _rename(dataset, checked_name(wanted.name))
    datasets.forget(dataset_id)
    return datasets.get(actor, dataset_id)


def rename(actor: Actor, dataset_id: str, name: str) -> Dataset:
    """Rename all versions of a data set; raises NotFound, Forbidden, Invalid, Conflict."""
    return change(actor, dataset_id, DatasetChange(name=name))


def set_archived(actor: Actor, dataset_id: str, *, archived: bool) -> Dataset:
    """Put all versions of a data set aside, or back in use; raises NotFound, Forbidden.

    An archived data set can be looked at and used by whoever names it, but is not offered.
    """
    dataset = datasets.get(actor, dataset_id)
    datasets.check_may_change(actor, dataset)
    rows.change_series(dataset.series_id, state=ARCHIVED if archived else LIVE)
    return datasets.get(actor, dataset_id)


def _rename(dataset: Dataset, name: str) -> None:
    if name == dataset.name:
        return
    rows.lock_name(dataset.workspace_id, name)
    other = rows.find_by_name(name, frozenset({dataset.workspace_id}))
    if other is not None and other.series_id != dataset.series_id:
        raise datasets.taken(name)
    rows.rename_series(dataset.series_id, name)


def _seen(dataset: Dataset, seen_revision: int | None) -> int:
    if seen_revision is not None and seen_revision != dataset.revision:
        raise _overtaken(dataset)
    return dataset.revision


def _overtaken(dataset: Dataset) -> Conflict:
    return Conflict(
        "Somebody changed this data set after you looked at it. Look at it again, then repeat "
        "your change.",
        revision=dataset.revision,
    )
