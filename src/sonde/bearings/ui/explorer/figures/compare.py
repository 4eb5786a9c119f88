"""Classes beside each other in their features: a radar and a heat map."""

from collections.abc import Sequence
from typing import Any, Final

import numpy as np
import plotly.graph_objects as go

from sonde.bearings.core.exploring.comparison import ClassComparison
from sonde.bearings.core.fault_classes import class_title
from sonde.bearings.ui.class_marks import class_colour
from sonde.platform.ui.figures import Axis, new_figure

_GRID: Final = "rgba(125,133,148,0.28)"
_STRONGEST: Final = 3.0
_DIVERGING: Final = ((0.0, "#3f6fd8"), (0.5, "rgba(128,134,146,0.10)"), (1.0, "#dd6a3c"))


def radar_figure(found: ClassComparison, names: Sequence[str]) -> go.Figure:
    """Return one closed line for each class; 0 is the lowest class mean, 1 the highest."""
    places = [found.names.index(name) for name in names]
    round_trip = [*names, *names[:1]]
    traces: list[Any] = []
    for row, label in enumerate(found.labels):
        values = found.scaled[row, places]
        traces.append(
            go.Scatterpolar(
                r=np.append(values, values[:1]),
                theta=round_trip,
                name=class_title(label),
                mode="lines+markers",
                line={"color": class_colour(label), "width": 1.6},
                marker={"size": 4},
                hovertemplate="%{theta}: %{r:.2f}<extra>" + class_title(label) + "</extra>",
            )
        )
    figure = new_figure(traces, legend=True)
    figure.layout.polar = {
        "bgcolor": "rgba(0,0,0,0)",
        "radialaxis": {
            "range": [0, 1],
            "tickvals": [0.25, 0.5, 0.75, 1],
            "gridcolor": _GRID,
            "linecolor": _GRID,
            "tickfont": {"size": 10},
        },
        "angularaxis": {"gridcolor": _GRID, "linecolor": _GRID, "tickfont": {"size": 11}},
    }
    figure.layout.margin = {"l": 84, "r": 84, "t": 28, "b": 28}
    figure.layout.legend = {"orientation": "h", "y": -0.08, "yanchor": "top", "x": 0}
    return figure


def heat_figure(found: ClassComparison) -> go.Figure:
    """Return the distances of class means from the mean of all, in standard deviations."""
    labels = [class_title(label) for label in found.labels]
    trace = go.Heatmap(
        z=found.z.astype(np.float32),
        x=list(found.names),
        y=labels,
        zmid=0,
        zmin=-_STRONGEST,
        zmax=_STRONGEST,
        colorscale=[list(one) for one in _DIVERGING],
        colorbar={"title": {"text": "z"}, "thickness": 10, "outlinewidth": 0, "len": 0.8},
        hovertemplate="%{y}, %{x}: %{z:.2f} standard deviations<extra></extra>",
        xgap=1,
        ygap=1,
    )
    figure = new_figure([trace], x=Axis(grid=False), y=Axis(grid=False))
    figure.layout.yaxis.autorange = "reversed"
    figure.layout.xaxis.tickangle = -55
    figure.layout.xaxis.tickfont.size = 10
    return figure
