"""Reliability as told and mended."""

from collections.abc import Mapping
from typing import Any

from sonde.learning.ui.evaluation.figures import reliability_figure
from sonde.learning.ui.evaluation.ids import EvaluationId
from sonde.learning.ui.evaluation.panels.panel import Linked, between, figure
from sonde.platform.ui.components import card
from sonde.platform.ui.figures import Twin, graph
from sonde.platform.ui.tables import Column, plain_table
from sonde.platform.ui.wording import count

_MOST_GROUPS = 20


def panel(found: Mapping[str, Any], _linked: Linked) -> list[Any]:
    """Return the diagram and the figures of every way."""
    return [card(_chart(found), title="Reliability"), _table(found), _groups(found)]


def _chart(found: Mapping[str, Any]) -> Any:
    told = found["rows"][0]
    best = min(found["rows"], key=lambda row: row["error"])
    gap = told["mean_told"] - told["accuracy"]
    mood = "too sure" if gap > 0 else "not sure enough"
    return graph(
        reliability_figure(found["rows"]),
        id=EvaluationId.RELIABILITY,
        name="What came true over what was told",
        summary=f"On average the model tells {figure(told['mean_told'])} and "
        f"{figure(told['accuracy'])} come true: it is {mood} by {figure(abs(gap))}. The smallest "
        f"calibration error is {figure(best['error'])} ({best['title'].lower()}).",
        twin=Twin(
            [
                Column("Way"),
                Column("Told", numeric=True),
                Column("Came true", numeric=True),
                Column("95 %", numeric=True),
                Column("Samples", numeric=True),
            ],
            [
                [
                    row["title"],
                    figure(row["told"][place]),
                    figure(row["came_true"][place]),
                    between([row["low"][place], row["high"][place]]),
                    count(row["counts"][place]),
                ]
                for row in found["rows"]
                for place in range(found["n_bins"])
                if row["counts"][place]
            ],
        ),
        height=380,
    )


def _table(found: Mapping[str, Any]) -> Any:
    heads = (
        Column("Way"),
        Column("Calibration error", numeric=True),
        Column("95 %", numeric=True),
        Column("Log loss", numeric=True),
        Column("Brier", numeric=True),
        Column("Accuracy", numeric=True),
    )
    rows = [
        [
            row["title"],
            figure(row["error"]),
            between(row["error_interval"]),
            figure(row["log_loss"]),
            figure(row["brier"]),
            figure(row["accuracy"]),
        ]
        for row in found["rows"]
    ]
    noun = found["group_noun"]
    return card(
        plain_table(heads, rows),
        title="What mending brings",
        description=f"Each {noun}'s probabilities are mended by what the {noun}s of the other "
        f"{found['hands'] - 1} of {found['hands']} parts teach. The temperature of all together "
        f"is {found['temperature']:.2f}; above 1 the model was too sure.",
    )


def _groups(found: Mapping[str, Any]) -> Any:
    noun = found["group_noun"]
    ways = [row["title"] for row in found["rows"]]
    shown = found["by_group"][:_MOST_GROUPS]
    heads = [
        Column(noun.capitalize()),
        Column("Samples", numeric=True),
        Column("Came true", numeric=True),
        *(Column(f"{way}: told", numeric=True) for way in ways),
        *(Column(f"{way}: gap", numeric=True) for way in ways),
    ]
    rows = [
        [
            row["group"],
            count(row["n_samples"]),
            figure(row["came_true"][0]),
            *map(figure, row["told"]),
            *(
                f"{told - true:+.3f}"
                for told, true in zip(row["told"], row["came_true"], strict=True)
            ),
        ]
        for row in shown
    ]
    more = len(found["by_group"]) - len(shown)
    words = f"The worst {len(shown)}; {more} more are better. " if more else ""
    return card(
        plain_table(heads, rows),
        title=f"By {noun}",
        description=f"{words}A gap above 0: too sure on this {noun}. One {noun} has few samples "
        "that are alike, so single gaps are rough; many of one sign are not.",
    )
