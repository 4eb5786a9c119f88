"""Figures of the Signal page; values travel as typed arrays."""

import base64
from collections.abc import Sequence
from typing import Any, Final

import numpy as np
import plotly.graph_objects as go
from numpy.typing import ArrayLike

from sonde.bearings.core.envelope import Band
from sonde.platform.ui.figures import Axis, line, new_figure
from sonde.platform.ui.theme import SERIES

_PLACES: Final = {"BPFI": 5, "BPFO": 1, "2xBSF": 3, "FTF": 4}
_WORDS: Final = {
    "BPFI": "inner race (BPFI)",
    "BPFO": "outer race (BPFO)",
    "2xBSF": "roller (2xBSF)",
    "FTF": "cage (FTF)",
}


def typed(values: ArrayLike) -> dict[str, str]:
    """Return values as plotly's typed array, for a `Patch`.

    Examples
    --------
    >>> typed([0.0, 1.0])
    {'dtype': 'f4', 'bdata': 'AAAAAAAAgD8='}
    """
    raw = np.ascontiguousarray(values, dtype="<f4").tobytes()
    return {"dtype": "f4", "bdata": base64.b64encode(raw).decode()}


def time_figure(time_s: ArrayLike, values: ArrayLike, unit: str, span_s: Band | None) -> go.Figure:
    """Return the course in time; zooming asks for the points of the new stretch."""
    trace = line(values, x=np.asarray(time_s, dtype=np.float32), name="signal", width=1.0)
    return new_figure([trace], x=Axis("Time, s", span_s), y=Axis(_amplitude(unit)))


def spectrum_figure(values: ArrayLike, resolution_hz: float, unit: str) -> go.Figure:
    """Return the amplitude spectrum."""
    trace = line(values, dx=resolution_hz, name="amplitude", width=1.0)
    return new_figure([trace], x=Axis("Frequency, Hz"), y=Axis(_amplitude(unit), logarithmic=True))


def envelope_figure(
    values: ArrayLike, resolution_hz: float, marks: Sequence[tuple[str, float]]
) -> go.Figure:
    """Return the squared envelope spectrum with dashed lines where faults would show.

    `marks` are the part's name and the frequency in Hz.
    """
    traces = [line(values, dx=resolution_hz, name="envelope", width=1.1)]
    for name, words in _WORDS.items():
        places = [hz for mark, hz in marks if mark == name]
        if places:
            traces.append(_mark_trace(words, places, SERIES[_PLACES[name]]))
    figure = new_figure(
        traces,
        x=Axis("Frequency, Hz"),
        y=Axis("Swing of the power, 1 = mean", (0.0, envelope_top(values))),
        legend=True,
    )
    # the marks stand on an axis of their own: another band changes one trace only
    figure.update_layout(
        yaxis2={"overlaying": "y", "range": [0, 1], "visible": False, "fixedrange": True}
    )
    return figure


def envelope_top(values: ArrayLike) -> float:
    """Return where the axis of an envelope spectrum ends."""
    heights = np.asarray(values)
    return float(heights.max()) * 1.08 if len(heights) and heights.max() > 0 else 1.0


def _mark_trace(words: str, places: Sequence[float], colour: str) -> go.Scatter:
    """Return dashed uprights at `places` as one trace: one click in the legend hides them."""
    xs: list[Any] = []
    ys: list[Any] = []
    for place in places:
        xs += [place, place, None]
        ys += [0.0, 1.0, None]
    return go.Scatter(
        x=xs,
        y=ys,
        yaxis="y2",
        mode="lines",
        name=words,
        line={"color": colour, "width": 1.2, "dash": "dash"},
        hovertemplate=f"{words}<br>%{{x:.1f}} Hz<extra></extra>",
    )


def _amplitude(unit: str) -> str:
    return "Amplitude, unit unknown" if unit == "unknown" else f"Amplitude, {unit}"
