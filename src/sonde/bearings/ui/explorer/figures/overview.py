"""How many recordings each class and severity has."""

from collections.abc import Sequence
from typing import Any

import plotly.graph_objects as go

from sonde.bearings.ui.explorer.figures.classes import SEVERITY_COLOURS, class_title, colour_of
from sonde.platform.ui.figures import Axis, bars, new_figure
from sonde.platform.ui.theme import series_colour


def class_figure(classes: Sequence[tuple[str, int]]) -> go.Figure:
    """Return bars of classes that can be clicked."""
    names = [class_title(label) for label, _ in classes]
    colours = [colour_of(label) for label, _ in classes]
    trace = bars(names, [number for _, number in classes], colours=colours, name="recordings")
    trace.customdata = [label for label, _ in classes]
    trace.hovertemplate = "%{x}: %{y:,} recordings<extra></extra>"
    return new_figure([trace], x=Axis(grid=False, categories=names), y=Axis("recordings"))


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
            trace = bars(names, values, colours=[colour] * len(names), name=word)
            trace.customdata = [severity] * len(names)
            trace.hovertemplate = f"%{{x}}, {word}: %{{y:,}}<extra></extra>"
            traces.append(trace)
    figure = new_figure(
        traces, x=Axis(grid=False, categories=names), y=Axis("recordings"), legend=True
    )
    figure.layout.barmode = "stack"
    return figure
