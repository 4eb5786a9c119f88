"""ROC and precision-recall of every class against the rest."""

from collections.abc import Mapping
from typing import Any, Final

import numpy as np

from sonde.learning.core.analysing.kind import AnalysisKind, Answer, Progress, accept_parameters
from sonde.learning.core.analysing.material import Material
from sonde.learning.core.evaluating.curves import ClassCurves, class_curves
from sonde.learning.core.evaluating.plain import about, bounds, number, numbers
from sonde.learning.core.held_out import HeldOut
from sonde.learning.core.hyper_parameters import HyperParameter

KNOBS: Final = (
    HyperParameter("n_draws", "Draws", "Of whole groups, for the bands.", 300, low=50, high=2000),
    HyperParameter("seed", "Seed", "Makes the bands repeatable.", 0, low=0, high=2**31 - 1),
)


def compute(
    materials: tuple[Material, ...], params: Mapping[str, Any], progress: Progress
) -> Answer:
    """Return both curves of every class; one without positives or negatives is skipped."""
    table = materials[0].held_out
    rows, skipped = [], []
    for label, name in enumerate(table.class_names):
        progress(label / len(table.class_names), name)
        found = class_curves(
            table.labels == label,
            table.probabilities[:, label],
            table.groups,
            params["n_draws"],
            params["seed"],
        )
        if found is None:
            skipped.append(name)
        else:
            rows.append(_row(table, label, found))
    whole = {
        "rows": rows,
        "skipped": skipped,
        "macro_auc": number(np.mean([row["auc"] for row in rows])) if rows else None,
        "macro_ap": number(np.mean([row["ap"] for row in rows])) if rows else None,
        "n_draws": params["n_draws"],
    }
    return Answer(about(table) | whole)


def _row(table: HeldOut, label: int, found: ClassCurves) -> dict[str, Any]:
    mine = table.labels == label
    return {
        "name": table.class_names[label],
        "n_samples": int(mine.sum()),
        "n_groups": len(np.unique(table.groups[mine])),
        "share": number(found.share),
        "auc": number(found.auc),
        "auc_interval": bounds(found.auc_interval),
        "ap": number(found.ap),
        "ap_interval": bounds(found.ap_interval),
        "roc": {
            "y": numbers(found.hit_rate),
            "low": numbers(found.hit_low),
            "high": numbers(found.hit_high),
        },
        "pr": {
            "y": numbers(found.precision),
            "low": numbers(found.precision_low),
            "high": numbers(found.precision_high),
        },
    }


KIND: Final = AnalysisKind(
    name="curves",
    title="ROC and precision-recall",
    help="Curves of every class against the rest over all thresholds, with bands over groups.",
    validate=lambda given: accept_parameters(KNOBS, given),
    compute=compute,
    page="/evaluation?experiment={ids}&tab=curves",
    is_quick=True,
)
