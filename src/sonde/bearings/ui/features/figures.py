"""Figures of features."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

import numpy as np
import plotly.graph_objects as go

from sonde.bearings.core.fault_classes import class_title
from sonde.bearings.core.features.correlation import CorrelationMap
from sonde.bearings.core.features.distribution import ClassSpread
from sonde.bearings.ui.class_marks import class_colour
from sonde.platform.ui.figures import Axis, bars, new_figure
from sonde.platform.ui.theme import SERIES

# from blue over the surface to orange: told apart with every kind of colour vision
DIVERGING: Final = (
    (0.0, "#2f66c4"),
    (0.25, "#8fb0ea"),
    (0.5, "rgba(140,148,160,0.10)"),
    (0.75, "#f0b98a"),
    (1.0, "#c8621c"),
)
_INK: Final = "#6f7787"


def spread_figure(spreads: Sequence[ClassSpread], title: str, look: str) -> go.Figure:
    """Return a feature's spread in every class as boxes or violins."""
    draw = _violin if look == "violin" else _box
    return new_figure(
        [draw(one) for one in spreads],
        x=Axis(grid=False, categories=[class_title(one.label) for one in spreads]),
        y=Axis(title),
    )


def _box(one: ClassSpread) -> go.Box:
    colour = class_colour(one.label)
    return go.Box(
        x=[class_title(one.label)],
        q1=[one.q1],
        median=[one.median],
        q3=[one.q3],
        lowerfence=[one.low],
        upperfence=[one.high],
        y=[one.outliers.tolist()] if len(one.outliers) else None,
        boxpoints="outliers",
        name=class_title(one.label),
        line={"color": colour, "width": 1.6},
        marker={"color": colour, "size": 4, "opacity": 0.7},
        hoverinfo="y+name",
    )


def _violin(one: ClassSpread) -> go.Violin:
    colour = class_colour(one.label)
    return go.Violin(
        x0=class_title(one.label),
        y=one.quantiles.astype(np.float32),
        name=class_title(one.label),
        line={"color": colour, "width": 1.4},
        box={"visible": True},
        meanline={"visible": False},
        points=False,
        spanmode="hard",
        hoverinfo="y+name",
    )


def correlation_figure(found: CorrelationMap, titles: Mapping[str, str]) -> go.Figure:
    """Return the correlations as a map, alike features beside each other."""
    words = [titles.get(name, name) for name in found.names]
    heat = go.Heatmap(
        z=found.values.astype(np.float32),
        x=words,
        y=words,
        zmin=-1,
        zmax=1,
        colorscale=[list(stop) for stop in DIVERGING],
        colorbar={"title": {"text": "r", "side": "top"}, "thickness": 10, "outlinewidth": 0},
        xgap=1,
        ygap=1,
        hovertemplate="%{y}<br>%{x}<br>r = %{z:.2f}<extra></extra>",
    )
    figure = new_figure(
        [heat], x=Axis(grid=False, categories=words), y=Axis(grid=False, categories=words)
    )
    small = {"size": 10 if len(words) < 45 else 8}
    figure.layout.xaxis.tickfont = small
    figure.layout.xaxis.tickangle = -60
    figure.layout.xaxis.dtick = 1
    figure.layout.yaxis.dtick = 1
    figure.layout.yaxis.tickfont = small
    figure.layout.yaxis.autorange = "reversed"
    return figure


def importance_figure(
    rows: Sequence[tuple[str, float, float, float]], control: float, unit: str
) -> go.Figure:
    """Return importances, the largest on top, with their spread over the folds.

    Parameters
    ----------
    rows : sequence of (str, float, float, float)
        Title, mean, least and most over the folds; largest first.
    control : float
        Mean importance of pure noise.
    unit : str
    """
    names = [name for name, *_ in rows]
    mean = np.array([one[1] for one in rows])
    trace = go.Bar(
        y=names,
        x=mean,
        orientation="h",
        marker={
            "color": [SERIES[0] if one > control else SERIES[7] for one in mean],
            "cornerradius": 3,
        },
        error_x={
            "type": "data",
            "symmetric": False,
            "array": [one[3] - one[1] for one in rows],
            "arrayminus": [one[1] - one[2] for one in rows],
            "color": _INK,
            "thickness": 1.1,
            "width": 3,
        },
        hovertemplate="%{y}: %{x:.4g}<extra></extra>",
    )
    figure = new_figure([trace], x=Axis(unit), y=Axis(grid=False, categories=names))
    figure.layout.yaxis.autorange = "reversed"
    figure.layout.bargap = 0.35
    _mark(figure, control, "noise")
    return figure


def _mark(figure: go.Figure, value: float, words: str) -> None:
    figure.add_vline(x=value, line={"color": SERIES[1], "width": 1.4, "dash": "dot"})
    figure.add_annotation(
        x=value, y=1, yref="paper", yanchor="bottom", text=words, showarrow=False,
        font={"size": 11, "color": SERIES[1]},
    )  # fmt: skip


def frequency_figure(rows: Sequence[tuple[str, float, bool]]) -> go.Figure:
    """Return how often features were chosen.

    Parameters
    ----------
    rows : sequence of (str, float, bool)
        Title, share of the folds, and whether it is among the final choice.
    """
    names = [one[0] for one in rows]
    trace = go.Bar(
        y=names,
        x=np.array([one[1] for one in rows]),
        orientation="h",
        marker={"color": [SERIES[0] if one[2] else SERIES[7] for one in rows], "cornerradius": 3},
        hovertemplate="%{y}: chosen in %{x:.0%} of the folds<extra></extra>",
    )
    figure = new_figure(
        [trace], x=Axis("share of the folds", range=(0, 1)), y=Axis(grid=False, categories=names)
    )
    figure.layout.yaxis.autorange = "reversed"
    figure.layout.xaxis.tickformat = ".0%"
    figure.layout.bargap = 0.35
    return figure


def score_figure(arms: Sequence[tuple[str, Sequence[float]]]) -> go.Figure:
    """Return the macro-F1 of each arm over the folds: the mean, and each fold as a dot."""
    names = [name for name, _ in arms]
    colours = [SERIES[0], SERIES[2], SERIES[7]]
    mean = bars(names, [float(np.mean(one)) for _, one in arms], colours=colours, name="mean")
    mean.opacity = 0.55
    dots: list[Any] = [
        go.Scatter(
            x=[name] * len(values),
            y=np.asarray(values, dtype=np.float32),
            mode="markers",
            marker={"color": _INK, "size": 6},
            hovertemplate="%{y:.3f}<extra></extra>",
        )
        for name, values in arms
    ]
    return new_figure(
        [mean, *dots], x=Axis(grid=False, categories=names), y=Axis("macro-F1", range=(0, 1.03))
    )
