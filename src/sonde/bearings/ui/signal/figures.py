"""Figures of the Signal page; values travel as typed arrays.

Images travel as one byte for each cell: whole decibels below their highest value (``int8``, -80 to
0), or whole per cent of a quantity that lies between 0 and 1 (``uint8``, 0 to 100).
"""

import base64
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import plotly.graph_objects as go
from numpy.typing import ArrayLike, NDArray

from sonde.bearings.core.envelope import Band
from sonde.bearings.core.signal_views import FaultMark
from sonde.platform.ui.figures import Axis, new_figure
from sonde.platform.ui.theme import SERIES

DEEPEST_DB: Final = 80
COLOUR_MAPS: Final = (
    ("Viridis", "Viridis"),
    ("Cividis", "Cividis"),
    ("Plasma", "Plasma"),
    ("Hot", "Hot"),
    ("Jet", "Jet"),
    ("Greys", "Greys"),
)
_COLOURS: Final = {
    "Shaft": SERIES[7],
    "BPFO": SERIES[1],
    "BPFI": SERIES[5],
    "2xBSF": SERIES[3],
    "FTF": SERIES[4],
    "Cursor": SERIES[2],
    "Sidebands": SERIES[6],
}
_SHORT: Final = {"Shaft": "shaft", "Cursor": "cursor", "Sidebands": "sidebands"}
WORDS: Final = {
    "Shaft": "shaft (1X ...)",
    "BPFO": "outer race (BPFO)",
    "BPFI": "inner race (BPFI)",
    "2xBSF": "roller (2xBSF)",
    "FTF": "cage (FTF)",
    "Cursor": "cursor",
    "Sidebands": "sidebands",
}


@dataclass(frozen=True)
class Trace:
    """One line of a chart.

    Parameters
    ----------
    name : str
    x, y : array_like, shape (point,)
    colour : int
        Position in the series of colours.
    dash : str
        Of plotly: ``"solid"``, ``"dot"``, ``"dash"``.
    width : float
    """

    name: str
    x: ArrayLike
    y: ArrayLike
    colour: int = 0
    dash: str = "solid"
    width: float = 1.1


@dataclass(frozen=True)
class Raster:
    """An image with its axes.

    Parameters
    ----------
    values : ndarray of int8 or uint8, shape (y, x)
    x, y : ndarray
        Middle of every column and row.
    unit : str
        Of the cells: ``"dB"`` or ``"%"``.
    colours : str
        Name of the colour map.
    """

    values: NDArray[np.generic]
    x: NDArray[np.floating]
    y: NDArray[np.floating]
    unit: str = "dB"
    colours: str = "Viridis"


def curve_figure(
    traces: Sequence[Trace],
    x: Axis,
    y: Axis,
    marks: Sequence[FaultMark] = (),
    unit: str = "Hz",
) -> go.Figure:
    """Return lines, with dashed uprights where something is to be looked for.

    `unit` is that of the horizontal axis, for those who point at a mark.
    """
    lines = [_line(trace) for trace in traces]
    lines += _uprights(marks, unit)
    figure = new_figure(lines, x=x, y=y, legend=len(lines) > 1)
    for axis, values, drawn_as in (
        (x, [trace.x for trace in traces], figure.layout.xaxis),
        (y, [trace.y for trace in traces], figure.layout.yaxis),
    ):
        if axis.logarithmic:
            drawn_as.update(_decades(values))
    figure.layout.yaxis2 = {
        "overlaying": "y",
        "range": [0, 1],
        "visible": False,
        "fixedrange": True,
    }
    return figure


def raster_figure(raster: Raster, x: Axis, y: Axis, hover: str) -> go.Figure:
    """Return an image; `hover` names the axes of a cell, such as ``"%{x:.3f} s, %{y:.0f} Hz"``."""
    is_db = raster.unit == "dB"
    image = go.Heatmap(
        z=_bytes(raster.values),
        x=np.ascontiguousarray(raster.x, dtype=np.float32),
        y=np.ascontiguousarray(raster.y, dtype=np.float32),
        zmin=-DEEPEST_DB if is_db else 0,
        zmax=0 if is_db else 100,
        colorscale=raster.colours,
        reversescale=raster.colours == "Greys",
        colorbar={"title": {"text": raster.unit}, "thickness": 12, "outlinewidth": 0},
        hovertemplate=f"{hover}<br>%{{z}} {raster.unit}<extra></extra>",
    )
    return new_figure([image], x=x, y=y)


def decibels(values: NDArray[np.floating], *, is_power: bool = False) -> NDArray[np.int8]:
    """Return whole decibels below the highest value, at least -80.

    Examples
    --------
    >>> decibels(np.array([[1.0, 0.1, 0.0]])).tolist(), decibels(np.zeros((1, 2))).tolist()
    ([[0, -20, -80]], [[-80, -80]])
    """
    highest = float(values.max(initial=0.0))
    if not highest > 0:
        return np.full(values.shape, -DEEPEST_DB, dtype=np.int8)
    factor = 10.0 if is_power else 20.0
    least = 10 ** (-DEEPEST_DB / factor)
    shown = factor * np.log10(np.maximum(values / highest, least))
    return np.rint(shown).astype(np.int8)


def percents(values: NDArray[np.floating], highest: float = 1.0) -> NDArray[np.uint8]:
    """Return whole per cent of `highest`, between 0 and 100.

    Examples
    --------
    >>> percents(np.array([[0.0, 0.504, 2.0]])).tolist()
    [[0, 50, 100]]
    """
    share = values / highest if highest > 0 else np.zeros_like(values)
    return np.rint(np.clip(share, 0, 1) * 100).astype(np.uint8)


def _bytes(values: NDArray[np.generic]) -> dict[str, str]:
    """Return one byte for each cell as plotly's typed array of two dimensions."""
    raw = np.ascontiguousarray(values)
    rows, columns = raw.shape
    return {
        "dtype": "i1" if raw.dtype == np.int8 else "u1",
        "bdata": base64.b64encode(raw.tobytes()).decode(),
        "shape": f"{rows}, {columns}",
    }


def amplitude_axis(unit: str, *, logarithmic: bool = False, quantity: str = "Amplitude") -> Axis:
    """Return an axis of a signal's own unit."""
    named = "unit unknown" if unit == "unknown" else written(unit)
    return Axis(f"{quantity}, {named}", logarithmic=logarithmic)


def written(unit: str) -> str:
    """Return a unit as people write it.

    Examples
    --------
    >>> written("um"), written("(m/s2)^2/Hz")
    ('µm', '(m/s²)²/Hz')
    """
    return unit.replace("um", "µm").replace("s2", "s²").replace("^2", "²")


def span_of(span: Band | None, *, logarithmic: bool = False) -> tuple[float, float] | None:
    """Return a range of an axis as plotly takes it."""
    if span is None or not logarithmic:
        return span
    low = max(span[0], span[1] * 1e-4, 1e-6)
    return float(np.log10(low)), float(np.log10(span[1]))


def _decades(values: Sequence[ArrayLike]) -> dict[str, Any]:
    """Return ticks at whole powers of ten, where there are enough of them to be read."""
    joined = np.concatenate([np.ravel(np.asarray(part, dtype=np.float64)) for part in values])
    positive = joined[np.isfinite(joined) & (joined > 0)]
    ticks: dict[str, Any] = {"exponentformat": "power"}
    if len(positive) and positive.max() > 100 * positive.min():
        ticks["dtick"] = 1
    return ticks


def _line(trace: Trace) -> go.Scatter:
    return go.Scatter(
        x=np.ascontiguousarray(trace.x, dtype=np.float32),
        y=np.ascontiguousarray(trace.y, dtype=np.float32),
        mode="lines",
        name=trace.name,
        line={
            "color": SERIES[trace.colour % len(SERIES)],
            "width": trace.width,
            "dash": trace.dash,
        },
    )


def _uprights(marks: Sequence[FaultMark], unit: str) -> list[go.Scatter]:
    """Return one trace for each name, so that one click in the legend hides its marks."""
    names = dict.fromkeys(mark.name for mark in marks)
    return [_upright(name, [mark for mark in marks if mark.name == name], unit) for name in names]


def _upright(name: str, marks: Sequence[FaultMark], unit: str) -> go.Scatter:
    xs: list[Any] = []
    ys: list[Any] = []
    texts: list[str] = []
    for mark in marks:
        xs += [mark.frequency_hz, mark.frequency_hz, None]
        ys += [0.0, 1.0, None]
        texts += [f"{mark.multiple}x", f"{mark.multiple}x", ""]
    words = WORDS.get(name, name)
    # short in the legend, which is as wide as the chart at most; in full where one points
    return go.Scatter(
        x=xs,
        y=ys,
        text=texts,
        yaxis="y2",
        mode="lines",
        name=_SHORT.get(name, name),
        line={"color": _COLOURS.get(name, SERIES[6]), "width": 1.1, "dash": "dash"},
        hovertemplate=f"{words} %{{text}}<br>%{{x:.4~g}} {unit}<extra></extra>",
    )
