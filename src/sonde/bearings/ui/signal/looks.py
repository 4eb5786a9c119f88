"""From a state of the page to what its view shows: the only place where views meet services."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from types import MappingProxyType
from typing import Any

from sonde.bearings.core.cursors import Axis
from sonde.bearings.core.signal_views import (
    FaultMark,
    Look,
    SpectrumWish,
    bearing_marks,
    shaft_marks,
)
from sonde.bearings.core.spectra import Window
from sonde.bearings.core.spectrum_settings import Scaling, SpectrumSettings
from sonde.bearings.core.units import Quantity
from sonde.bearings.services.signals import access, places, spectra
from sonde.bearings.ui.signal.settings import Values
from sonde.bearings.ui.signal.state import ViewState
from sonde.bearings.ui.signal.views.catalogue import view_of
from sonde.bearings.ui.signal.views.cursor import cursor_on
from sonde.bearings.ui.signal.views.envelope import EnvelopeFound, band_of
from sonde.bearings.ui.signal.views.spectrum import SpectrumFound
from sonde.bearings.ui.signal.views.time import TimeFound
from sonde.bearings.ui.signal.views.view import refusal
from sonde.platform.core.actor import Actor
from sonde.platform.core.errors import Invalid, NotFound

Looker = Callable[[Actor, ViewState, Values], Any]


def panel(actor: Actor, state: ViewState) -> Sequence[Any]:
    """Return what the view shows, or the reason why it cannot."""
    view = view_of(state.view)
    values = view.values(state)
    try:
        found = LOOKERS[view.key](actor, state, values)
    except (Invalid, NotFound) as refused:
        return [refusal(refused.message)]
    return view.panel(found, state, values)


def _others(actor: Actor, state: ViewState) -> list[tuple[str, Look]]:
    """Return title and look of what is laid over it, in the same channel where it has that."""
    return [
        (
            one.title,
            Look(one.id, state.channel if state.channel in one.channels else "", state.bearing),
        )
        for one in places.compared(actor, state.others)
    ]


def _time(actor: Actor, state: ViewState, values: Values) -> TimeFound:
    span = state.span or (0.0, None)
    recording = access.recording_of(actor, state.recording_id)
    envelope = None
    if "envelope" in values.parts("show"):
        envelope = spectra.amplitude(actor, state.look, *span)
    return TimeFound(
        spectra.course(actor, state.look, *span),
        recording.unit,
        recording.speed_rpm / 60,
        envelope,
        tuple((title, spectra.course(actor, look, *span)) for title, look in _others(actor, state)),
    )


def _marks(actor: Actor, state: ViewState, values: Values) -> tuple[FaultMark, ...]:
    """Return shaft and bearing lines, as far as they are asked for and shown."""
    recording = access.recording_of(actor, state.recording_id)
    highest_hz = recording.sampling_rate_hz / 2
    shaft_hz = recording.speed_rpm / 60
    wanted = values.parts("lines")
    marks = shaft_marks(shaft_hz, highest_hz) if "shaft" in wanted else ()
    if "bearing" in wanted:
        geometry = access.geometry_of(actor, recording, state.look)
        marks += bearing_marks(geometry, shaft_hz, highest_hz)
    if state.span is None:
        return marks
    return tuple(mark for mark in marks if state.span[0] <= mark.frequency_hz <= state.span[1])


def _spectrum(actor: Actor, state: ViewState, values: Values) -> SpectrumFound:
    quantity = values.text("quantity")
    wish = SpectrumWish(
        SpectrumSettings(
            window=Window(values.text("window")),
            scaling=Scaling(values.text("scaling")),
            averages=values.count("averages"),
        ),
        Quantity(quantity) if quantity else None,
        state.span,
    )
    look = spectra.spectrum(actor, state.look, wish)
    others = tuple(
        (title, spectra.spectrum(actor, other, wish)) for title, other in _others(actor, state)
    )
    full = look.measured.spectrum
    is_tone = wish.settings.scaling is Scaling.AMPLITUDE
    axis = Axis(full.resolution_hz, full.values, wish.settings.window if is_tone else None)
    cursor = cursor_on(axis, values, "Hz")
    return SpectrumFound(look, others, _marks(actor, state, values), cursor)


def _envelope(actor: Actor, state: ViewState, values: Values) -> EnvelopeFound:
    band = band_of(values.text("band"))
    look = spectra.envelope(actor, state.look, band, state.span)
    highest_hz = look.spectrum.resolution_hz * len(look.spectrum.values)
    span = state.span or (0.0, highest_hz)
    marks = _marks(actor, replace(state, span=span), values)
    axis = Axis(look.spectrum.resolution_hz, look.spectrum.values, Window.RECTANGULAR)
    cursor = cursor_on(axis, values, "Hz")
    return EnvelopeFound(look, spectra.kurtogram(actor, state.look), marks, cursor)


LOOKERS: Mapping[str, Looker] = MappingProxyType(
    {
        "time": _time,
        "spectrum": _spectrum,
        "envelope": _envelope,
    }
)
