"""When a model should not answer: doubt, the reject option, and conditions it never saw."""

from collections.abc import Mapping
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from sonde.learning.core.analysing.kind import AnalysisKind, Answer, Progress, accept_parameters
from sonde.learning.core.analysing.material import Material
from sonde.learning.core.evaluating.curves import area_under_roc, count_thresholds
from sonde.learning.core.evaluating.grouped import GroupDraws, draw_groups, group_hands
from sonde.learning.core.evaluating.plain import about, number, numbers
from sonde.learning.core.evaluating.rejecting import (
    answered_by_others,
    risk_coverage,
    risk_over_coverage,
)
from sonde.learning.core.held_out import HeldOut
from sonde.learning.core.hyper_parameters import HyperParameter
from sonde.learning.core.novelty import UnseenValue, fit_novelty, leave_out, measure_unseen

KNOBS: Final = (
    HyperParameter(
        "most_risk",
        "Risk",
        "Share of wrong answers that may be among those given.",
        0.05,
        low=0.0,
        high=0.5,
    ),
    HyperParameter("n_draws", "Draws", "Of whole groups, for the band.", 300, low=50, high=2000),
    HyperParameter("seed", "Seed", "Makes the draws repeatable.", 0, low=0, high=2**31 - 1),
)
_HANDS: Final = 5
GRID: Final = np.linspace(0.05, 1.0, 96)


def compute(
    materials: tuple[Material, ...], params: Mapping[str, Any], progress: Progress
) -> Answer:
    """Return risk over coverage by each kind of doubt, and what novelty says of the unseen."""
    material = materials[0]
    table = material.held_out
    features = material.read_features(lambda done: progress(0.5 * done, "Measuring features"))
    wrong = table.told != table.labels
    draws = draw_groups(table.groups, table.labels, params["n_draws"], params["seed"])
    hands = group_hands(table.groups, table.labels, _HANDS, params["seed"])
    doubts = _doubts(table, _novelty(material, features, progress))
    curves = [
        {"name": name, "title": title}
        | _judged(wrong, doubt, draws)
        | _answered(wrong, doubt, hands, params["most_risk"])
        for name, title, doubt in doubts
    ]
    whole = {
        "coverage": numbers(GRID),
        "curves": curves,
        "error_rate": number(float(wrong.mean())),
        "most_risk": number(params["most_risk"]),
        "left_out": _left_out(material, features, progress),
    }
    return Answer(about(table) | whole)


def _doubts(
    table: HeldOut, novelty: NDArray[np.float64] | None
) -> list[tuple[str, str, NDArray[np.float64]]]:
    ranked = np.sort(table.probabilities, axis=1)
    spread = -(table.probabilities * np.log(np.maximum(table.probabilities, 1e-12))).sum(axis=1)
    found = [
        ("confidence", "1 - largest probability", 1.0 - ranked[:, -1]),
        ("margin", "Small lead over the second class", ranked[:, -2] - ranked[:, -1]),
        ("entropy", "Entropy of the probabilities", spread),
    ]
    if novelty is not None:
        found.append(("novelty", "Distance to the training windows", novelty))
    return found


def _novelty(
    material: Material, features: NDArray[np.float64], progress: Progress
) -> NDArray[np.float64] | None:
    """Return how far each held-out sample lies from its fold's training, 1 at the threshold."""
    table, problem = material.held_out, material.plan.problem
    answer = np.zeros(len(table))
    folds = material.plan.folds[: len(table.fold_names)]  # a stopped training has fewer
    for place, fold in enumerate(folds):
        progress(0.5 + 0.2 * place / len(folds), "Measuring novelty")
        if len(np.unique(problem.groups[fold.train])) < 2:
            return None
        scorer = fit_novelty(problem, fold.train, features[fold.train])
        mine = table.folds == place
        distances = scorer.distances(features[table.samples[mine]])
        answer[mine] = distances / max(scorer.threshold, 1e-12)
    return answer


def _judged(
    wrong: NDArray[np.bool_], doubt: NDArray[np.float64], draws: GroupDraws
) -> dict[str, Any]:
    curve = risk_coverage(wrong, doubt)
    drawn = np.array(
        [
            risk_over_coverage(wrong, doubt, GRID, draws.of_samples(number_))
            for number_ in range(len(draws.weights))
        ]
    )
    low, high = np.quantile(drawn, [0.025, 0.975], axis=0)
    can_tell = wrong.any() and not wrong.all()
    counts = count_thresholds(wrong, doubt)
    return {
        "risk": numbers(risk_over_coverage(wrong, doubt, GRID, np.ones(len(wrong)))),
        "low": numbers(low),
        "high": numbers(high),
        "area": number(curve.area),
        "best_area": number(curve.best_area),
        "auroc": number(area_under_roc(counts)) if can_tell else None,
    }


def _answered(
    wrong: NDArray[np.bool_], doubt: NDArray[np.float64], hands: NDArray[np.intp], most: float
) -> dict[str, Any]:
    """Return how much is answered, and what is wrong of it, by limits that other groups taught."""
    answered = answered_by_others(wrong, doubt, hands, most)
    risk = float(wrong[answered].mean()) if answered.any() else None
    return {
        "coverage_at_risk": number(float(answered.mean())),
        "risk_of_answered": None if risk is None else number(risk),
    }


def _left_out(
    material: Material, features: NDArray[np.float64], progress: Progress
) -> list[dict[str, Any]]:
    """Return how surely each class, and each value of a condition, is told as unseen."""
    problem = material.plan.problem
    rows = []
    for label, name in enumerate(problem.class_names):
        progress(0.7 + 0.15 * label / len(problem.class_names), f"Leaving out {name}")
        is_unseen = problem.labels == label
        found = leave_out(problem, features, is_unseen, name) if is_unseen.any() else None
        if found is not None:
            rows.append({"what": "class"} | _unseen(found))
    measured = measure_unseen(
        problem, features, lambda done: progress(0.85 + 0.14 * done, "Leaving out conditions")
    )
    return rows + [
        {"what": attribute.attribute} | _unseen(value)
        for attribute in measured
        for value in attribute.values
    ]


def _unseen(found: UnseenValue) -> dict[str, Any]:
    return {
        "value": found.value,
        "auroc": number(found.auroc),
        "n_unseen": found.n_unseen,
        "n_known": found.n_known,
        "flagged": None if found.flagged is None else number(found.flagged),
    }


KIND: Final = AnalysisKind(
    name="unseen",
    title="Unseen and rejected",
    help="Risk over coverage where the model may refuse, and what it makes of the unseen.",
    validate=lambda given: accept_parameters(KNOBS, given),
    compute=compute,
    page="/evaluation?experiment={ids}&tab=unseen",
    version=2,
)
