"""Where a model errs: confident mistakes, kinds of errors, labels that may be wrong."""

from collections import Counter
from collections.abc import Mapping
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from sonde.learning.core.analysing.kind import AnalysisKind, Answer, Progress, accept_parameters
from sonde.learning.core.analysing.material import Material
from sonde.learning.core.evaluating.error_clusters import (
    cluster_errors,
    standardise,
    telling_features,
)
from sonde.learning.core.evaluating.label_errors import LabelErrors, label_errors
from sonde.learning.core.evaluating.plain import about, number, numbers
from sonde.learning.core.held_out import HeldOut
from sonde.learning.core.hyper_parameters import HyperParameter
from sonde.learning.core.problem import Problem

KNOBS: Final = (
    HyperParameter(
        "most", "Listed", "Mistakes and candidates in each list.", 100, low=5, high=1000
    ),
    HyperParameter("seed", "Seed", "Makes clusters repeatable.", 0, low=0, high=2**31 - 1),
)
_MOST_ERRORS: Final = 1500
_MOST_RIGHT: Final = 750
_BATCH: Final = 64


def compute(
    materials: tuple[Material, ...], params: Mapping[str, Any], progress: Progress
) -> Answer:
    """Return lists of samples to look at, and clusters of errors in feature space."""
    table = materials[0].held_out
    wrong = np.flatnonzero(table.told != table.labels)
    sure = table.probabilities.max(axis=1)
    confident = wrong[np.argsort(-sure[wrong], kind="stable")][: params["most"]]
    doubted = label_errors(table.probabilities, table.labels)
    whole = {
        "n_errors": len(wrong),
        "error_rate": number(len(wrong) / len(table)),
        "mistakes": [_sample(table, int(row)) for row in confident],
        "label_errors": _label_errors(table, doubted, params["most"]),
        "by_group": _by_group(table),
        "clusters": _clusters(table, materials[0], wrong, params["seed"], progress),
    }
    return Answer(about(table) | whole)


def _sample(table: HeldOut, row: int) -> dict[str, Any]:
    """Return what a person must know to look at one sample."""
    told = int(table.told[row])
    return {
        "recording": str(table.recordings[row]),
        "first": int(table.spans[row, 0]),
        "last": int(table.spans[row, 1]),
        "group": str(table.groups[row]),
        "label": table.class_names[table.labels[row]],
        "told": table.class_names[told],
        "probability": number(table.probabilities[row, told]),
        "of_label": number(table.probabilities[row, table.labels[row]]),
        "fold": table.fold_names[table.folds[row]],
        "attributes": {name: str(values[row]) for name, values in table.attributes.items()},
    }


def _label_errors(table: HeldOut, found: LabelErrors, most: int) -> dict[str, Any]:
    candidates = np.flatnonzero(found.is_candidate)
    ranked = candidates[np.argsort(-found.margin[candidates], kind="stable")]
    return {
        "n_candidates": len(candidates),
        "share": number(len(candidates) / len(table)),
        "samples": [
            _sample(table, int(row))
            | {
                "suggested": table.class_names[found.suggested[row]],
                "margin": number(found.margin[row]),
            }
            for row in ranked[:most]
        ],
        "recordings": _recordings(table, found)[:most],
        "joint": [numbers(row) for row in found.joint],
    }


def _recordings(table: HeldOut, found: LabelErrors) -> list[dict[str, Any]]:
    """Return recordings most of whose samples contradict the label, the worst first."""
    rows = []
    for name in np.unique(table.recordings[found.is_candidate]):
        mine = table.recordings == name
        share = float(found.is_candidate[mine].mean())
        suggested = Counter(found.suggested[mine & found.is_candidate].tolist()).most_common(1)
        row = _sample(table, int(np.flatnonzero(mine)[0]))
        rows.append(
            {key: row[key] for key in ("recording", "group", "label", "attributes")}
            | {
                "first": int(table.spans[mine, 0].min()),
                "last": int(table.spans[mine, 1].max()),
                "share": number(share),
                "n_samples": int(mine.sum()),
                "margin": number(float(found.margin[mine].mean())),
                "suggested": table.class_names[suggested[0][0]],
            }
        )
    return sorted(rows, key=lambda row: (-row["share"], -row["margin"]))


def _by_group(table: HeldOut) -> list[dict[str, Any]]:
    """Return the share of errors of every group, the worst first."""
    names, position = np.unique(table.groups, return_inverse=True)
    counts = np.bincount(position)
    errors = np.bincount(position, weights=table.told != table.labels)
    order = np.argsort(-errors / counts, kind="stable")
    return [
        {
            "group": str(names[place]),
            "n_samples": int(counts[place]),
            "n_errors": int(errors[place]),
            "error_rate": number(errors[place] / counts[place]),
        }
        for place in order
    ]


def _clusters(
    table: HeldOut,
    material: Material,
    wrong: NDArray[np.intp],
    seed: int,
    progress: Progress,
) -> dict[str, Any]:
    """Return errors that are alike in their features, and in which features they are."""
    random = np.random.default_rng(seed)
    right = np.flatnonzero(table.told == table.labels)
    chosen = np.concatenate([_some(wrong, _MOST_ERRORS, random), _some(right, _MOST_RIGHT, random)])
    is_error = table.told[chosen] != table.labels[chosen]
    if not is_error.any():
        return {"rows": [], "points": [], "explained": None, "silhouette": None}
    problem = material.plan.problem
    features = _read(problem, table.samples[chosen], progress)
    progress(0.95, "Dividing the errors")
    found = cluster_errors(features, is_error, seed)
    of_sample = np.full(len(chosen), -1, dtype=np.intp)
    of_sample[is_error] = found.cluster
    scaled = standardise(features)
    return {
        "rows": [
            _cluster(table, chosen, of_sample, number_, scaled, problem.feature_names)
            for number_ in range(int(found.cluster.max()) + 1)
        ],
        "points": [
            [*numbers(place, 4), int(own), int(row)]
            for place, own, row in zip(found.places, of_sample, chosen, strict=True)
        ],
        "explained": number(found.explained),
        "silhouette": None if found.silhouette is None else number(found.silhouette),
    }


def _some(rows: NDArray[np.intp], most: int, random: np.random.Generator) -> NDArray[np.intp]:
    return rows if len(rows) <= most else np.sort(random.choice(rows, most, replace=False))


def _read(problem: Problem, samples: NDArray[np.int64], progress: Progress) -> NDArray[np.float64]:
    parts = []
    for start in range(0, len(samples), _BATCH):
        progress(0.05 + 0.9 * start / len(samples), "Measuring features")
        parts.append(problem.read_features(samples[start : start + _BATCH].astype(np.intp)))
    return np.concatenate(parts)


def _cluster(
    table: HeldOut,
    chosen: NDArray[np.intp],
    of_sample: NDArray[np.intp],
    place: int,
    scaled: NDArray[np.float64],
    names: tuple[str, ...],
) -> dict[str, Any]:
    mine = of_sample == place
    rows = chosen[mine]
    labels = np.unique(table.labels[rows])
    beside = (of_sample == -1) & np.isin(table.labels[chosen], labels)
    pairs = Counter(zip(table.labels[rows].tolist(), table.told[rows].tolist(), strict=True))
    (label, told), most = pairs.most_common(1)[0]
    groups = Counter(table.groups[rows].tolist())
    surest = rows[np.argmax(table.probabilities[rows].max(axis=1))]
    return {
        "name": f"Cluster {place + 1}",
        "n_samples": len(rows),
        "label": table.class_names[label],
        "told": table.class_names[told],
        "share_of_pair": number(most / len(rows)),
        "groups": [[str(name), count] for name, count in groups.most_common(5)],
        "n_groups": len(groups),
        "features": [
            [names[feature], number(gap, 3)]
            for feature, gap in telling_features(scaled, mine, beside)
        ],
        "example": _sample(table, int(surest)),
    }


KIND: Final = AnalysisKind(
    name="errors",
    title="Error analysis",
    help="Confident mistakes, kinds of errors in feature space, labels that may be wrong.",
    validate=lambda given: accept_parameters(KNOBS, given),
    compute=compute,
    page="/evaluation?experiment={ids}&tab=errors",
    is_quick=True,
)
