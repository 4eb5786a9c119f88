"""Orders, the average over turns, and the orbit of what is looked at."""

from sonde.bearings.core.cursors import Axis
from sonde.bearings.core.curves import Curve
from sonde.bearings.core.orbits.orbit import OrbitSettings
from sonde.bearings.core.orbits.probes import Probes
from sonde.bearings.core.spectra import Window
from sonde.bearings.core.spectrum_settings import SpectrumSettings
from sonde.bearings.services.signals import orbits, orders
from sonde.bearings.services.signals.orders import SpeedSource, SpeedWish
from sonde.bearings.ui.signal.looks import beside
from sonde.bearings.ui.signal.settings import Values
from sonde.bearings.ui.signal.state import ViewState
from sonde.bearings.ui.signal.views.average import AverageFound
from sonde.bearings.ui.signal.views.cursor import cursor_on
from sonde.bearings.ui.signal.views.orbit import OrbitFound
from sonde.bearings.ui.signal.views.orders import OrdersFound
from sonde.platform.core.actor import Actor

_WHIRL_ORDER, _WHIRL_REACH = 0.45, 0.2


def order_view(actor: Actor, state: ViewState, values: Values) -> OrdersFound:
    """Return the spectrum over orders, with the speed that it rests on."""
    settings = SpectrumSettings(
        window=Window(values.text("window")), averages=values.count("averages")
    )
    wish = _speed(values, float(values.count("highest")))
    spectrum, turned = orders.orders(actor, state.look, wish, settings)
    axis = Axis(spectrum.resolution, spectrum.values, settings.window)
    return OrdersFound(
        spectrum,
        turned.profile,
        turned.signal.recording.duration_s,
        turned.signal.unit,
        beside.marks(actor, state, values, axis.end, in_orders=True),
        cursor_on(axis, values, "orders"),
    )


def average(actor: Actor, state: ViewState, values: Values) -> AverageFound:
    """Return what repeats every so many turns, and the first course alone."""
    found, turned = orders.average(actor, state.look, _speed(values, 50.0), values.count("turns"))
    single = turned.angular.samples[: len(found.values)]
    return AverageFound(
        found,
        Curve(found.angle_deg, single),
        turned.profile,
        turned.signal.recording.duration_s,
        turned.signal.unit,
    )


def orbit(actor: Actor, state: ViewState, values: Values) -> OrbitFound:
    """Return the motion that two channels see."""
    order = values.text("order")
    is_whirl = order == "whirl"
    x_deg, y_deg = (float(angle) for angle in values.parts("probes"))
    settings = OrbitSettings(
        order=_WHIRL_ORDER if is_whirl else float(order) if order else None,
        search=_WHIRL_REACH if is_whirl else 0.02,
        revolutions=values.count("turns"),
        start_s=values.number("start"),
        probes=Probes(x_deg, y_deg, clockwise=values.text("turning") == "right"),
    )
    found, full, first, second = orbits.orbit(actor, state.look, values.text("second"), settings)
    return OrbitFound(found, full, (first.channel, second), first.unit, first.shaft_hz)


def _speed(values: Values, highest_order: float) -> SpeedWish:
    return SpeedWish(SpeedSource(values.text("speed")), values.count("pulses"), highest_order)
