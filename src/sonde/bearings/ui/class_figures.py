"""How many recordings each class and severity has."""

from collections.abc import Sequence
from typing import Any

import plotly.graph_objects as go

from sonde.bearings.core.fault_classes import class_title
from sonde.bearings.ui.class_marks import SEVERITY_COLOURS, class_colour
from sonde.platform.ui.figures import Axis, new_figure
from sonde.platform.ui.theme import series_colour


def class_figure(classes: Sequence[tuple[str, int]]) -> go.Figure:
    """Return bars of classes that can be clicked."""
    names = [class_title(label) for label, _ in classes]
    trace = _bars(names, [number for _, number in classes], "signals")
    trace.marker.color = [class_colour(label) for label, _ in classes]
    trace.customdata = [label for label, _ in classes]
    trace.hovertemplate = "%{y}: %{x:,} signals<extra></extra>"
    return _figure([trace], names)


def severity_figure(labels: Sequence[str], severities: Sequence[tuple[str, str, int]]) -> go.Figure:
    """Return bars of classes, stacked by severity; a piece stands for its severity."""
    names = [class_title(label) for label in labels]
    known = [*SEVERITY_COLOURS, *sorted({one[1] for one in severities} - set(SEVERITY_COLOURS))]
    traces: list[Any] = []
    for severity in known:
        counted = {label: number for label, each, number in severities if each == severity}
        if counted:
            colour = SEVERITY_COLOURS.get(severity, series_colour(3))
            values = [counted.get(label, 0) for label in labels]
            word = severity or "not stated"
            trace = _bars(names, values, word)
            trace.marker.color = colour
            trace.customdata = [severity] * len(names)
            trace.hovertemplate = f"%{{y}}, {word}: %{{x:,}}<extra></extra>"
            traces.append(trace)
    figure = _figure(traces, names)
    figure.layout.barmode = "stack"
    figure.layout.showlegend = True
    figure.layout.legend.traceorder = "normal"
    figure.layout.legend.entrywidth = 58
    return figure


def lying_height(n_classes: int) -> int:
    """Return the height in pixels that so many bars need."""
    return 90 + 26 * n_classes


def _bars(names: Sequence[str], values: Sequence[int], name: str) -> go.Bar:
    marker = {"cornerradius": 4}
    return go.Bar(x=list(values), y=list(names), orientation="h", name=name, marker=marker)


def _figure(traces: Sequence[Any], names: Sequence[str]) -> go.Figure:
    figure = new_figure(traces, x=Axis("signals"), y=Axis(grid=False, categories=names))
    figure.layout.yaxis.autorange = "reversed"
    return figure
