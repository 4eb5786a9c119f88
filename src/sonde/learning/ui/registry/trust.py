"""How far a version's answers can be believed, by what held-out samples taught."""

from typing import Any

from dash import html

from sonde.learning.core.calibrated import (
    COVERAGE,
    FEWEST_TO_REJECT,
    MOST_RISK,
    NEVER,
    UnitCalibration,
)
from sonde.learning.core.registry import ModelVersion
from sonde.platform.ui.components import stack
from sonde.platform.ui.tables import Column, plain_table
from sonde.platform.ui.wording import count


def trust_details(one: ModelVersion) -> Any:
    """Return temperature, sets and the limit of rejection, or why there are none."""
    summary = html.Summary("How far its answers can be believed")
    if one.calibration is None:
        words = html.P(f"Uncalibrated. {one.calibration_words}", className="sonde-dim")
        return html.Details([summary, words], className="sonde-twin")
    found = one.calibration
    heads = (Column(""), Column("A recording", numeric=True), Column("A window", numeric=True))
    both = (_figures(found.recordings), _figures(found.windows))
    rows = [[name, *(figures[name] for figures in both)] for name in both[0]]
    words = html.P(
        f"Learned from what the models of the folds said of {found.n_groups} held-out "
        f"{found.group_noun}s. Errors and shares are of {found.group_noun}s that did not teach "
        "them. The verdict is never changed, only how sure it is.",
        className="sonde-dim",
    )
    return html.Details([summary, stack([words, plain_table(heads, rows)])], className="sonde-twin")


def _figures(unit: UnitCalibration) -> dict[str, str]:
    return {
        "Held-out samples": count(unit.n),
        "Temperature (above 1: it was too sure)": f"{unit.temperature:.2f}",
        "Calibration error as told": f"{unit.error_told:.1%}",
        "Calibration error, calibrated": f"{unit.error_mended:.1%}",
        f"Sets for {COVERAGE:.0%} held the true class in": (
            "too few to promise" if unit.set_limit is None else f"{unit.coverage:.1%}"
        ),
        "Answers from a probability of": _from(unit),
        "Would have answered": f"{unit.answered:.1%}",
        f"Wrong among those (aim: {MOST_RISK:.0%})": f"{unit.risk:.1%}" if unit.answered else "–",
    }


def _from(unit: UnitCalibration) -> str:
    if unit.answer_from is None:
        return "too few to tell" if unit.n < FEWEST_TO_REJECT else "no limit helped"
    return "never" if unit.answer_from == NEVER else f"{unit.answer_from:.1%}"
