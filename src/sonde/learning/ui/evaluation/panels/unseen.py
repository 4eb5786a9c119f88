"""Risk over coverage, and how surely the unseen is told."""

from collections.abc import Mapping
from typing import Any

from sonde.learning.ui.evaluation.figures import risk_figure
from sonde.learning.ui.evaluation.ids import EvaluationId
from sonde.learning.ui.evaluation.panels.panel import Linked, figure, share
from sonde.platform.ui.components import card, note
from sonde.platform.ui.figures import Twin, graph
from sonde.platform.ui.tables import Column, plain_table
from sonde.platform.ui.theme import Tone
from sonde.platform.ui.wording import count

_SHOWN = (0.5, 0.7, 0.8, 0.9, 0.95, 1.0)


def panel(found: Mapping[str, Any], _linked: Linked) -> list[Any]:
    """Return the reject option and the left-out classes and conditions."""
    return [_risk(found), _doubts(found), _left_out(found)]


def _risk(found: Mapping[str, Any]) -> Any:
    curves = found["curves"]
    best = max(curves, key=lambda one: one["coverage_at_risk"])
    places = [
        min(range(len(found["coverage"])), key=lambda at: abs(found["coverage"][at] - wanted))
        for wanted in _SHOWN
    ]
    chart = graph(
        risk_figure(found["coverage"], curves),
        id=EvaluationId.RISK,
        name="Share of wrong answers over the share that is answered",
        summary=f"Answering everything, {share(found['error_rate'])} are wrong; by "
        f"{best['title'].lower()}, {share(best['coverage_at_risk'])} are answered up to the limit "
        f"that other groups taught for {share(found['most_risk'])}, "
        f"{share(best['risk_of_answered'] or 0.0)} of them wrongly.",
        twin=Twin(
            [Column("Answered", numeric=True)]
            + [Column(one["title"], numeric=True) for one in curves],
            [
                [share(found["coverage"][at]), *(share(one["risk"][at]) for one in curves)]
                for at in places
            ],
        ),
        height=360,
    )
    return card(
        chart,
        title="Reject option",
        description="The most doubtful samples are not answered; what is left is wrong less often.",
    )


def _doubts(found: Mapping[str, Any]) -> Any:
    heads = (
        Column("Doubt"),
        Column("Tells wrong answers, AUROC", numeric=True),
        Column(f"Answered for {share(found['most_risk'])} risk", numeric=True),
        Column("Wrong of it", numeric=True),
        Column("Mean risk", numeric=True),
        Column("Best possible", numeric=True),
    )
    rows = [
        [
            one["title"],
            figure(one["auroc"]),
            share(one["coverage_at_risk"]),
            "-" if one["risk_of_answered"] is None else share(one["risk_of_answered"]),
            figure(one["area"]),
            figure(one["best_area"]),
        ]
        for one in found["curves"]
    ]
    return card(
        plain_table(heads, rows),
        title="Kinds of doubt",
        description="AUROC 0.5 is guessing. Distances are taken to what each fold trained on.",
    )


def _left_out(found: Mapping[str, Any]) -> Any:
    if not found["left_out"]:
        noun = found["group_noun"]
        return note(f"Too few {noun}s to leave anything out and judge the rest.", Tone.WARN)
    heads = (
        Column("Left out"),
        Column("Value"),
        Column("AUROC", numeric=True),
        Column("Flagged", numeric=True),
        Column("Unseen recordings", numeric=True),
        Column("Known recordings", numeric=True),
    )
    rows = [
        [
            row["what"].replace("_", " "),
            row["value"],
            figure(row["auroc"]),
            share(row["flagged"]),
            count(row["n_unseen"]),
            count(row["n_known"]),
        ]
        for row in sorted(found["left_out"], key=lambda row: row["auroc"])
    ]
    return card(
        plain_table(heads, rows),
        title="What was never seen",
        description="A class or a condition is left out of the reference; AUROC says how surely "
        "its recordings lie further away than known ones, Flagged how many raise the warning.",
        id=EvaluationId.UNSEEN,
    )
