"""Figures of a comparison: intervals, mean ranks, curves, differences of confusion, parameters."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import plotly.graph_objects as go

from sonde.learning.core.comparison.diagram import Diagram
from sonde.learning.core.comparison.metrics import Estimate
from sonde.learning.core.comparison.tables import FoldRow, SliceRow
from sonde.learning.core.runs import Curve
from sonde.platform.ui.figures import Axis, line, new_figure
from sonde.platform.ui.theme import SERIES, series_colour

_GRID: Final = "rgba(125,133,148,0.35)"
_STRONG: Final = "rgba(125,133,148,0.9)"
_DIVERGING: Final = (
    (0.0, "rgba(214,72,60,0.6)"),
    (0.5, "rgba(125,133,148,0.10)"),
    (1.0, "rgba(60,116,224,0.6)"),
)
_LONGEST: Final = 28


def short(title: str, length: int = _LONGEST) -> str:
    """Return a title that fits beside a figure.

    Examples
    --------
    >>> short("Random forest on CWRU", 12)
    'Random fore…'
    """
    return title if len(title) <= length else f"{title[: length - 1]}…"


def shorts(titles: Sequence[str], length: int = _LONGEST) -> list[str]:
    """Return titles that fit, of which no two are the same where the whole ones were not.

    Examples
    --------
    >>> shorts(["Forest on CWRU", "Network", "Forest on CWRV"], 10)
    ['Fore…RU', 'Network', 'Fore…RV']
    """
    cut = [short(title, length) for title in titles]
    return [
        one if cut.count(one) == 1 or len(title) <= length else _with_its_end(title, length)
        for one, title in zip(cut, titles, strict=True)
    ]


def _with_its_end(title: str, length: int) -> str:
    n_last = length // 3
    return f"{title[: length - n_last - 3]}…{title[-n_last + 1 :]}"


def interval_figure(titles: Sequence[str], scores: Sequence[Estimate], name: str) -> go.Figure:
    """Return a value with its interval for each experiment, the first on top."""
    words = shorts(titles)
    traces = [
        _dots([score], [at], series_colour(at), titles[at]) for at, score in enumerate(scores)
    ]
    figure = new_figure(traces, x=Axis(name), y=Axis(grid=False))
    figure.layout.yaxis.tickvals = list(range(len(words)))
    figure.layout.yaxis.ticktext = words
    figure.layout.yaxis.range = (len(words) - 0.4, -0.6)
    return figure


def gap_figure(gap: Estimate, better: str, worse: str) -> go.Figure:
    """Return the difference of two scores with its interval; zero is no difference."""
    figure = new_figure(
        [_dots([gap], [0], SERIES[0], "Difference")], x=Axis("difference of macro-F1"), y=Axis()
    )
    reach = 1.15 * max(abs(gap.low), abs(gap.high), 0.02)
    figure.layout.xaxis.range = (-reach, reach)
    figure.layout.yaxis.visible = False
    figure.layout.yaxis.range = (-1, 1)
    figure.add_vline(x=0, line={"color": _STRONG, "width": 1, "dash": "dot"})
    for x, y, words in ((0, 1, f"← {short(worse)} better"), (1, 0, f"{short(better)} better →")):
        anchor = {"xanchor": "right" if x else "left", "yanchor": "top" if y else "bottom"}
        figure.add_annotation(
            x=x, y=y, xref="paper", yref="paper", text=words, showarrow=False, **anchor
        )
    return figure


def rank_figure(diagram: Diagram, titles: Sequence[str]) -> go.Figure:
    """Return the critical-difference diagram: mean ranks, and bars over what is not told apart."""
    n = len(diagram.places)
    traces: list[go.Scatter] = []
    for row, place in enumerate(diagram.places):
        colour = series_colour(titles.index(place.title))
        traces.append(
            go.Scatter(
                x=[place.rank],
                y=[row],
                mode="markers+text",
                marker={"size": 11, "color": colour},
                text=[f"{place.rank:.2f}"],
                textposition="top center",
                hovertemplate=f"{place.title}: mean rank %{{x:.2f}}<extra></extra>",
            )
        )
    for row, bar in enumerate(diagram.bars):
        traces.append(
            go.Scatter(
                x=[bar.low, bar.high],
                y=[n + 0.1 + 0.5 * row] * 2,
                mode="lines",
                line={"color": _STRONG, "width": 6},
                hovertemplate=f"Not told apart: {', '.join(bar.titles)}<extra></extra>",
            )
        )
    figure = new_figure(traces, x=Axis("mean rank (1 is best)"), y=Axis(grid=False))
    figure.layout.xaxis.range = (0.8, n + 0.35)
    figure.layout.xaxis.dtick = 1
    figure.layout.yaxis.tickvals = [*range(n), *([n + 0.1] if diagram.bars else [])]
    names = [short(place.title) for place in diagram.places]
    figure.layout.yaxis.ticktext = [*names, *(["not told apart"] if diagram.bars else [])]
    figure.layout.yaxis.range = (n + 0.5 * max(len(diagram.bars), 1), -0.6)
    return figure


def fold_figure(folds: Sequence[FoldRow], titles: Sequence[str]) -> go.Figure:
    """Return the macro-F1 of each fold, one line for each experiment."""
    names = [fold.name for fold in folds]
    traces = [
        go.Scatter(
            x=names,
            y=np.array([fold.macro_f1[at] for fold in folds]),
            mode="lines+markers",
            name=short(title),
            line={"color": series_colour(at), "width": 1.4},
            marker={"size": 7},
        )
        for at, title in enumerate(titles)
    ]
    x = Axis("fold", grid=False, categories=names)
    return new_figure(traces, x=x, y=Axis("macro-F1"), legend=True)


def curve_figure(
    curves: Sequence[Curve], ids: Sequence[str], titles: Sequence[str], key: str
) -> go.Figure:
    """Return learning curves over each other; the parts of one experiment share its colour."""
    traces, seen = [], set()
    for curve in curves:
        at = ids.index(curve.experiment_id)
        trace = line(
            curve.values, x=curve.steps, name=short(titles[at]), colour=series_colour(at), width=1.2
        )
        trace.legendgroup = curve.experiment_id
        trace.showlegend = at not in seen
        trace.hovertemplate = f"{curve.part} %{{x}}: %{{y:.4f}}<extra>{short(titles[at])}</extra>"
        trace.opacity = 0.85
        seen.add(at)
        traces.append(trace)
    return new_figure(traces, x=Axis("step"), y=Axis(key), legend=True)


def confusion_figure(gap: np.ndarray, class_names: Sequence[str]) -> go.Figure:
    """Return how the shares of each true class changed, in points of percent; blue is better."""
    reach = float(max(np.abs(gap).max(), 1.0))
    better = np.where(np.eye(len(gap), dtype=np.bool_), gap, -gap)
    names = list(class_names)
    heat = go.Heatmap(
        z=better.astype(np.float32),
        x=names,
        y=names,
        zmin=-reach,
        zmax=reach,
        colorscale=[list(stop) for stop in _DIVERGING],
        text=[[f"{value:+.1f}" if abs(value) >= 0.05 else "0" for value in row] for row in gap],
        texttemplate="%{text}",
        showscale=False,
        xgap=2,
        ygap=2,
        hovertemplate="%{y} told as %{x}: %{text} points<extra></extra>",
    )
    x = Axis("told as", grid=False, categories=names)
    figure = new_figure([heat], x=x, y=Axis("truth", grid=False, categories=names))
    figure.layout.yaxis.autorange = "reversed"
    return figure


def slice_figure(rows: Sequence[SliceRow], titles: Sequence[str]) -> go.Figure:
    """Return the accuracy of each experiment for each value of one attribute."""
    spread = 0.5 / max(len(titles), 2)
    traces = []
    for at, title in enumerate(titles):
        shift = (at - (len(titles) - 1) / 2) * spread
        places = [row + shift for row in range(len(rows))]
        estimates = [row.accuracy[at] for row in rows]
        traces.append(_dots(estimates, places, series_colour(at), title))
    name = rows[0].attribute.replace("_", " ")
    figure = new_figure(traces, x=Axis("accuracy"), y=Axis(name, grid=False), legend=True)
    figure.layout.yaxis.tickvals = list(range(len(rows)))
    figure.layout.yaxis.ticktext = [short(row.value or "not stated", 18) for row in rows]
    figure.layout.yaxis.range = (len(rows) - 0.4, -0.6)
    return figure


@dataclass(frozen=True)
class Coordinate:
    """One axis of the parallel coordinates: its name, its values in words, their places in 0..1."""

    name: str
    words: tuple[str, ...]
    places: tuple[float, ...]


def parallel_figure(coordinates: Sequence[Coordinate], titles: Sequence[str]) -> go.Figure:
    """Return one line for each experiment through all its parameters to its score."""
    steps = list(range(len(coordinates)))
    traces = [
        go.Scatter(
            x=steps,
            y=[one.places[at] for one in coordinates],
            mode="lines+markers",
            name=short(title),
            line={"color": series_colour(at), "width": 1.8},
            marker={"size": 7},
            customdata=[[one.name, one.words[at]] for one in coordinates],
            hovertemplate="%{customdata[0]}: %{customdata[1]}<extra>" + short(title) + "</extra>",
        )
        for at, title in enumerate(titles)
    ]
    figure = new_figure(traces, x=Axis(), y=Axis(grid=False), legend=True)
    figure.layout.xaxis.tickvals = steps
    figure.layout.xaxis.ticktext = [short(one.name, 20) for one in coordinates]
    figure.layout.xaxis.gridcolor = _GRID
    figure.layout.xaxis.range = (-0.3, len(steps) - 0.7)
    figure.layout.yaxis.visible = False
    figure.layout.yaxis.range = (-0.14, 1.14)
    for step, one in enumerate(coordinates):
        for place, words in _ends(one):
            shift = 12 if place > 0.5 else -12
            figure.add_annotation(
                x=step, y=place, yshift=shift, text=short(words, 14), showarrow=False
            )
    return figure


def _ends(one: Coordinate) -> list[tuple[float, str]]:
    """Return the lowest and the highest place with their words."""
    pairs = sorted(zip(one.places, one.words, strict=True))
    return [pairs[0], pairs[-1]] if pairs[0][0] != pairs[-1][0] else [pairs[0]]


def _dots(
    estimates: Sequence[Estimate], places: Sequence[float], colour: str, name: str
) -> go.Scatter:
    values = np.array([one.value for one in estimates])
    return go.Scatter(
        x=values,
        y=list(places),
        mode="markers",
        name=short(name),
        marker={"size": 10, "color": colour},
        error_x={
            "type": "data",
            "symmetric": False,
            "array": [max(0.0, one.high - one.value) for one in estimates],
            "arrayminus": [max(0.0, one.value - one.low) for one in estimates],
            "color": colour,
            "thickness": 2,
            "width": 0,
        },
        hovertemplate="%{x:.3f}<extra>" + short(name) + "</extra>",
    )
