"""Sets of classes with a promised coverage, and what they achieve by class and condition."""

from collections.abc import Mapping
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from sonde.learning.core.analysing.kind import AnalysisKind, Answer, Progress, accept_parameters
from sonde.learning.core.analysing.material import Material
from sonde.learning.core.evaluating.conformal import METHODS, SetConfig, prediction_sets
from sonde.learning.core.evaluating.grouped import draw_groups, group_hands, interval
from sonde.learning.core.evaluating.kinds.calibration import require_groups
from sonde.learning.core.evaluating.plain import about, bounds, number, numbers
from sonde.learning.core.held_out import HeldOut
from sonde.learning.core.hyper_parameters import HyperParameter

KNOBS: Final = (
    HyperParameter(
        "method",
        "Method",
        "lac: smallest sets; aps: sets that grow with doubt; raps: aps, kept small.",
        "lac",
        choices=METHODS,
    ),
    HyperParameter(
        "alpha",
        "May be missed",
        "Share of true classes outside their set.",
        0.1,
        low=0.01,
        high=0.5,
    ),
    HyperParameter(
        "penalty",
        "Penalty",
        "Of raps, for each class beyond the free ones.",
        0.1,
        low=0.0,
        high=1.0,
    ),
    HyperParameter("free", "Free classes", "That raps does not penalise.", 1, low=0, high=20),
    HyperParameter("hands", "Parts", "Groups are dealt to this many parts.", 5, low=2, high=20),
    HyperParameter("n_draws", "Draws", "Of whole groups, for intervals.", 500, low=50, high=2000),
    HyperParameter("seed", "Seed", "Makes everything repeatable.", 0, low=0, high=2**31 - 1),
)
_MOST_VALUES: Final = 12


def compute(
    materials: tuple[Material, ...], params: Mapping[str, Any], progress: Progress
) -> Answer:
    """Return achieved coverage and size of sets that were calibrated on other groups."""
    table = materials[0].held_out
    require_groups(table, 2)
    config = SetConfig(
        params["method"], params["alpha"], params["penalty"], params["free"], params["seed"]
    )
    progress(0.1, "Calibrating by group")
    hands = group_hands(table.groups, table.labels, params["hands"], params["seed"])
    sets, thresholds = prediction_sets(table.probabilities, table.labels, hands, config)
    progress(0.4, "Calibrating by sample, to compare")
    torn = np.random.default_rng(params["seed"]).permutation(
        np.arange(len(table)) % (hands.max() + 1)
    )
    by_sample, _ = prediction_sets(table.probabilities, table.labels, torn, config)
    progress(0.6, "Counting")
    judge = _Judge(table, sets, params["n_draws"], params["seed"])
    every = np.ones(len(table), dtype=np.bool_)
    sizes = sets.sum(axis=1)
    n_classes = len(table.class_names)
    whole = {
        "promised": number(1.0 - config.alpha),
        "overall": judge.row("all", every),
        "by_sample_coverage": number(_covered(table, by_sample).mean()),
        "sizes": np.bincount(sizes, minlength=n_classes + 1)[1:].tolist(),
        "by_class": [
            judge.row(name, table.labels == label)
            for label, name in enumerate(table.class_names)
            if (table.labels == label).any()
        ],
        "by_condition": _by_condition(table, judge),
        "thresholds": numbers(thresholds),
        "full_sets": int((sizes == n_classes).sum()),
        "hands": int(hands.max()) + 1,
    }
    return Answer(about(table) | dict(params) | whole, {"sets": sets})


def _covered(table: HeldOut, sets: NDArray[np.bool_]) -> NDArray[np.bool_]:
    return sets[np.arange(len(table)), table.labels]


def _by_condition(table: HeldOut, judge: "_Judge") -> list[dict[str, Any]]:
    rows = []
    for name, values in sorted(table.attributes.items()):
        distinct = np.unique(values)
        if 2 <= len(distinct) <= _MOST_VALUES:
            rows += [
                {"condition": name} | judge.row(str(value), values == value) for value in distinct
            ]
    return rows


class _Judge:
    """Counts coverage and size of some samples, with intervals over groups."""

    def __init__(self, table: HeldOut, sets: NDArray[np.bool_], n_draws: int, seed: int) -> None:
        self._table = table
        self._covered = _covered(table, sets)
        self._sizes = sets.sum(axis=1)
        self._draws = draw_groups(table.groups, table.labels, n_draws, seed)

    def row(self, name: str, mine: NDArray[np.bool_]) -> dict[str, Any]:
        """Return the figures of the samples that `mine` names."""
        counts = self._draws.sums(np.stack([mine, mine & self._covered], axis=1))
        with np.errstate(invalid="ignore", divide="ignore"):
            drawn = counts[:, 1] / counts[:, 0]
        return {
            "name": name,
            "n_samples": int(mine.sum()),
            "n_groups": len(np.unique(self._table.groups[mine])),
            "coverage": number(float(self._covered[mine].mean())),
            "coverage_interval": bounds(interval(drawn)),
            "mean_size": number(float(self._sizes[mine].mean())),
            "single": number(float((self._sizes[mine] == 1).mean())),
        }


KIND: Final = AnalysisKind(
    name="prediction-sets",
    title="Prediction sets",
    help="Sets of classes that hold the true one with a promised chance, calibrated by group.",
    validate=lambda given: accept_parameters(KNOBS, given),
    compute=compute,
    page="/evaluation?experiment={ids}&tab=sets",
    is_quick=True,
)
