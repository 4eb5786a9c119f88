"""The cyclic coherence: which bands swing together, and how often per second."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from sonde.bearings.core.curves import drawn
from sonde.bearings.core.cyclic_coherence import CyclicCoherence
from sonde.bearings.core.signal_views import FaultMark
from sonde.bearings.ui.signal.figures import (
    Raster,
    Trace,
    curve_figure,
    percents,
    raster_figure,
)
from sonde.bearings.ui.signal.settings import Kind, Setting, Values
from sonde.bearings.ui.signal.state import ViewState
from sonde.bearings.ui.signal.views.cursor import NO_CURSOR, Cursor, cursor_settings, readings
from sonde.bearings.ui.signal.views.timefrequency import COLOURS
from sonde.bearings.ui.signal.views.view import LINES, View, chart
from sonde.platform.ui.figures import Axis, Twin, graph
from sonde.platform.ui.tables import Column

SETTINGS = (
    Setting("highest", "Rhythms up to", "400", kind=Kind.NUMBER, low=5, high=5000, unit="Hz"),
    Setting("bands", "Bands", "128", tuple((str(one), str(one)) for one in (32, 64, 128, 256))),
    Setting("white", "Whiten", "", (("", "No"), ("yes", "Yes")), Kind.SWITCH),
    COLOURS,
    LINES,
    *cursor_settings("Hz"),
)


@dataclass(frozen=True)
class CoherenceFound:
    """What the coherence view shows."""

    coherence: CyclicCoherence
    marks: tuple[FaultMark, ...] = ()
    cursor: Cursor = NO_CURSOR


def panel(found: CoherenceFound, state: ViewState, values: Values) -> Sequence[Any]:
    """Return the map of carriers and rhythms, and its mean over the carriers below."""
    seen = found.coherence
    highest = float(seen.values.max(initial=0.0))
    columns = min(480, seen.values.shape[1])
    shown, places = _narrowed(seen, columns)
    raster = Raster(percents(shown), places, seen.carrier_hz, "%", values.text("colours"))
    image = raster_figure(
        raster,
        Axis("Rhythm (cyclic frequency), Hz", grid=False),
        Axis("Carrier, Hz", grid=False),
        "%{x:.2f} Hz on %{y:,.0f} Hz",
    )
    image.data[0].zmax = max(1.0, round(highest * 100))
    return [
        graph(
            image,
            id="bearings-signal-coherence-map",
            name="Cyclic coherence",
            summary=_map_summary(seen),
            twin=_map_twin(seen),
            height=320,
        ),
        _enhanced(found, state),
    ]


def _narrowed(seen: CyclicCoherence, columns: int) -> tuple[Any, Any]:
    """Return at most so many columns, each the highest of those that it stands for."""
    width = -(-seen.values.shape[1] // columns)
    starts = np.arange(0, seen.values.shape[1], width)
    return np.maximum.reduceat(seen.values, starts, axis=1), seen.cyclic_hz[starts]


def _enhanced(found: CoherenceFound, state: ViewState) -> Any:
    spectrum = found.coherence.enhanced
    curve = drawn(spectrum.values, spectrum.resolution_hz, state.span)
    level = np.full(2, found.coherence.enhanced_threshold)
    ends = [curve.places[0], curve.places[-1]] if len(curve.places) else [0.0, 1.0]
    figure = curve_figure(
        [
            Trace("mean coherence", curve.places, curve.values),
            Trace("what noise rarely exceeds", ends, level, 7, "dot"),
        ],
        Axis("Rhythm (cyclic frequency), Hz", state.span),
        Axis("Mean coherence"),
        [*found.marks, *found.cursor.marks],
    )
    columns = (Column("Line"), Column("Hz", numeric=True), Column("Height", numeric=True))
    rows = readings(found.marks, found.cursor, curve, 2 * spectrum.resolution_hz)
    return chart(
        "coherence",
        figure,
        name="Enhanced envelope spectrum",
        summary=_enhanced_summary(found),
        twin=Twin(columns, rows),
        height=280,
    )


def _map_summary(seen: CyclicCoherence) -> str:
    row, column = np.unravel_index(int(seen.values.argmax()), seen.values.shape)
    value = float(seen.values[row, column])
    worth = "more than noise shows" if value > seen.threshold else "no more than noise shows"
    return (
        f"The strongest rhythm is {seen.cyclic_hz[column]:.2f} Hz on carriers around "
        f"{seen.carrier_hz[row]:,.0f} Hz: coherence {value:.2f}, {worth} ({seen.threshold:.2f})."
    )


def _enhanced_summary(found: CoherenceFound) -> str:
    spectrum = found.coherence.enhanced
    place = int(spectrum.values.argmax())
    above = spectrum.values[place] > found.coherence.enhanced_threshold
    words = "above" if above else "not above"
    return (
        f"Over all carriers the strongest rhythm is {place * spectrum.resolution_hz:.2f} Hz, "
        f"{words} what noise rarely exceeds.{found.cursor.told}"
    )


def _map_twin(seen: CyclicCoherence) -> Twin:
    """Return the carriers whose strongest rhythm is the most coherent."""
    highest = seen.values.max(axis=1)
    rows = [
        (
            f"{seen.carrier_hz[row]:,.0f}",
            f"{seen.cyclic_hz[seen.values[row].argmax()]:.2f}",
            f"{highest[row]:.3f}",
        )
        for row in np.argsort(highest)[::-1][:8]
    ]
    columns = (
        Column("Carrier, Hz", numeric=True),
        Column("Rhythm, Hz", numeric=True),
        Column("Coherence", numeric=True),
    )
    return Twin(columns, rows)


VIEW = View(
    "coherence",
    "Coherence",
    "Cyclic coherence: rhythms hidden in noise, by the band that carries them.",
    SETTINGS,
    panel,
)
