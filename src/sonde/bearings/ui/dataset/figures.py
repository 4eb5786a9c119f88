"""Figures of one data set."""

from collections.abc import Sequence
from typing import Final

import numpy as np
import plotly.graph_objects as go
from numpy.typing import NDArray

from sonde.bearings.core.fault_classes import class_title
from sonde.bearings.ui.class_marks import class_colour
from sonde.platform.ui.figures import Axis, bars, line, new_figure
from sonde.platform.ui.theme import series_colour

_SEVERITY_SHADE: Final = {
    "": "#8b93a1",
    "nominal": "#1fa890",
    "incipient": "#f0c987",
    "mild": "#e8a33a",
    "moderate": "#e07b39",
    "severe": "#c94a4a",
}


def class_figure(classes: Sequence[tuple[str, int]]) -> go.Figure:
    """Return how many recordings each class has."""
    names = [class_title(label) for label, _ in classes]
    colours = [class_colour(label) for label, _ in classes]
    trace = bars(names, [number for _, number in classes], colours=colours, name="recordings")
    return new_figure(
        [trace], x=Axis(grid=False, categories=names), y=Axis("recordings"), legend=False
    )


def severity_figure(names: Sequence[str], severities: Sequence[tuple[str, str, int]]) -> go.Figure:
    """Return how many recordings each class has, stacked by severity.

    Parameters
    ----------
    names : sequence of str
        The classes in their order.
    severities : sequence of (str, str, int)
        Class, severity and number of recordings.
    """
    known = [*_SEVERITY_SHADE, *sorted({one[1] for one in severities} - set(_SEVERITY_SHADE))]
    traces = []
    for severity in known:
        counted = {label: number for label, each, number in severities if each == severity}
        if counted:
            colour = _SEVERITY_SHADE.get(severity, series_colour(3))
            values = [counted.get(name, 0) for name in names]
            trace = bars(
                names, values, colours=[colour] * len(names), name=severity or "not stated"
            )
            traces.append(trace)
    figure = new_figure(
        traces, x=Axis(grid=False, categories=names), y=Axis("recordings"), legend=True
    )
    figure.layout.barmode = "stack"
    return figure


def preview_figure(
    signals: Sequence[tuple[str, NDArray[np.float32], float]],
) -> go.Figure:
    """Return signals below each other, each scaled to its own height.

    Parameters
    ----------
    signals : sequence of (str, ndarray of shape (time,), float)
        Class, samples and sampling rate in Hz.
    """
    traces, places = [], []
    for position, (label, samples, rate_hz) in enumerate(signals):
        place = -float(position)
        height = float(np.abs(samples).max(initial=0.0)) or 1.0
        moved = place + 0.42 * samples / height
        trace = line(
            moved,
            dx=1000.0 / rate_hz,
            name=class_title(label),
            colour=class_colour(label),
            width=1.0,
        )
        trace.hoverinfo = "name"
        traces.append(trace)
        places.append(place)
    figure = new_figure(traces, x=Axis("Time (ms)", grid=False), y=Axis(grid=False))
    figure.layout.yaxis.tickvals = places
    figure.layout.yaxis.ticktext = [class_title(label) for label, _, _ in signals]
    return figure
