"""What is shown of a data set's features: rows, spreads, correlations, files."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from sonde.bearings.core.datasets import Dataset, StoredRecording
from sonde.bearings.core.features.correlation import CorrelationMap, correlation_map
from sonde.bearings.core.features.distribution import ClassSpread
from sonde.bearings.core.features.distribution import distribution as spread_of
from sonde.bearings.core.features.export import table_bytes, table_format
from sonde.bearings.core.features.measuring import Circumstances
from sonde.bearings.core.features.registry import REGISTRY, FeatureDefinition, find_feature
from sonde.bearings.core.features.table import FeatureTable
from sonde.bearings.core.recordings import UNKNOWN_UNIT
from sonde.bearings.persistence import features as rows
from sonde.bearings.persistence.recording_search import by_ids
from sonde.bearings.services import datasets, features, own_features
from sonde.platform.core.actor import Actor
from sonde.platform.core.errors import Conflict

_ABOUT: Final = ("label", "bearing", "title")


@dataclass(frozen=True)
class TableFile:
    """A table on its way to a person."""

    name: str
    media_type: str
    content: bytes


@dataclass(frozen=True)
class TablePart:
    """Which rows of a table, in which order.

    Parameters
    ----------
    start, stop : int
    sort : str
        A feature, ``"label"``, ``"bearing"``, ``"title"``, or nothing for the order of storing.
    is_descending : bool
    """

    start: int
    stop: int
    sort: str = ""
    is_descending: bool = False


@dataclass(frozen=True)
class ShownPart:
    """Some rows of a table, their recordings, and how many rows there are."""

    table: FeatureTable
    recordings: tuple[StoredRecording, ...]
    total: int


def definitions(actor: Actor) -> tuple[FeatureDefinition, ...]:
    """Return every feature that the actor can choose, own ones last."""
    own = tuple(one.band.definition for one in own_features.list_own(actor))
    return (*REGISTRY, *own)


def definitions_of(actor: Actor, names: Sequence[str]) -> tuple[FeatureDefinition, ...]:
    """Return the definitions of these columns; raises Invalid."""
    own = {one.band.column: one.band.definition for one in own_features.list_own(actor)}
    return tuple(own[name] if name in own else find_feature(name) for name in names)


def unit_of(actor: Actor, dataset_id: str) -> str:
    """Return the unit that all recordings of a data set share, else ``"unknown"``."""
    units = {unit for unit, _ in rows.circumstances(datasets.get(actor, dataset_id).id)}
    return units.pop() if len(units) == 1 else UNKNOWN_UNIT


def reasons(actor: Actor, dataset_id: str, names: Sequence[str]) -> tuple[tuple[str, str], ...]:
    """Return which features no recording of a data set can have, each with the reason."""
    dataset = datasets.get(actor, dataset_id)
    geometry = datasets.geometry_of(dataset.designation)
    known = [
        Circumstances(1.0, float(is_known), geometry, unit)
        for unit, is_known in rows.circumstances(dataset.id)
    ]
    found = []
    for one in definitions_of(actor, names):
        lacking = {about.lacks(one) for about in known}
        if lacking and "" not in lacking:
            found.append((one.name, min(lacking)))
    return tuple(found)


def table_part(actor: Actor, dataset_id: str, names: Sequence[str], part: TablePart) -> ShownPart:
    """Return some rows of a table in an order, and their recordings.

    Raises as `features.table`.
    """
    table = features.table(actor, dataset_id, names)
    order = _order(table, part, dataset_id)
    chosen = order[part.start : part.stop]
    shown = table.rows([table.recording_ids[place] for place in chosen])
    found = {one.id: one for one in by_ids(shown.recording_ids, actor.workspace_ids)}
    recordings = tuple(found[one] for one in shown.recording_ids)
    return ShownPart(shown, recordings, len(table.recording_ids))


def _order(table: FeatureTable, part: TablePart, dataset_id: str) -> NDArray[np.intp]:
    if part.sort in table.names:
        # Rows without a value stand last either way.
        values = table.column(part.sort)
        return np.argsort(-values if part.is_descending else values, kind="stable")
    order = np.arange(len(table.recording_ids))
    if part.sort in _ABOUT:
        column = [row[_ABOUT.index(part.sort)] for row in rows.about(dataset_id)]
        order = np.argsort(np.array(column), kind="stable")
    return order[::-1] if part.is_descending else order


def table_with_recordings(
    actor: Actor, dataset_id: str, names: Sequence[str] = ()
) -> tuple[FeatureTable, tuple[StoredRecording, ...]]:
    """Return a table and the recordings of its rows; raises as `features.table`."""
    table = features.table(actor, dataset_id, names)
    recordings = datasets.recordings(actor, dataset_id)
    if tuple(one.id for one in recordings) != table.recording_ids:
        raise Conflict("The data set has changed since its features were extracted.")
    return table, recordings


def distribution(actor: Actor, dataset_id: str, name: str) -> tuple[ClassSpread, ...]:
    """Return the spread of a feature in each class; raises as `features.table`."""
    table = features.table(actor, dataset_id, [name])
    return spread_of(table, name, [label for label, _, _ in rows.about(dataset_id)])


def correlation(actor: Actor, dataset_id: str, names: Sequence[str]) -> CorrelationMap:
    """Return the correlations of features; raises as `features.table`, and Invalid."""
    return correlation_map(features.table(actor, dataset_id, names))


def exported(actor: Actor, dataset_id: str, names: Sequence[str], kind: str) -> TableFile:
    """Return a table as a file; raises as `features.table`, and Invalid for another format."""
    form = table_format(kind)
    dataset = datasets.get(actor, dataset_id)
    table, recordings = table_with_recordings(actor, dataset_id, names)
    content = table_bytes(table, recordings, definitions_of(actor, table.names), kind)
    return TableFile(f"{_file_name(dataset)} features{form.extension}", form.media_type, content)


def _file_name(dataset: Dataset) -> str:
    plain = re.sub(r"[^A-Za-z0-9 ._-]+", "_", dataset.name).strip(" .")
    return plain or "data set"
