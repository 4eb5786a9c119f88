"""Projections of what a filter keeps: principal components at once, t-SNE and UMAP by a job."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from sonde.bearings.core.datasets import Dataset
from sonde.bearings.core.exploring.facts import Facts
from sonde.bearings.core.exploring.filters import ExplorerFilter, filter_from_json
from sonde.bearings.core.features.registry import DEFAULT_NAMES
from sonde.bearings.core.projections import (
    MOST_POINTS,
    Method,
    Points,
    Projection,
    ProjectionSettings,
    Standardised,
    project,
    standardised,
)
from sonde.bearings.services import datasets, features
from sonde.bearings.services.explorer import keeping, looking, starting
from sonde.bearings.services.explorer.arrays import packed_arrays, unpacked_arrays
from sonde.platform.core.actor import Actor
from sonde.platform.core.errors import Invalid
from sonde.platform.core.jobs import Job, JobOutcome, JobRun

JOB_KIND = "bearings.projection"


@dataclass(frozen=True)
class ProjectionWish:
    """What is laid out, and how.

    Parameters
    ----------
    wanted : ExplorerFilter
    settings : ProjectionSettings
    names : tuple of str
        Features; none for the 36 of the original platform.
    """

    wanted: ExplorerFilter
    settings: ProjectionSettings
    names: tuple[str, ...] = ()


@dataclass(frozen=True)
class LaidOut:
    """A projection with what its points are.

    Parameters
    ----------
    settings : ProjectionSettings
    facts : Facts
        Of each point.
    projection : Projection
    names, left_out : tuple of str
        Features that were used, and those that do not vary or have gaps.
    n_kept : int
        Recordings that the filter keeps; more than there are points where some lack a value or
        only a sample is shown.
    """

    settings: ProjectionSettings
    facts: Facts
    projection: Projection
    names: tuple[str, ...]
    left_out: tuple[str, ...]
    n_kept: int


def find(actor: Actor, dataset_id: str, wish: ProjectionWish) -> LaidOut | Job | None:
    """Return a projection, the job that computes it, or None where nobody asked for it yet.

    Principal components are computed at once. Raises NotFound, Invalid where the filter keeps too
    little, and Conflict while the features are not extracted.
    """
    dataset = datasets.get(actor, dataset_id)
    key = _key(dataset, wish)
    kept = keeping.look(dataset, key)
    if kept is not None:
        return _unpacked(kept, looking.facts(dataset), wish.settings)
    if wish.settings.method is not Method.PCA:
        _rows(actor, dataset_id, wish)
        return starting.running(actor, key)
    rows, ready = _rows(actor, dataset_id, wish)
    found = _laid_out(rows, ready, wish, project(ready.values, wish.settings))
    keeping.keep(key, _packed(found, looking.facts(dataset)))
    return found


def start(actor: Actor, dataset_id: str, wish: ProjectionWish) -> Job | None:
    """Queue the projection; None where it is there already. Raises as `find`, and Forbidden."""
    found = find(actor, dataset_id, wish)
    if isinstance(found, LaidOut):
        return None
    if isinstance(found, Job) and not found.state.is_final:
        return found
    dataset = datasets.get(actor, dataset_id)
    params = {
        "filter": asdict(wish.wanted),
        "settings": asdict(wish.settings),
        "names": list(wish.names),
    }
    title = f"{wish.settings.method.value.upper()} of {dataset.name}"
    return starting.start(actor, dataset, JOB_KIND, params, key=_key(dataset, wish), title=title)


def run(job: JobRun, params: Mapping[str, Any]) -> JobOutcome:
    """Lay out a data set's recordings for whoever looks again."""
    settings = settings_from_json(params["settings"])
    wish = ProjectionWish(filter_from_json(params["filter"]), settings, tuple(params["names"]))
    with job.work():
        dataset = datasets.get(job.actor, params["dataset_id"])
        rows, ready = _rows(job.actor, dataset.id, wish)
        known, key, cache = looking.facts(dataset), _key(dataset, wish), keeping.outside()
    job.progress("Reading the features", 0.0)
    found = project(
        ready.values,
        settings,
        lambda fraction: job.progress(
            "Laying out" if fraction < 0.96 else "Checking neighbourhoods", fraction
        ),
    )
    cache.set(key, _packed(_laid_out(rows, ready, wish, found), known), keeping.TTL_S)
    return JobOutcome(
        {"recordings": len(found.points), "trustworthiness": round(found.trustworthiness, 4)}
    )


def settings_from_json(data: Mapping[str, Any]) -> ProjectionSettings:
    """Return settings that ``dataclasses.asdict`` made plain; raises Invalid."""
    try:
        return ProjectionSettings(
            method=Method(data.get("method", "pca")),
            dimensions=int(data.get("dimensions", 2)),
            seed=int(data.get("seed", 0)),
            perplexity=float(data.get("perplexity", 30.0)),
            neighbours=int(data.get("neighbours", 15)),
            min_dist=float(data.get("min_dist", 0.1)),
        )
    except (TypeError, ValueError) as error:
        raise Invalid("These settings cannot be understood.", field="settings") from error


def _rows(
    actor: Actor, dataset_id: str, wish: ProjectionWish
) -> tuple[looking.FeatureRows, Standardised]:
    rows = looking.feature_rows(actor, dataset_id, wish.wanted, wish.names)
    rows = looking.thinned(rows, MOST_POINTS, wish.wanted.seed)
    return rows, standardised(rows.table)


def _laid_out(
    rows: looking.FeatureRows, ready: Standardised, wish: ProjectionWish, found: Projection
) -> LaidOut:
    facts = rows.facts.at(ready.places)
    return LaidOut(wish.settings, facts, found, ready.names, ready.left_out, rows.n_kept)


def _key(dataset: Dataset, wish: ProjectionWish) -> str:
    names: Sequence[str] = wish.names or DEFAULT_NAMES
    stamps = features.stamps(dataset, (*names, *wish.wanted.feature_names))
    said = [wish.wanted.text, list(names), stamps, list(wish.settings.meaning)]
    return keeping.key_of(dataset, "projection", said)


def _packed(found: LaidOut, known: Facts) -> bytes:
    """Keep points by their places in the data set: what they are stands among its facts."""
    facts = {
        "trustworthiness": found.projection.trustworthiness,
        "explained": list(found.projection.explained),
        "names": found.names,
        "left_out": found.left_out,
        "n_kept": found.n_kept,
    }
    places = np.flatnonzero(np.isin(known.ids, found.facts.ids))
    points: Points = found.projection.points
    return packed_arrays(facts, {"points": points, "places": places})


def _unpacked(content: bytes, known: Facts, settings: ProjectionSettings) -> LaidOut:
    facts, arrays = unpacked_arrays(content)
    return LaidOut(
        settings,
        known.at(arrays["places"]),
        Projection(arrays["points"], facts["trustworthiness"], tuple(facts["explained"])),
        tuple(facts["names"]),
        tuple(facts["left_out"]),
        facts["n_kept"],
    )
