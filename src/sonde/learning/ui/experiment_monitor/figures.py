"""Charts of the monitor: pure functions from curves to figures."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import plotly.graph_objects as go

from sonde.learning.core.runs import Curve
from sonde.learning.ui.experiment_monitor.charts import Chart, is_within
from sonde.learning.ui.experiment_monitor.ids import MonitorType
from sonde.platform.ui.figures import Axis, Twin, graph, new_figure
from sonde.platform.ui.tables import Column
from sonde.platform.ui.theme import series_colour

_DASHES = ("solid", "dot", "dash", "dashdot")
_FEW = 40
_EVERY_STEP = 12
_MOST_NAMES = 8
_COLUMNS = (
    Column("Curve"),
    Column("Steps", numeric=True),
    Column("Latest", numeric=True),
    Column("Smallest", numeric=True),
    Column("Largest", numeric=True),
)


def chart_of(chart: Chart, curves: Sequence[Curve]) -> Any:
    """Return one chart with its table; `curves` are those that stand on it."""
    return graph(
        figure_of(chart, curves),
        id={"type": MonitorType.CHART.value, "chart": chart.name},
        name=chart.title,
        summary=summary_of(chart, curves),
        twin=Twin(_COLUMNS, [_row(chart, curve) for curve in curves]),
        height=240,
    )


def figure_of(chart: Chart, curves: Sequence[Curve]) -> go.Figure:
    """Return a figure: a colour for each part or metric, a dash for each metric of a part."""
    parts = [part for part in dict.fromkeys(one.part for one in curves) if part]
    keys = list(dict.fromkeys(one.key for one in curves))
    first_at = min((one.at[0] for one in curves if len(one.at)), default=0.0)
    traces = []
    for curve in curves:
        within = is_within(curve) and len(parts) > 1
        position = parts.index(curve.part) if within else keys.index(curve.key)
        dash = _DASHES[keys.index(curve.key) % len(_DASHES)] if within else "solid"
        x = (curve.at - first_at) / 60.0 if chart.by_time else curve.steps
        few = len(curve.steps) <= _FEW and not chart.by_time
        traces.append(
            go.Scatter(
                x=np.ascontiguousarray(x),
                y=np.ascontiguousarray(curve.values),
                name=name_of(chart, curve, within=within),
                mode="lines+markers" if few else "lines",
                line={"color": series_colour(position), "width": 1.6, "dash": dash},
                marker={"size": 5},
            )
        )
    figure = new_figure(
        traces,
        x=Axis(chart.x, grid=False),
        y=Axis(chart.y, range=chart.span, logarithmic=chart.logarithmic),
        legend=1 < len(traces) <= _MOST_NAMES,
    )
    if not chart.by_time and max(len(curve.steps) for curve in curves) <= _EVERY_STEP:
        figure.layout.xaxis.dtick = 1  # there is no half an epoch
    return figure


def name_of(chart: Chart, curve: Curve, *, within: bool) -> str:
    """Return what a curve is called."""
    word = chart.word(curve.key)
    if not within:
        return word
    is_only = len(chart.metrics) == 1 and curve.key == chart.metrics[0][0] and not chart.with_layers
    return curve.part if is_only else f"{curve.part}, {word}"


def summary_of(chart: Chart, curves: Sequence[Curve]) -> str:
    """Say in one sentence what the curves show."""
    last = max((curve for curve in curves if len(curve.values)), key=lambda one: one.at[-1])
    where = f" ({last.part})" if last.part else ""
    step = "" if chart.by_time else f" at {chart.x.lower()} {int(last.steps[-1])}"
    return f"Latest: {chart.word(last.key)} {_number(last.values[-1])}{step}{where}."


def _row(chart: Chart, curve: Curve) -> list[Any]:
    finite = curve.values[np.isfinite(curve.values)]
    ends = [finite.min(), finite.max()] if len(finite) else [np.nan, np.nan]
    return [
        name_of(chart, curve, within=bool(curve.part)),
        f"{curve.n_points:,}",
        *(_number(value) for value in (curve.values[-1], *ends)),
    ]


def _number(value: float) -> str:
    if not np.isfinite(value):
        return "no number"
    size = abs(value)
    if size >= 1000:
        return f"{value:,.0f}"
    return f"{value:.4g}" if size >= 1e-3 or size == 0 else f"{value:.2e}"
