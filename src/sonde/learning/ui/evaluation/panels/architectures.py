"""Score, size and speed of models, and the front of the best."""

from collections.abc import Mapping
from typing import Any

import dash_mantine_components as dmc

from sonde.learning.ui.evaluation.figures import front_figure
from sonde.learning.ui.evaluation.ids import EvaluationId
from sonde.learning.ui.evaluation.panels.panel import Linked, between, figure
from sonde.platform.ui.components import badge, card
from sonde.platform.ui.figures import Twin, graph
from sonde.platform.ui.tables import Column, plain_table
from sonde.platform.ui.theme import Tone
from sonde.platform.ui.wording import count

_HEADS = (
    Column("Model"),
    Column("Macro-F1", numeric=True),
    Column("95 %", numeric=True),
    Column("Accuracy", numeric=True),
    Column("Size", numeric=True),
    Column("Values", numeric=True),
    Column("Median", numeric=True),
    Column("95th percentile", numeric=True),
)


def panel(found: Mapping[str, Any], _linked: Linked) -> list[Any]:
    """Return the front and a row for every model."""
    rows = sorted(found["rows"], key=lambda row: -row["macro_f1"])
    return [_front(rows), _table(rows, found["n_runs"])]


def _front(rows: list[Mapping[str, Any]]) -> Any:
    best = [row for row in rows if row["is_best"]]
    fastest = min(rows, key=lambda row: row["p50_ms"])
    words = (
        f"{best[0]['model']} scores best with {figure(best[0]['macro_f1'])} at "
        f"{best[0]['p50_ms']:.3g} ms; {fastest['model']} answers fastest, in "
        f"{fastest['p50_ms']:.3g} ms. {len(best)} of {len(rows)} "
        f"{'is' if len(best) == 1 else 'are'} on the front."
    )
    chart = graph(
        front_figure(rows),
        id=EvaluationId.FRONT,
        name="Score over latency; larger marks are larger models",
        summary=words,
        twin=Twin(_HEADS, [_values(row, row["model"]) for row in rows]),
        height=380,
    )
    return card(
        chart,
        title="Score, speed and size",
        description="On the front: no other model is at least as good in all three.",
    )


def _values(row: Mapping[str, Any], name: Any) -> list[Any]:
    return [
        name,
        figure(row["macro_f1"]),
        between(row["macro_f1_interval"]),
        figure(row["accuracy"]),
        f"{row['bytes'] / 1024:,.0f} kB",
        count(row["n_values"]),
        f"{row['p50_ms']:.3g} ms",
        f"{row['p95_ms']:.3g} ms",
    ]


def _table(rows: list[Mapping[str, Any]], n_runs: int) -> Any:
    values = [
        [
            *_values(
                row, dmc.Anchor(row["title"], href=f"/experiment/{row['id']}/results", size="sm")
            ),
            badge("Front", Tone.GOOD, icon_name="tabler:circle-check") if row["is_best"] else "",
        ]
        for row in rows
    ]
    without = [
        row["model"] for row in rows if row["eats"] == "features" and not row["with_features"]
    ]
    words = (
        f"Latency is one window to probabilities on this machine, {n_runs} runs, measuring of "
        "features included. "
    )
    if without:
        words += f"Not included for {', '.join(without)}: these data do not measure single windows."
    return card(
        plain_table([*_HEADS, Column("")], values), title="Models", description=words.strip()
    )
