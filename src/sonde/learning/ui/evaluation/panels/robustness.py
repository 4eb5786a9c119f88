"""Score over the levels of one change."""

from collections.abc import Mapping
from typing import Any

from sonde.learning.ui.evaluation.figures import level_figure
from sonde.learning.ui.evaluation.ids import EvaluationId
from sonde.learning.ui.evaluation.panels.panel import Linked, between, figure
from sonde.platform.ui.components import card, columns, note
from sonde.platform.ui.figures import Twin, graph
from sonde.platform.ui.tables import Column
from sonde.platform.ui.theme import Tone
from sonde.platform.ui.wording import count


def in_order(rows: list[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """Return levels as they lie on an axis: the untouched one first where it is an end."""
    levels = [row["level"] for row in rows]
    if None in levels or levels == sorted(levels):
        return rows
    return sorted(rows, key=lambda row: row["level"])


def panel(found: Mapping[str, Any], _linked: Linked) -> list[Any]:
    """Return the score and the recalls over the levels."""
    rows = in_order(found["rows"])
    parts: list[Any] = [columns([_score(found, rows), _recalls(found, rows)], minimum=420)]
    if not found["repeats"]:
        parts.append(
            note(
                "The refitted models do not repeat the experiment's own answers to the last digit; "
                "compare levels with each other rather than with the experiment's score.",
                Tone.WARN,
            )
        )
    return parts


def _score(found: Mapping[str, Any], rows: list[Mapping[str, Any]]) -> Any:
    untouched = found["rows"][0]
    worst = min(found["rows"], key=lambda row: row["macro_f1"])
    chart = graph(
        level_figure(rows, [("Macro-F1", [row["macro_f1"] for row in rows])]),
        id=EvaluationId.ROBUSTNESS,
        name=f"Macro-F1 over {found['title'].lower()}",
        summary=f"Untouched the models reach {figure(untouched['macro_f1'])}; at worst, "
        f"at {worst['name']}, {figure(worst['macro_f1'])} ({between(worst['macro_f1_interval'])}).",
        twin=Twin(
            [
                Column("Level"),
                Column("Macro-F1", numeric=True),
                Column("95 %", numeric=True),
                Column("Accuracy", numeric=True),
                Column("95 %", numeric=True),
                Column("Mean told probability", numeric=True),
            ],
            [
                [
                    row["name"],
                    figure(row["macro_f1"]),
                    between(row["macro_f1_interval"]),
                    figure(row["accuracy"]),
                    between(row["accuracy_interval"]),
                    figure(row["mean_told"]),
                ]
                for row in rows
            ],
        ),
        height=340,
    )
    words = (
        f"{found['help']} {count(found['n_tested'])} samples, asked of models that never saw them."
    )
    return card(chart, title=f"{found['title']}: score", description=words)


def _recalls(found: Mapping[str, Any], rows: list[Mapping[str, Any]]) -> Any:
    names = found["classes"]
    series = [(name, [row["recalls"][place] for row in rows]) for place, name in enumerate(names)]
    lost = {
        name: (found["rows"][0]["recalls"][place] or 0.0)
        - min(row["recalls"][place] or 0.0 for row in rows)
        for place, name in enumerate(names)
    }
    first = max(lost, key=lambda name: lost[name])
    chart = graph(
        level_figure(rows, series),
        id=EvaluationId.RECALLS,
        name=f"Recall of every class over {found['title'].lower()}",
        summary=f"{first} loses most: {figure(lost[first])} of its recall.",
        twin=Twin(
            [Column("Level"), *(Column(name, numeric=True) for name in names)],
            [[row["name"], *map(figure, row["recalls"])] for row in rows],
        ),
        height=340,
    )
    return card(
        chart,
        title=f"{found['title']}: recall by class",
        description="Share of each class's samples that is still told right.",
    )
