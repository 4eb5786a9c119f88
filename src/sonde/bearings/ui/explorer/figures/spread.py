"""How a feature is spread in each class."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import plotly.graph_objects as go

from sonde.bearings.core.exploring.comparison import Histogram
from sonde.bearings.core.fault_classes import class_title
from sonde.bearings.core.features.distribution import ClassSpread
from sonde.bearings.ui.class_marks import class_colour, pale
from sonde.platform.ui.figures import Axis, new_figure


def box_figure(spreads: Sequence[ClassSpread], title: str) -> go.Figure:
    """Return one box for each class, with what lies beyond its whiskers."""
    traces: list[Any] = []
    for one in spreads:
        name, colour = class_title(one.label), class_colour(one.label)
        traces.append(
            go.Box(
                y=[name],
                orientation="h",
                q1=[one.q1],
                median=[one.median],
                q3=[one.q3],
                lowerfence=[one.low],
                upperfence=[one.high],
                name=name,
                line={"color": colour, "width": 1.6},
                fillcolor=pale(colour, 0.25),
                customdata=[one.label],
            )
        )
        if len(one.outliers):
            traces.append(_outliers(one, name, colour))
    return _figure(traces, spreads, title)


def violin_figure(spreads: Sequence[ClassSpread], title: str) -> go.Figure:
    """Return one violin for each class, drawn from at most 400 quantiles."""
    traces: list[Any] = [
        go.Violin(
            y=[class_title(one.label)] * len(one.quantiles),
            x=one.quantiles,
            orientation="h",
            name=class_title(one.label),
            line={"color": class_colour(one.label), "width": 1.4},
            fillcolor=pale(class_colour(one.label), 0.25),
            box={"visible": True, "width": 0.18},
            points=False,
            spanmode="hard",
            customdata=[one.label] * len(one.quantiles),
        )
        for one in spreads
    ]
    return _figure(traces, spreads, title)


def histogram_figure(found: Histogram, everybody: Histogram, label: str, title: str) -> go.Figure:
    """Return the histogram of one class over that of everything that is kept."""
    own = _bars(found, class_colour(label), class_title(label))
    all_of_them = _bars(everybody, "#8b93a1", "All classes")
    all_of_them.marker.color = pale("#8b93a1", 0.3)
    figure = new_figure([all_of_them, own], x=Axis(title), y=Axis("recordings"), legend=True)
    figure.layout.barmode = "overlay"
    return figure


def _bars(found: Histogram, colour: str, name: str) -> go.Bar:
    return go.Bar(
        x=(found.edges[:-1] + found.edges[1:]) / 2,
        y=found.counts,
        width=np.diff(found.edges),
        name=name,
        marker={"color": colour, "line": {"width": 0}},
        hovertemplate="%{x:.4g}: %{y:,}<extra>" + name + "</extra>",
    )


def _outliers(one: ClassSpread, name: str, colour: str) -> go.Scatter:
    return go.Scatter(
        y=[name] * len(one.outliers),
        x=one.outliers,
        mode="markers",
        marker={"color": colour, "size": 4, "opacity": 0.7},
        customdata=[one.label] * len(one.outliers),
        hovertemplate="%{x:.4g}<extra>" + name + "</extra>",
    )


def _figure(traces: Sequence[Any], spreads: Sequence[ClassSpread], title: str) -> go.Figure:
    names = [class_title(one.label) for one in spreads]
    figure = new_figure(traces, x=Axis(title), y=Axis(grid=False, categories=names))
    figure.layout.yaxis.autorange = "reversed"
    return figure
