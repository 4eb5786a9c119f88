"""Charts of features: what each is worth, which say the same, how each is spread."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

import numpy as np
import plotly.graph_objects as go

from sonde.platform.ui.figures import Axis, new_figure
from sonde.platform.ui.theme import SERIES, series_colour

_DIVERGING: Final = [[0.0, "#c2410c"], [0.5, "#e8eaee"], [1.0, SERIES[0]]]


def lost_figure(rows: Sequence[tuple[str, Mapping[str, Any]]]) -> go.Figure:
    """Return what a model loses without each feature, the dearest on top, with intervals."""
    values = [row["lost"] for _, row in rows]
    low, high = zip(*(row["interval"] for _, row in rows), strict=True)
    bar = go.Bar(
        x=values,
        y=[name for name, _ in rows],
        orientation="h",
        marker={"color": SERIES[0], "cornerradius": 3},
        error_x={
            "type": "data",
            "symmetric": False,
            "array": [max((up or own) - own, 0) for own, up in zip(values, high, strict=True)],
            "arrayminus": [
                max(own - (down if down is not None else own), 0)
                for own, down in zip(values, low, strict=True)
            ],
            "thickness": 1.1,
            "width": 3,
        },
        hovertemplate="%{y}: %{x:.4f}<extra></extra>",
    )
    return _upright(new_figure([bar], x=Axis("Accuracy lost"), y=_names(rows)))


def shares_figure(rows: Sequence[tuple[str, float, float]], noun: str) -> go.Figure:
    """Return which share of each feature's variance lies between classes, and between groups."""
    traces = [
        go.Bar(
            x=[row[place] for row in rows],
            y=[row[0] for row in rows],
            name=name,
            orientation="h",
            marker={"color": colour, "cornerradius": 3},
            hovertemplate="%{y}: %{x:.1%}<extra>" + name + "</extra>",
        )
        for place, name, colour in (
            (1, "between classes", SERIES[2]),
            (2, f"between {noun}s of one class", SERIES[1]),
        )
    ]
    figure = new_figure(
        traces, x=Axis("Share of the variance", range=(0, 1)), y=_names(rows), legend=True
    )
    return _upright(figure.update_layout(barmode="stack"))


def _names(rows: Sequence[Sequence[Any]]) -> Axis:
    return Axis(grid=False, categories=[row[0] for row in rows])


def _upright(figure: go.Figure) -> go.Figure:
    """Return the same with the first name on top."""
    return figure.update_yaxes(autorange="reversed", tickfont={"size": 10})


def correlation_figure(names: Sequence[str], values: Sequence[Sequence[float]]) -> go.Figure:
    """Return the correlation of every two features, alike ones together."""
    image = go.Heatmap(
        z=np.array(values, dtype=np.float32),
        x=list(names),
        y=list(names),
        zmin=-1,
        zmax=1,
        colorscale=_DIVERGING,
        colorbar={"thickness": 10, "outlinewidth": 0},
        hovertemplate="%{y}, %{x}: %{z:.2f}<extra></extra>",
    )
    figure = new_figure([image], x=Axis(grid=False), y=Axis(grid=False))
    small = {"size": 9} if len(names) > 24 else {"size": 11}
    return figure.update_xaxes(tickangle=-90, tickfont=small).update_yaxes(
        autorange="reversed", tickfont=small
    )


def spread_figure(classes: Sequence[Mapping[str, Any]], place: int, feature: str) -> go.Figure:
    """Return the quantiles of one feature for every class as boxes."""
    traces = []
    for number, one in enumerate(classes):
        low, first, middle, third, high = one["values"][place]
        traces.append(
            go.Box(
                name=one["name"],
                x=[one["name"]],
                lowerfence=[low],
                q1=[first],
                median=[middle],
                q3=[third],
                upperfence=[high],
                marker={"color": series_colour(number)},
                line={"width": 1.6},
            )
        )
    return new_figure(traces, x=Axis(grid=False), y=Axis(feature))
