"""Figures of one data set."""

from collections.abc import Sequence

import numpy as np
import plotly.graph_objects as go
from numpy.typing import NDArray

from sonde.bearings.core.fault_classes import class_title
from sonde.bearings.ui.class_marks import class_colour
from sonde.platform.ui.figures import Axis, line, new_figure


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
