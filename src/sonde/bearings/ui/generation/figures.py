"""Figures of the preview: one signal's course in time and its spectrum, channel over channel."""

from typing import Final

import numpy as np
import plotly.graph_objects as go

from sonde.bearings.core.simulate.preview import Preview
from sonde.bearings.ui.class_marks import class_colour
from sonde.platform.ui.figures import Axis, line, new_figure
from sonde.platform.ui.theme import series_colour

_MARGIN: Final = {"l": 52, "r": 10, "t": 6, "b": 38}
_ROOM_FOR_NAMES: Final = 22
_FLOOR: Final = 1e-4


def time_figure(preview: Preview | None) -> go.Figure:
    """Return the course in time, without a signal an empty one."""
    channels = preview.channels if preview else ()
    traces = [
        line(each.values, x=each.time_s, name=each.name, colour=_colour(preview, place), width=1.0)
        for place, each in enumerate(channels)
    ]
    return _small(traces, Axis("Time, s"), Axis(_amplitude(preview)))


def spectrum_figure(preview: Preview | None) -> go.Figure:
    """Return the amplitude spectrum on a logarithmic scale, down to a ten-thousandth."""
    channels = preview.channels if preview else ()
    traces = [
        line(
            each.spectrum.values,
            dx=each.spectrum.resolution_hz,
            name=each.name,
            colour=_colour(preview, place),
            width=1.0,
        )
        for place, each in enumerate(channels)
    ]
    top = max((float(each.spectrum.values.max()) for each in channels), default=1.0)
    span = (float(np.log10(max(top, 1e-12) * _FLOOR)), float(np.log10(max(top, 1e-12) * 2)))
    return _small(traces, Axis("Frequency, Hz"), Axis(_amplitude(preview), span, logarithmic=True))


def _small(traces: list[go.Scatter], x: Axis, y: Axis) -> go.Figure:
    figure = new_figure(traces, x=x, y=y, legend=len(traces) > 1)
    above = {"x": 1, "xanchor": "right", "y": 1.0, "yanchor": "bottom"}
    top = _ROOM_FOR_NAMES if len(traces) > 1 else _MARGIN["t"]
    figure.update_layout(margin=_MARGIN | {"t": top}, uirevision=None, legend=above)
    return figure


def _colour(preview: Preview | None, place: int) -> str:
    """Return the class' colour of a single channel; several are told apart by their own."""
    if preview is None or len(preview.channels) > 1:
        return series_colour(place)
    return class_colour(preview.signal.label)


def _amplitude(preview: Preview | None) -> str:
    unit = preview.signal.unit if preview else ""
    return "Amplitude" if unit in {"", "unknown"} else f"Amplitude, {unit}"
