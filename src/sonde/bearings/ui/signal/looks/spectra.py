"""Time, spectrum, envelope spectrum and cepstrum of what is looked at."""

from dataclasses import replace

from sonde.bearings.core.cepstrum import rahmonics, strongest_quefrency
from sonde.bearings.core.cursors import Axis
from sonde.bearings.core.curves import DRAWN_POINTS
from sonde.bearings.core.signal_views import POINTS, FaultMark, SpectrumWish
from sonde.bearings.core.spectra import Window
from sonde.bearings.core.spectrum_settings import Scaling, SpectrumSettings
from sonde.bearings.core.units import Quantity
from sonde.bearings.services.signals import access, spectra
from sonde.bearings.ui.signal.looks import beside
from sonde.bearings.ui.signal.settings import Values
from sonde.bearings.ui.signal.state import ViewState
from sonde.bearings.ui.signal.views.cepstrum import SHOWN_TURNS, CepstrumFound
from sonde.bearings.ui.signal.views.cursor import cursor_on
from sonde.bearings.ui.signal.views.envelope import EnvelopeFound, band_of
from sonde.bearings.ui.signal.views.spectrum import SpectrumFound
from sonde.bearings.ui.signal.views.time import TimeFound
from sonde.platform.core.actor import Actor
from sonde.platform.core.errors import Invalid

_FIRST_TURN = 0.15


def time(actor: Actor, state: ViewState, values: Values) -> TimeFound:
    """Return the course of what is looked at, and of what is laid over it."""
    start_s, stop_s = state.span or (0.0, None)
    recording = access.recording_of(actor, state.recording_id, state.unit)
    envelope = None
    if "envelope" in values.parts("show"):
        envelope = spectra.amplitude(actor, state.look, start_s, stop_s)
    laid_over = beside.others(actor, state)
    points = beside.share(POINTS, laid_over)
    return TimeFound(
        spectra.course(actor, state.look, start_s, stop_s, points),
        recording.unit,
        recording.speed_rpm / 60,
        envelope,
        tuple(
            (title, spectra.course(actor, look, start_s, stop_s, points))
            for title, look in laid_over
        ),
    )


def spectrum(actor: Actor, state: ViewState, values: Values) -> SpectrumFound:
    """Return the spectrum, those of others, what to look for and what the cursor finds."""
    laid_over = beside.others(actor, state)
    quantity = values.text("quantity")
    wish = SpectrumWish(
        SpectrumSettings(
            window=Window(values.text("window")),
            scaling=Scaling(values.text("scaling")),
            averages=values.count("averages"),
        ),
        Quantity(quantity) if quantity else None,
        state.span,
        beside.share(DRAWN_POINTS, laid_over),
    )
    look = spectra.spectrum(actor, state.look, wish)
    full = look.measured.spectrum
    is_tone = wish.settings.scaling is Scaling.AMPLITUDE
    axis = Axis(full.resolution_hz, full.values, wish.settings.window if is_tone else None)
    return SpectrumFound(
        look,
        tuple((title, spectra.spectrum(actor, other, wish)) for title, other in laid_over),
        beside.marks(actor, state, values, axis.end),
        cursor_on(axis, values, "Hz"),
        beside.expected(actor, state, values, axis.end),
    )


def envelope(actor: Actor, state: ViewState, values: Values) -> EnvelopeFound:
    """Return the squared envelope spectrum of the chosen band, and the kurtogram."""
    look = spectra.envelope(actor, state.look, band_of(values.text("band")), state.span)
    axis = Axis(look.spectrum.resolution_hz, look.spectrum.values, Window.RECTANGULAR)
    return EnvelopeFound(
        look,
        spectra.kurtogram(actor, state.look),
        beside.marks(actor, state, values, axis.end),
        cursor_on(axis, values, "Hz"),
        beside.expected(actor, state, values, axis.end),
    )


def cepstrum(actor: Actor, state: ViewState, values: Values) -> CepstrumFound:
    """Return the cepstrum as far as four turns of the shaft."""
    recording = access.recording_of(actor, state.recording_id)
    shaft_hz = recording.speed_rpm / 60
    whole = spectra.cepstrum(actor, state.look, is_power=values.text("kind") == "power")
    longest_s = min(SHOWN_TURNS / shaft_hz, (len(whole.values) - 1) * whole.step_s)
    seen = whole.below(longest_s)
    strongest_s, _ = strongest_quefrency(
        seen, min(_FIRST_TURN / shaft_hz, longest_s / 4), longest_s
    )
    found = CepstrumFound(seen, _quefrencies(actor, state, values), strongest_s)
    return _with_cursor(found, values.number("cursor"))


def _with_cursor(found: CepstrumFound, place_ms: float | None) -> CepstrumFound:
    if not place_ms:
        return found
    facts = (found.cepstrum, found.marks, found.strongest_s)
    try:
        cursor = rahmonics(found.cepstrum, place_ms / 1e3)
    except Invalid as refused:
        return CepstrumFound(*facts, told=f" Cursor: {refused.message}")
    apart_hz = 1 / cursor[0].quefrency_s
    told = f" Cursor: lines {apart_hz:,.3f} Hz apart, {len(cursor)} rahmonics."
    return CepstrumFound(*facts, cursor, told)


def _quefrencies(actor: Actor, state: ViewState, values: Values) -> tuple[FaultMark, ...]:
    """Return in ms how long one turn and the time between two strikes of each part last."""
    whole = replace(state, span=None)
    lines = beside.marks(actor, whole, values, float("inf"))
    return tuple(
        FaultMark(line.name, 1, 1e3 / line.frequency_hz) for line in lines if line.multiple == 1
    )
