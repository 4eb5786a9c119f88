"""What is shown of a data set's features: rows, spreads, correlations, files."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from sonde.bearings.core.datasets import Dataset, StoredRecording
from sonde.bearings.core.features.correlation import CorrelationMap, correlation_map
from sonde.bearings.core.features.distribution import ClassSpread
from sonde.bearings.core.features.distribution import distribution as spread_of
from sonde.bearings.core.features.export import table_bytes, table_format
from sonde.bearings.core.features.registry import REGISTRY, FeatureDefinition, find_feature
from sonde.bearings.core.features.table import FeatureTable
from sonde.bearings.services import datasets, features, own_features
from sonde.platform.core.actor import Actor
from sonde.platform.core.errors import Conflict


@dataclass(frozen=True)
class TableFile:
    """A table on its way to a person."""

    name: str
    media_type: str
    content: bytes


def definitions(actor: Actor) -> tuple[FeatureDefinition, ...]:
    """Return every feature that the actor can choose, own ones last."""
    own = tuple(one.band.definition for one in own_features.list_own(actor))
    return (*REGISTRY, *own)


def definitions_of(actor: Actor, names: Sequence[str]) -> tuple[FeatureDefinition, ...]:
    """Return the definitions of these columns; raises Invalid."""
    own = {one.band.column: one.band.definition for one in own_features.list_own(actor)}
    return tuple(own[name] if name in own else find_feature(name) for name in names)


def reasons(actor: Actor, dataset_id: str, names: Sequence[str]) -> tuple[tuple[str, str], ...]:
    """Return which features cannot be had of a data set, each with the reason."""
    dataset = datasets.get(actor, dataset_id)
    recordings = datasets.recordings(actor, dataset_id)
    geometry = datasets.geometry_of(dataset.designation)
    known = {
        (one.speed_rpm > 0, one.unit): features.circumstances(one, geometry) for one in recordings
    }
    found = []
    for one in definitions_of(actor, names):
        lacking = {about.lacks(one) for about in known.values()}
        if lacking and "" not in lacking:
            found.append((one.name, sorted(lacking)[0]))
    return tuple(found)


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
    table, recordings = table_with_recordings(actor, dataset_id, [name])
    return spread_of(table, name, [one.label for one in recordings])


def correlation(actor: Actor, dataset_id: str, names: Sequence[str]) -> CorrelationMap:
    """Return the correlations of features; raises as `features.table`, and Invalid."""
    return correlation_map(features.table(actor, dataset_id, names))


def exported(actor: Actor, dataset_id: str, names: Sequence[str], slug: str) -> TableFile:
    """Return a table as a file; raises as `features.table`, and Invalid for another format."""
    kind = table_format(slug)
    dataset = datasets.get(actor, dataset_id)
    table, recordings = table_with_recordings(actor, dataset_id, names)
    content = table_bytes(table, recordings, definitions_of(actor, table.names), slug)
    return TableFile(f"{_file_name(dataset)} features{kind.extension}", kind.media_type, content)


def _file_name(dataset: Dataset) -> str:
    plain = re.sub(r"[^A-Za-z0-9 ._-]+", "_", dataset.name).strip(" .")
    return plain or "data set"
