"""What a filter keeps of a data set, and what its features say."""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace

import numpy as np
from numpy.typing import NDArray

from sonde.bearings.core.datasets import Dataset
from sonde.bearings.core.exploring.comparison import (
    ClassComparison,
    Histogram,
    comparison_of,
    histogram_of,
)
from sonde.bearings.core.exploring.facts import Facts, facts_of, packed, unpacked
from sonde.bearings.core.exploring.filters import LISTS, ExplorerFilter, drawn, kept_places
from sonde.bearings.core.exploring.overview import ClassRow, ExplorerOverview, overview_of
from sonde.bearings.core.features.distribution import ClassSpread, distribution
from sonde.bearings.core.features.registry import FeatureDefinition
from sonde.bearings.core.features.table import FeatureTable
from sonde.bearings.core.recording_query import Range, RecordingPage, RecordingQuery, SortKey
from sonde.bearings.persistence import recording_columns
from sonde.bearings.services import datasets, feature_views, features
from sonde.bearings.services.explorer import keeping
from sonde.platform.core.actor import Actor
from sonde.platform.core.errors import Invalid

MATRIX_POINTS = 800
MATRIX_FEATURES = 5


@dataclass(frozen=True)
class Kept:
    """What a filter keeps of a data set.

    Parameters
    ----------
    dataset : Dataset
    facts : Facts
        Of all its recordings.
    places : ndarray of int, shape (kept,)
    """

    dataset: Dataset
    facts: Facts
    places: NDArray[np.intp]

    @property
    def rows(self) -> Facts:
        """Return the facts of what is kept."""
        return self.facts.at(self.places)


@dataclass(frozen=True)
class FeatureRows:
    """Values of features of some recordings.

    Parameters
    ----------
    facts : Facts
    table : FeatureTable
    n_kept : int
        How many the filter keeps; more than there are rows where only a sample is shown.
    """

    facts: Facts
    table: FeatureTable
    n_kept: int


def dataset_of(actor: Actor, dataset_id: str) -> Dataset:
    """Return the data set that is looked at; raises NotFound."""
    return datasets.get(actor, dataset_id)


def facts(dataset: Dataset) -> Facts:
    """Return what is known of all recordings of a data set that the actor was found to see."""
    key = keeping.key_of(dataset, "facts")
    return unpacked(
        keeping.once(dataset, key, lambda: packed(facts_of(recording_columns.columns(dataset.id))))
    )


def choose(actor: Actor, dataset_id: str, wanted: ExplorerFilter) -> Kept:
    """Return what a filter keeps; raises NotFound, Invalid, and Conflict without its features."""
    dataset = datasets.get(actor, dataset_id)
    known = facts(dataset)
    names = wanted.feature_names
    table = features.table(actor, dataset_id, names) if names else None
    return Kept(dataset, known, kept_places(known, wanted, table))


def overview(actor: Actor, dataset_id: str, wanted: ExplorerFilter) -> ExplorerOverview:
    """Return the kept recordings class by class; raises as `choose`."""
    dataset = datasets.get(actor, dataset_id)
    stamps = features.stamps(dataset, wanted.feature_names)
    key = keeping.key_of(dataset, "overview", wanted.text, stamps)

    def make() -> bytes:
        kept = choose(actor, dataset_id, wanted)
        return json.dumps(asdict(overview_of(kept.facts, kept.places))).encode()

    found = json.loads(keeping.once(dataset, key, make))
    return ExplorerOverview(
        found["n"],
        found["n_total"],
        tuple(ClassRow(**one) for one in found["classes"]),
        tuple((one[0], one[1], one[2]) for one in found["severities"]),
    )


def feature_rows(
    actor: Actor, dataset_id: str, wanted: ExplorerFilter, names: Sequence[str] = ()
) -> FeatureRows:
    """Return features of the kept recordings; no names mean the 36 of the original platform.

    Raises as `choose`; Conflict while the features are not extracted.
    """
    kept = choose(actor, dataset_id, wanted)
    table = features.table(actor, dataset_id, names)
    rows = FeatureTable(
        table.names,
        tuple(table.recording_ids[place] for place in kept.places),
        table.values[kept.places],
    )
    return FeatureRows(kept.rows, rows, len(kept.places))


def compare(
    actor: Actor, dataset_id: str, wanted: ExplorerFilter, names: Sequence[str] = ()
) -> ClassComparison:
    """Return how the classes differ in their features; raises as `feature_rows`."""
    rows = feature_rows(actor, dataset_id, wanted, names)
    return comparison_of(rows.table, rows.facts.labels.tolist())


def spread(
    actor: Actor, dataset_id: str, wanted: ExplorerFilter, name: str
) -> tuple[ClassSpread, ...]:
    """Return how a feature is spread in each class; raises as `feature_rows`."""
    rows = feature_rows(actor, dataset_id, wanted, [name])
    return distribution(rows.table, name, rows.facts.labels.tolist())


def histogram(
    actor: Actor, dataset_id: str, wanted: ExplorerFilter, name: str, label: str | None = None
) -> Histogram:
    """Return the histogram of a feature, of one class or of all; raises as `feature_rows`."""
    rows = feature_rows(actor, dataset_id, wanted, [name])
    values = rows.table.column(name)
    return histogram_of(values if label is None else values[rows.facts.labels == label])


def matrix(
    actor: Actor, dataset_id: str, wanted: ExplorerFilter, names: Sequence[str]
) -> FeatureRows:
    """Return up to five features of at most 800 recordings, each class in its share.

    Raises as `feature_rows`, and Invalid for fewer than two or more than five features.
    """
    if not 2 <= len(names) <= MATRIX_FEATURES:
        raise Invalid(f"Choose 2 to {MATRIX_FEATURES} features for the matrix.", field="names")
    return thinned(feature_rows(actor, dataset_id, wanted, names), MATRIX_POINTS, wanted.seed)


def thinned(rows: FeatureRows, most: int, seed: int) -> FeatureRows:
    """Return at most `most` recordings: the largest classes are drawn from first."""
    if len(rows.facts) <= most:
        return rows
    labels = rows.facts.labels
    counts = np.sort(np.unique(labels, return_counts=True)[1])
    fits = [int(np.minimum(counts, each).sum()) <= most for each in range(1, counts[-1] + 1)]
    places = drawn(labels, max(1, sum(fits)), seed)
    ids = tuple(rows.table.recording_ids[place] for place in places)
    table = FeatureTable(rows.table.names, ids, rows.table.values[places])
    return FeatureRows(rows.facts.at(places), table, rows.n_kept)


def signals(
    actor: Actor, dataset_id: str, wanted: ExplorerFilter, query: RecordingQuery
) -> RecordingPage:
    """Return a part of the list of kept recordings, in the query's order; raises as `choose`."""
    dataset = datasets.get(actor, dataset_id)
    if wanted.per_class or wanted.feature_names:
        rows = choose(actor, dataset.id, wanted).rows
        return datasets.find_recordings(actor, dataset.id, replace(query, ids=rows.id_texts()))
    lists = {name: getattr(wanted, name) for name in LISTS}
    ranges = query.ranges
    if not wanted.speed.is_open:
        ranges += (Range(SortKey.SPEED, wanted.speed.low, wanted.speed.high),)
    return datasets.find_recordings(actor, dataset.id, replace(query, ranges=ranges, **lists))


def available(actor: Actor, dataset_id: str) -> tuple[FeatureDefinition, ...]:
    """Return the features that are extracted, by which one can filter and compare; NotFound."""
    return feature_views.definitions_of(actor, features.available(actor, dataset_id))
