"""The spectrum over orders of the shaft: lines that follow the speed stay lines."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from sonde.bearings.core.curves import drawn
from sonde.bearings.core.order_tracking import OrderSpectrum
from sonde.bearings.core.signal_views import FaultMark, named_unit
from sonde.bearings.core.speed_profile import SpeedProfile
from sonde.bearings.ui.signal.figures import Trace, amplitude_axis, curve_figure
from sonde.bearings.ui.signal.settings import Kind, Setting, Values
from sonde.bearings.ui.signal.state import ViewState
from sonde.bearings.ui.signal.views.cursor import NO_CURSOR, Cursor, cursor_settings, readings
from sonde.bearings.ui.signal.views.spectrum import WINDOWS
from sonde.bearings.ui.signal.views.view import LINES, View, chart
from sonde.platform.ui.figures import Axis, Twin, graph, new_figure
from sonde.platform.ui.figures import line as plain_line
from sonde.platform.ui.tables import Column

SPEED_FROM = (
    ("", "Tacho, else stated"),
    ("tacho", "Tacho"),
    ("signal", "Found in the signal"),
    ("stated", "As stated"),
)
SPEED = (
    Setting("speed", "Speed from", "", SPEED_FROM),
    Setting("pulses", "Pulses per turn", "1", kind=Kind.NUMBER, low=1, high=10_000),
)
SETTINGS = (
    *SPEED,
    Setting(
        "highest",
        "Up to order",
        "20",
        (("10", "10"), ("20", "20"), ("50", "50"), ("100", "100")),
    ),
    Setting("window", "Window", "hann", WINDOWS),
    Setting("averages", "Averages", "1", (("1", "None"), ("4", "4"), ("16", "16"))),
    Setting("y", "Height", "log", (("log", "Log"), ("linear", "Linear")), Kind.SWITCH),
    LINES,
    *cursor_settings("orders"),
)
_SPEED_POINTS = 200


@dataclass(frozen=True)
class OrdersFound:
    """What the order view shows.

    Parameters
    ----------
    spectrum : OrderSpectrum
    profile : SpeedProfile
    duration_s : float
    unit : str
        Of the signal.
    marks : tuple of FaultMark
        In orders.
    cursor : Cursor
    """

    spectrum: OrderSpectrum
    profile: SpeedProfile
    duration_s: float
    unit: str
    marks: tuple[FaultMark, ...] = ()
    cursor: Cursor = NO_CURSOR


def panel(found: OrdersFound, state: ViewState, values: Values) -> Sequence[Any]:
    """Return the order spectrum, and the speed that it rests on below it."""
    spectrum = found.spectrum
    curve = drawn(spectrum.values, spectrum.resolution, state.span)
    figure = curve_figure(
        [Trace("orders", curve.places, curve.values)],
        Axis("Order of the shaft", state.span),
        amplitude_axis(
            named_unit(spectrum.unit, found.unit), logarithmic=values.text("y") == "log"
        ),
        [*found.marks, *found.cursor.marks],
        "X",
    )
    columns = (Column("Line"), Column("Order", numeric=True), Column("Height", numeric=True))
    rows = readings(found.marks, found.cursor, curve, 2 * spectrum.resolution)
    return [
        chart(
            "orders",
            figure,
            name="Order spectrum",
            summary=summary(found),
            twin=Twin(columns, rows),
            height=380,
        ),
        speed_chart(found.profile, found.duration_s),
    ]


def summary(found: OrdersFound) -> str:
    """Return what the order spectrum shows, in one sentence."""
    values = found.spectrum.values
    skipped = max(1, round(0.1 / found.spectrum.resolution))
    place = float(values[skipped:].argmax() + skipped) * found.spectrum.resolution
    return f"The highest line stands at order {place:.3f}.{found.cursor.told}"


def speed_chart(profile: SpeedProfile, duration_s: float) -> Any:
    """Return the speed over time and where it comes from."""
    times_s = np.linspace(0, duration_s, _SPEED_POINTS)
    speeds = profile.shaft_hz_at(times_s) * 60
    step = duration_s / (_SPEED_POINTS - 1)
    figure = new_figure(
        [plain_line(speeds, dx=step, name="speed")], x=Axis("Time, s"), y=Axis("Speed, rpm")
    )
    shown = times_s[:: _SPEED_POINTS // 8]
    rpm = profile.shaft_hz_at(shown) * 60
    rows = [(f"{at:.2f}", f"{turns:,.1f}") for at, turns in zip(shown, rpm, strict=True)]
    return graph(
        figure,
        id="bearings-signal-speed",
        name="Speed over time",
        summary=_speed_words(profile),
        twin=Twin((Column("Time, s", numeric=True), Column("rpm", numeric=True)), rows),
        height=150,
    )


def _speed_words(profile: SpeedProfile) -> str:
    low, high = profile.slowest_hz * 60, profile.fastest_hz * 60
    words = {"tacho": "from the tacho", "signal": "found in the signal", "stated": "as stated"}
    clear = (
        f"; its harmonics stand {profile.clarity:.1f} times over what is around them"
        if np.isfinite(profile.clarity)
        else ""
    )
    return f"Speed {words[profile.source]}: {low:,.1f} to {high:,.1f} rpm{clear}."


VIEW = View(
    "orders",
    "Orders",
    "Over the shaft's angle instead of over time: what follows the speed stays sharp.",
    SETTINGS,
    panel,
)
