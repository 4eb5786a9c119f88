"""The squared envelope spectrum of a band that is chosen on the kurtogram."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import dash_mantine_components as dmc
import numpy as np
from dash import dcc, html

from sonde.bearings.core.envelope import Band
from sonde.bearings.core.expected_spectrum import ExpectedSpectrum
from sonde.bearings.core.kurtogram import Kurtogram
from sonde.bearings.core.signal_views import EnvelopeLook, FaultMark
from sonde.bearings.ui.signal.figures import (
    Raster,
    Trace,
    curve_figure,
    percents,
    raster_figure,
)
from sonde.bearings.ui.signal.ids import SignalType
from sonde.bearings.ui.signal.settings import Kind, Setting, Values
from sonde.bearings.ui.signal.state import ViewState
from sonde.bearings.ui.signal.views.cursor import CURSOR, NO_CURSOR, Cursor, readings
from sonde.bearings.ui.signal.views.expected import OF_ROLLING, expected_trace, expected_words
from sonde.bearings.ui.signal.views.view import LINES, View, chart
from sonde.platform.ui.figures import Axis, Twin, graph
from sonde.platform.ui.tables import Column

SETTINGS = (
    Setting("band", "Band", kind=Kind.HIDDEN),
    LINES,
    OF_ROLLING,
    *CURSOR,
)
_LEFT, _RIGHT = 64, 16
_SUM_TICKS = 7


@dataclass(frozen=True)
class EnvelopeFound:
    """What the envelope view shows."""

    look: EnvelopeLook
    kurtogram: Kurtogram
    marks: tuple[FaultMark, ...] = ()
    cursor: Cursor = NO_CURSOR
    expected: ExpectedSpectrum | None = None


def band_of(text: str) -> Band | None:
    """Return the band that an address names, None for the best one.

    Examples
    --------
    >>> band_of("1500-2877"), band_of(""), band_of("9-1")
    ((1500.0, 2877.0), None, None)
    """
    low, _, high = text.partition("-")
    try:
        band = (float(low), float(high))
    except ValueError:
        return None
    return band if 0 <= band[0] < band[1] < np.inf else None


def panel(found: EnvelopeFound, state: ViewState, _values: Values) -> Sequence[Any]:
    """Return the kurtogram, the band's slider on it, and the envelope spectrum below."""
    curve = found.look.curve
    marks = [*found.marks, *found.cursor.marks]
    traces = [Trace("envelope", curve.places, curve.values)]
    if found.expected is not None:
        traces.append(expected_trace(found.expected, curve))
    figure = curve_figure(
        traces,
        Axis("Frequency, Hz", state.span),
        Axis("Swing of the power, 1 = mean", (0.0, _top(curve.values))),
        marks,
    )
    reach = 1.5 * found.look.spectrum.resolution_hz
    columns = (Column("Line"), Column("Hz", numeric=True), Column("Height", numeric=True))
    return [
        _kurtogram(found.kurtogram, found.look.band),
        chart(
            "envelope",
            figure,
            name="Squared envelope spectrum",
            summary=envelope_summary(found.look)
            + found.cursor.told
            + expected_words(found.expected),
            twin=Twin(columns, readings(found.marks, found.cursor, curve, reach)),
            height=360,
        ),
    ]


def _kurtogram(kurtogram: Kurtogram, band: Band) -> Any:
    """Return the kurtogram with the slider laid along its frequency axis."""
    half = kurtogram.nyquist_hz
    slider = dmc.RangeSlider(
        id={"type": SignalType.BAND.value, "view": "envelope"},
        min=0,
        max=round(half),
        step=max(1, round(half / 400)),
        minRange=max(10, round(half / 100)),
        value=[round(edge) for edge in band],
        label=None,
        size="sm",
        thumbFromLabel="Lower edge of the band",
        thumbToLabel="Upper edge of the band",
    )
    best = dmc.Button(
        "Best band",
        id={"type": SignalType.BEST.value, "view": "envelope"},
        variant="default",
        size="compact-xs",
    )
    head = html.Div(
        [html.Span(band_text(band), className="sonde-strong"), best],
        className="sonde-row sonde-between",
    )
    chosen = dcc.Store(
        id={"type": SignalType.BAND.value, "view": "shown"}, data=[round(edge) for edge in band]
    )
    lane = html.Div(slider, style={"padding": f"0 {_RIGHT}px 0 {_LEFT}px"})
    return html.Div([head, lane, _kurtogram_chart(kurtogram, band), chosen])


def _kurtogram_chart(kurtogram: Kurtogram, band: Band) -> Any:
    middles, rows = kurtogram.image()
    best = kurtogram.best
    places = np.arange(len(rows), dtype=np.float32)
    raster = Raster(
        percents(np.nan_to_num(rows, nan=0.0), best.kurtosis), middles, places, "%", "Viridis"
    )
    figure = raster_figure(
        raster,
        Axis("", (0.0, kurtogram.nyquist_hz), grid=False),
        Axis("Bands", grid=False),
        "%{x:.0f} Hz",
    )
    figure.data[0].showscale = False
    figure.layout.margin = {"l": _LEFT, "r": _RIGHT, "t": 6, "b": 22}
    shown = range(0, len(rows), max(1, len(rows) // _SUM_TICKS))
    figure.layout.yaxis.update(
        tickvals=list(shown),
        ticktext=[str(len(kurtogram.levels[place])) for place in shown],
        automargin=False,
        fixedrange=True,
    )
    figure.layout.xaxis.update(automargin=False, fixedrange=True)
    figure.layout.shapes = [_frame(band, len(rows))]
    return graph(
        figure,
        id={"type": SignalType.KURTOGRAM.value, "view": "envelope"},
        name="Kurtogram",
        summary=kurtogram_summary(kurtogram),
        twin=_kurtogram_twin(kurtogram),
        height=170,
    )


def kurtogram_summary(kurtogram: Kurtogram) -> str:
    """Return what the kurtogram shows, in one sentence."""
    best = kurtogram.best
    worth = "more than noise explains" if best.significant else "no more than noise explains"
    return (
        f"The most impulsive band is {best.band[0]:,.0f} to {best.band[1]:,.0f} Hz: kurtosis "
        f"{best.kurtosis:.2f}, {worth} (limit {best.threshold:.2f}). Click a cell to take its band."
    )


def _kurtogram_twin(kurtogram: Kurtogram) -> Twin:
    """Return the best band of each level."""
    rows = []
    for level in kurtogram.levels:
        if np.isnan(level).all():
            continue
        place, width = int(np.nanargmax(level)), kurtogram.nyquist_hz / len(level)
        edges = f"{place * width:,.0f} to {(place + 1) * width:,.0f}"
        rows.append((len(level), edges, f"{level[place]:.2f}"))
    columns = (
        Column("Bands", numeric=True),
        Column("Best of them, Hz"),
        Column("Kurtosis", numeric=True),
    )
    return Twin(columns, rows)


def _frame(band: Band, n_rows: int) -> dict[str, Any]:
    """Return the band as a frame over the kurtogram."""
    return {
        "type": "rect",
        "x0": band[0],
        "x1": band[1],
        "y0": -0.5,
        "y1": n_rows - 0.5,
        "line": {"color": "#ffffff", "width": 1.6},
    }


def band_text(band: Band) -> str:
    """Return a band in words.

    Examples
    --------
    >>> band_text((1500.0, 2877.4))
    'Band 1,500 to 2,877 Hz'
    """
    return f"Band {band[0]:,.0f} to {band[1]:,.0f} Hz"


def envelope_summary(found: EnvelopeLook) -> str:
    """Return what the envelope spectrum shows, in one sentence."""
    values = found.spectrum.values
    skipped = max(1, round(2.0 / found.spectrum.resolution_hz))
    if len(values) <= skipped:
        return "This band is too narrow to show anything."
    place_hz = float(values[skipped:].argmax() + skipped) * found.spectrum.resolution_hz
    return f"{band_text(found.band)}; the highest line stands at {place_hz:.1f} Hz."


def _top(values: Any) -> float:
    """Return where the axis of an envelope spectrum ends."""
    return float(values.max()) * 1.08 if len(values) and values.max() > 0 else 1.0


VIEW = View(
    "envelope",
    "Envelope",
    "How the power within a band swings: the rhythm of impacts, even where the ringing is high.",
    SETTINGS,
    panel,
)
