"""What is known of data sets: figures, versions, where they come from, what they share."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sonde.bearings.core.dataset_statistics import (
    BearingPart,
    DatasetStatistics,
    Part,
    Span,
    statistics_of_groups,
)
from sonde.bearings.core.datasets import Dataset, StoredRecording
from sonde.bearings.persistence import datasets as rows
from sonde.bearings.persistence import recording_groups
from sonde.bearings.persistence.signal_files import read_signal
from sonde.bearings.services import datasets
from sonde.learning.core.experiments import ExperimentSummary
from sonde.learning.services import experiments
from sonde.platform.core.actor import Actor
from sonde.platform.core.errors import Invalid
from sonde.platform.services.work import ports

_TTL_S = 7 * 24 * 3600
_PROBLEMS = "datasets"
_GLIMPSES = 12
_GLIMPSE_S = 0.2


@dataclass(frozen=True)
class Lineage:
    """Where a data set comes from and what came of it.

    Parameters
    ----------
    dataset : Dataset
    sources : tuple of Dataset
        The data sets it was made from, as far as they are there to see.
    n_lost : int
        How many of its sources are gone.
    derived : tuple of Dataset
        The data sets that were made from it.
    experiments : tuple of ExperimentSummary
        What was trained on it.
    """

    dataset: Dataset
    sources: tuple[Dataset, ...]
    n_lost: int
    derived: tuple[Dataset, ...]
    experiments: tuple[ExperimentSummary, ...]


@dataclass(frozen=True)
class Glimpse:
    """The beginning of one recording.

    Parameters
    ----------
    recording : StoredRecording
    samples : ndarray of float32, shape (time,)
        Of its first channel.
    """

    recording: StoredRecording
    samples: NDArray[np.float32]


@dataclass(frozen=True)
class Comparison:
    """Two data sets beside each other.

    Parameters
    ----------
    datasets : (Dataset, Dataset)
    statistics : (DatasetStatistics, DatasetStatistics)
    n_shared, n_shared_labels : int
        How many different signals both hold, and how many of those with the same class.
    shared_bearings : tuple of str
    """

    datasets: tuple[Dataset, Dataset]
    statistics: tuple[DatasetStatistics, DatasetStatistics]
    n_shared: int
    n_shared_labels: int
    shared_bearings: tuple[str, ...]


def statistics(actor: Actor, dataset_id: str) -> DatasetStatistics:
    """Return a data set in figures, computed once; raises NotFound."""
    dataset = datasets.get(actor, dataset_id)
    key = f"bearings:dataset:{dataset.id}:statistics"
    kept = ports().cache.get(key)
    if kept is not None:
        return _from_json(json.loads(kept))
    made = statistics_of_groups(
        recording_groups.groups(dataset.id), recording_groups.findings(dataset.id)
    )
    ports().cache.set(key, json.dumps(asdict(made)).encode(), _TTL_S)
    return made


def preview(actor: Actor, dataset_id: str) -> tuple[Glimpse, ...]:
    """Return the beginning of one signal of each class, of at most twelve; raises NotFound."""
    dataset = datasets.get(actor, dataset_id)
    path = datasets.signal_file(dataset)
    return tuple(
        Glimpse(
            one,
            read_signal(path, one.signal_path, 0, 0, int(_GLIMPSE_S * one.sampling_rate_hz) + 1),
        )
        for one in recording_groups.one_of_each_class(dataset.id, _GLIMPSES)
    )


def versions(actor: Actor, dataset_id: str) -> tuple[Dataset, ...]:
    """Return all versions of a data set that are not in the trash, newest first; NotFound."""
    dataset = datasets.get(actor, dataset_id)
    return tuple(rows.versions(dataset.series_id, actor.workspace_ids))


def lineage(actor: Actor, dataset_id: str) -> Lineage:
    """Return where a data set comes from and what came of it; raises NotFound."""
    dataset = datasets.get(actor, dataset_id)
    named = tuple(dataset.made_from.get("datasets", ()))
    found = [rows.find(each, actor.workspace_ids) for each in named]
    sources = tuple(one for one in found if one is not None and one.trashed_at is None)
    trained = experiments.of_problem(actor, _PROBLEMS, dataset.id)
    return Lineage(
        dataset,
        sources,
        len(named) - len(sources),
        tuple(rows.made_of(dataset.id, actor.workspace_ids)),
        tuple(experiments.get(actor, each).summary for each in sorted(trained, reverse=True)),
    )


def compare(actor: Actor, first_id: str, second_id: str) -> Comparison:
    """Return two data sets beside each other; raises NotFound, Invalid for one and the same."""
    if first_id == second_id:
        raise Invalid("Choose two different data sets to compare.", field="ids")
    pair = (datasets.get(actor, first_id), datasets.get(actor, second_id))
    shared = recording_groups.shared_content(first_id, second_id)
    bearings = recording_groups.bearing_datasets((first_id, second_id))
    return Comparison(
        pair,
        (statistics(actor, first_id), statistics(actor, second_id)),
        *shared,
        tuple(name for name, holders in bearings.items() if len(holders) > 1),
    )


def _from_json(data: Mapping[str, Any]) -> DatasetStatistics:
    return DatasetStatistics(
        whole=_part(data["whole"]),
        classes=tuple(map(_part, data["classes"])),
        bearings=tuple(
            BearingPart(**{**one, "speed_rpm": Span(**one["speed_rpm"])})
            for one in data["bearings"]
        ),
        severities=tuple((one[0], one[1], one[2]) for one in data["severities"]),
        **{
            name: tuple((one[0], one[1]) for one in data[name])
            for name in (
                "severity_counts",
                "loads",
                "sessions",
                "units",
                "rates_hz",
                "findings",
            )
        },
    )


def _part(data: Mapping[str, Any]) -> Part:
    spans = {name: Span(**data[name]) for name in ("speed_rpm", "length_s", "rms", "kurtosis")}
    return Part(**{**data, **spans})
