"""What the features tell: which matter to a model, which say the same, how they are spread."""

from collections.abc import Mapping
from itertools import combinations
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from sonde.learning.core.analysing.kind import AnalysisKind, Answer, Progress, accept_parameters
from sonde.learning.core.analysing.material import Material
from sonde.learning.core.embedding.feature_facts import (
    alike_together,
    lost_by_shuffling,
    rank_correlation,
    variance_shares,
)
from sonde.learning.core.evaluating.grouped import draw_groups, interval
from sonde.learning.core.evaluating.plain import bounds, number, numbers
from sonde.learning.core.fitting.calibration import subsample
from sonde.learning.core.hyper_parameters import HyperParameter
from sonde.learning.core.problem import Problem
from sonde.platform.core.errors import Invalid

KNOBS: Final = (
    HyperParameter(
        "look",
        "Look",
        "What is asked of the features.",
        "importance",
        choices=("importance", "correlation", "distributions"),
    ),
    HyperParameter(
        "most",
        "Samples",
        "At most, every class alike; for importance of each fold.",
        600,
        low=20,
        high=5000,
    ),
    HyperParameter("repeats", "Shuffles", "Of each feature, for importance.", 5, low=1, high=50),
    HyperParameter("seed", "Seed", "Of choice and shuffling.", 0, low=0, high=2**31 - 1),
)
_DRAWS: Final = 500
_QUANTILES: Final = (0.05, 0.25, 0.5, 0.75, 0.95)
_ALIKE: Final = 0.9
_MOST_PAIRS: Final = 100


def compute(
    materials: tuple[Material, ...], params: Mapping[str, Any], progress: Progress
) -> Answer:
    """Return what was asked of the features of a problem's samples."""
    material = materials[0]
    features = material.read_features(lambda done: progress(0.4 * done, "Measuring features"))
    problem = material.plan.problem
    if not features.shape[1]:
        raise Invalid(f"{problem.title} has no features to look at.")
    if not np.isfinite(features).all():
        raise Invalid(f"Some features of {problem.title} are no numbers: nothing can be compared.")
    chosen = subsample(problem, np.arange(len(problem)), params["most"], params["seed"])
    progress(0.4, "Comparing features")
    shares = variance_shares(features[chosen], problem.labels[chosen], problem.groups[chosen])
    whole = {
        "look": params["look"],
        "names": list(problem.feature_names),
        "class_names": list(problem.class_names),
        "group_noun": problem.group_noun,
        "n_samples": len(chosen),
        "between_classes": numbers(shares[0]),
        "between_groups": numbers(shares[1]),
    }
    if params["look"] == "importance":
        return Answer(whole | _importance(material, features, params, progress))
    if params["look"] == "correlation":
        return Answer(whole | _correlation(problem, features[chosen]))
    return Answer(whole | _distributions(problem, features, chosen))


def _importance(
    material: Material, features: NDArray[np.float64], params: Mapping[str, Any], progress: Progress
) -> dict[str, Any]:
    """Return what the model loses without each feature; nothing of one that eats no features."""
    eats_features = material.specification.eats == "features"
    about = {"model": material.specification.title, "eats_features": eats_features}
    if not eats_features:
        return about | {"lost": [], "n_tested": 0}
    parts = [
        _fold_losses(material, features, place, params, progress)
        for place in range(len(material.held_out.fold_names))
    ]
    chosen = np.concatenate([part[0] for part in parts])
    lost = np.concatenate([part[1] for part in parts])
    problem = material.plan.problem
    draws = draw_groups(problem.groups[chosen], problem.labels[chosen], _DRAWS, params["seed"])
    counts = draws.sums(np.ones(len(chosen)))
    drawn = draws.sums(lost) / counts[:, None]
    rows = [
        {"lost": number(mean), "interval": bounds(interval(column))}
        for mean, column in zip(lost.mean(axis=0), drawn.T, strict=True)
    ]
    return about | {"lost": rows, "n_tested": len(chosen), "n_groups": len(draws.names)}


def _fold_losses(
    material: Material,
    features: NDArray[np.float64],
    place: int,
    params: Mapping[str, Any],
    progress: Progress,
) -> tuple[NDArray[np.intp], NDArray[np.float64]]:
    """Return one fold's test samples, and what each loses by every feature (sample, feature)."""
    problem, n_folds = material.plan.problem, len(material.held_out.fold_names)
    fold = material.plan.folds[place]
    begin, share = 0.4 + 0.6 * place / n_folds, 0.6 / n_folds
    fitted = material.fit_fold(
        place, lambda done: progress(begin + 0.4 * share * done, f"Fitting {fold.name}")
    )
    chosen = subsample(problem, fold.test, params["most"], params["seed"])
    random = np.random.default_rng([params["seed"], place])
    shuffles = np.stack([random.permutation(len(chosen)) for _ in range(params["repeats"])])
    columns = []
    for column, name in enumerate(problem.feature_names):
        done = column / len(problem.feature_names)
        progress(begin + share * (0.4 + 0.6 * done), f"Shuffling {name}")
        columns.append(
            lost_by_shuffling(
                lambda asked: fitted.predict_proba(asked).argmax(axis=1),
                features[chosen],
                problem.labels[chosen],
                column,
                shuffles,
            )
        )
    return chosen, np.stack(columns, axis=1)


def _correlation(problem: Problem, features: NDArray[np.float64]) -> dict[str, Any]:
    """Return Spearman's correlations, alike ones together, and the pairs that say the same."""
    found = rank_correlation(features)
    order = alike_together(found)
    pairs = [
        (float(found[one, other]), one, other)
        for one, other in combinations(range(len(found)), 2)
        if abs(found[one, other]) >= _ALIKE
    ]
    pairs.sort(key=lambda pair: -abs(pair[0]))
    return {
        "order": order.tolist(),
        "correlation": [numbers(row, 2) for row in found[np.ix_(order, order)]],
        "alike": _ALIKE,
        "n_alike": len(pairs),
        "pairs": [
            [problem.feature_names[one], problem.feature_names[other], number(value, 3)]
            for value, one, other in pairs[:_MOST_PAIRS]
        ],
    }


def _distributions(
    problem: Problem, features: NDArray[np.float64], chosen: NDArray[np.intp]
) -> dict[str, Any]:
    """Return quantiles of every feature for every class that has samples."""
    labels = problem.labels[chosen]
    present = [label for label in range(len(problem.class_names)) if (labels == label).any()]
    return {
        "quantiles": list(_QUANTILES),
        "classes": [
            {
                "name": problem.class_names[label],
                "n_samples": int((labels == label).sum()),
                "n_groups": len(np.unique(problem.groups[chosen][labels == label])),
                "values": [
                    _significant(column)
                    for column in np.quantile(features[chosen][labels == label], _QUANTILES, 0).T
                ],
            }
            for label in present
        ],
    }


def _significant(values: NDArray[np.float64]) -> list[float]:
    """Return values to six significant digits: features may be of any size."""
    return [float(f"{value:.6g}") for value in values.tolist()]


def accepted(given: Mapping[str, object]) -> dict[str, Any]:
    """Return every parameter checked; what changes nothing has its default, so that it is kept.

    Examples
    --------
    >>> accepted({"look": "correlation", "repeats": 9})["repeats"]
    5
    """
    params = accept_parameters(KNOBS, given)
    if params["look"] != "importance":
        params["repeats"] = next(knob.default for knob in KNOBS if knob.name == "repeats")
    return params


KIND: Final = AnalysisKind(
    name="features",
    title="Features",
    help="Which features matter to the model on samples that it never saw, which say the same, and "
    "how they are spread over the classes.",
    validate=accepted,
    compute=compute,
    page="/visualization?experiment={ids}&tab=features",
)
