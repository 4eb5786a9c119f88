"""The orbit of a shaft, seen by two probes."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import plotly.graph_objects as go

from sonde.bearings.core.orbits.components import FullSpectrum
from sonde.bearings.core.orbits.orbit import Orbit
from sonde.bearings.ui.signal.figures import Trace, amplitude_axis, curve_figure, written
from sonde.bearings.ui.signal.settings import Kind, Setting, Values
from sonde.bearings.ui.signal.state import ViewState
from sonde.bearings.ui.signal.views.view import View, chart
from sonde.platform.ui.components import columns
from sonde.platform.ui.figures import Axis, Twin, graph
from sonde.platform.ui.tables import Column
from sonde.platform.ui.theme import SERIES

SETTINGS = (
    Setting("second", "Second channel", kind=Kind.CHANNEL, hint="the next one"),
    Setting(
        "order",
        "Motion at",
        "",
        (
            ("", "All of it"),
            ("0.5", "0.5X"),
            ("1", "1X"),
            ("2", "2X"),
            ("3", "3X"),
            ("whirl", "Below 1X: whirl or whip"),
        ),
    ),
    Setting("turns", "Revolutions", "8", kind=Kind.NUMBER, low=1, high=200),
    Setting("start", "From", kind=Kind.NUMBER, low=0, unit="s", hint="middle"),
    Setting(
        "probes",
        "Probes at",
        "0,90",
        (("0,90", "0° and 90°"), ("45,135", "45° and 135°"), ("135,45", "135° and 45°")),
    ),
    Setting("turning", "Shaft turns", "left", (("left", "Left"), ("right", "Right")), Kind.SWITCH),
)


@dataclass(frozen=True)
class OrbitFound:
    """What the orbit view shows.

    Parameters
    ----------
    orbit : Orbit
    full : FullSpectrum
        Motion with and against the shaft, by frequency.
    names : (str, str)
        Of both channels.
    unit : str
    shaft_hz : float
    """

    orbit: Orbit
    full: FullSpectrum
    names: tuple[str, str]
    unit: str
    shaft_hz: float


def panel(found: OrbitFound, _state: ViewState, _values: Values) -> Sequence[Any]:
    """Return the orbit, and the full spectrum beside it."""
    return [columns([_orbit_chart(found), _spectrum_chart(found)], minimum=320)]


def _orbit_chart(found: OrbitFound) -> Any:
    orbit = found.orbit
    figure = curve_figure(
        [Trace("orbit", orbit.right, orbit.up, width=1.3)],
        amplitude_axis(found.unit, quantity="To the right"),
        amplitude_axis(found.unit, quantity="Up"),
    )
    marks = "keyphasor" if orbit.marks_measured else "once per revolution"
    figure.add_trace(
        go.Scatter(
            x=orbit.mark_right,
            y=orbit.mark_up,
            mode="markers",
            name=marks,
            marker={"color": SERIES[1], "size": 7},
        )
    )
    figure.layout.showlegend = True
    figure.layout.yaxis.update(scaleanchor="x", scaleratio=1)
    return chart(
        "orbit",
        figure,
        name=f"Orbit of {found.names[0]} and {found.names[1]}",
        summary=summary(found),
        twin=_twin(found),
        height=460,
    )


def _spectrum_chart(found: OrbitFound) -> Any:
    full = found.full
    figure = curve_figure(
        [Trace("full spectrum", full.frequency_hz / found.shaft_hz, full.values)],
        Axis("Order: against the shaft | with the shaft"),
        amplitude_axis(found.unit, quantity="Radius"),
    )
    place = int(full.values.argmax())
    way = "with" if full.frequency_hz[place] > 0 else "against"
    order = abs(full.frequency_hz[place]) / found.shaft_hz
    return graph(
        figure,
        id="bearings-signal-full-spectrum",
        name="Full spectrum",
        summary=f"The largest circle turns {way} the shaft at order {order:.3f}.",
        twin=_full_twin(found),
        height=460,
    )


def summary(found: OrbitFound) -> str:
    """Return what the orbit shows, in one sentence."""
    orbit = found.orbit
    named = "" if found.unit == "unknown" else f" {written(found.unit)}"
    ellipse = orbit.ellipse
    at = f" at order {ellipse.order:.3f}" if ellipse else ""
    return (
        f"The motion{at} is {orbit.direction.value}; it reaches {orbit.largest:.3g}{named} from "
        f"its mean position ({orbit.centre.real:.3g}, {orbit.centre.imag:.3g}){named}."
    )


def _twin(found: OrbitFound) -> Twin:
    orbit, ellipse = found.orbit, found.orbit.ellipse
    rows = [
        ("Direction", orbit.direction.value),
        ("Largest distance", f"{orbit.largest:.4g}"),
        ("Mean to the right", f"{orbit.centre.real:.4g}"),
        ("Mean up", f"{orbit.centre.imag:.4g}"),
    ]
    if ellipse is not None:
        rows += [
            ("Frequency, Hz", f"{ellipse.frequency_hz:.3f}"),
            ("Order", f"{ellipse.order:.4f}"),
            ("Longer half axis", f"{ellipse.semi_major:.4g}"),
            ("Shorter half axis", f"{ellipse.semi_minor:.4g}"),
            ("Inclination, degrees", f"{ellipse.inclination_deg:.1f}"),
        ]
    return Twin((Column("Figure"), Column("Value", numeric=True)), rows)


def _full_twin(found: OrbitFound) -> Twin:
    """Return the largest circles."""
    full = found.full
    strongest = np.argsort(full.values)[::-1][:8]
    rows = [
        (f"{full.frequency_hz[place] / found.shaft_hz:.3f}", f"{full.values[place]:.4g}")
        for place in sorted(strongest)
    ]
    return Twin((Column("Order", numeric=True), Column("Radius", numeric=True)), rows)


VIEW = View(
    "orbit",
    "Orbit",
    "Two probes together: how the shaft moves, with its turning or against it.",
    SETTINGS,
    panel,
    has_zoom=False,
)
