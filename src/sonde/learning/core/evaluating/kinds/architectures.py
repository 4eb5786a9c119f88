"""What models cost and what they are worth: score, size and speed, and the front of the best."""

import time
from collections.abc import Callable, Mapping
from functools import partial
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from sonde.learning.core.analysing.kind import AnalysisKind, Answer, Progress, accept_parameters
from sonde.learning.core.analysing.material import Material
from sonde.learning.core.evaluating.grouped import draw_groups
from sonde.learning.core.evaluating.pareto import pareto_front
from sonde.learning.core.evaluating.plain import about, bounds, number
from sonde.learning.core.evaluating.scoring import score
from sonde.learning.core.fitting.specification import FittedModel
from sonde.learning.core.hyper_parameters import HyperParameter
from sonde.learning.core.problem import Problem
from sonde.platform.core.errors import Invalid

KNOBS: Final = (
    HyperParameter("n_runs", "Runs", "Of each model on one window, timed.", 100, low=20, high=2000),
    HyperParameter("n_draws", "Draws", "Of whole groups, for intervals.", 2000, low=50, high=2000),
    HyperParameter("seed", "Seed", "Makes the draws repeatable.", 0, low=0, high=2**31 - 1),
)
_WARM_UP: Final = 5


def compute(
    materials: tuple[Material, ...], params: Mapping[str, Any], progress: Progress
) -> Answer:
    """Return score, size and latency of every model, all tested on the same samples."""
    first = materials[0].held_out
    for material in materials[1:]:
        if material.held_out.test_key != first.test_key:
            raise Invalid(
                f"{material.title} was tested on other samples than {materials[0].title}: their "
                "scores say nothing about each other. Train it with the same data and split.",
                experiment_id=material.id,
            )
    rows = []
    for place, material in enumerate(materials):
        progress(place / len(materials), material.title)
        check = partial(progress, place / len(materials), "Timing")
        rows.append(_row(material, params, check))
    costs = np.array([[-row["macro_f1"], row["p50_ms"], row["bytes"]] for row in rows])
    for row, is_best in zip(rows, pareto_front(costs), strict=True):
        row["is_best"] = bool(is_best)
    return Answer(about(first) | {"rows": rows, "n_runs": params["n_runs"]})


def _row(
    material: Material, params: Mapping[str, Any], check: Callable[[], None]
) -> dict[str, Any]:
    table = material.held_out
    timed, with_features = _latencies(material, params["n_runs"], check)
    draws = draw_groups(table.groups, table.labels, params["n_draws"], params["seed"])
    found = score(table.labels, table.told, table.folds, len(table.class_names), draws)
    return {
        "id": material.id,
        "title": material.title,
        "model": material.specification.title,
        "family": material.specification.family,
        "eats": material.specification.eats,
        "macro_f1": number(found.macro_f1),
        "macro_f1_interval": bounds(found.macro_f1_interval),
        "accuracy": number(found.accuracy),
        "accuracy_interval": bounds(found.accuracy_interval),
        "bytes": material.model_bytes,
        "n_values": int(sum(one.size for one in material.bundle.fitted.arrays().values())),
        "p50_ms": number(float(np.quantile(timed, 0.5)), 4),
        "p95_ms": number(float(np.quantile(timed, 0.95)), 4),
        "with_features": with_features,
    }


def _latencies(
    material: Material, n_runs: int, check: Callable[[], None]
) -> tuple[NDArray[np.float64], bool]:
    """Return milliseconds from one window to probabilities, and whether features are in it."""
    problem = material.plan.problem
    ask, with_features = _question(problem, material.specification.eats, material.bundle.fitted)
    for _ in range(_WARM_UP):
        ask()
    taken = []
    for _ in range(n_runs):
        check()
        started = time.perf_counter()
        ask()
        taken.append(1000.0 * (time.perf_counter() - started))
    return np.array(taken), with_features


def _question(
    problem: Problem, eats: str, fitted: FittedModel
) -> tuple[Callable[[], NDArray[np.float64]], bool]:
    first = np.array([0], dtype=np.intp)
    window = problem.read_windows(first)
    if eats == "windows":
        return (lambda: fitted.predict_proba(window)), False
    measure = problem.features_of_windows
    if measure is not None:
        return (lambda: fitted.predict_proba(measure(window, first))), True
    features = problem.read_features(first)
    return (lambda: fitted.predict_proba(features)), False


KIND: Final = AnalysisKind(
    name="architectures",
    title="Architectures",
    help="Score with interval, size and latency of models tested on the same samples.",
    validate=lambda given: accept_parameters(KNOBS, given),
    compute=compute,
    page="/evaluation?experiment={ids}&tab=architectures",
    most=20,
)
