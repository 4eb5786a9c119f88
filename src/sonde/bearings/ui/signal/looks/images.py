"""What is shown as an image of what is looked at."""

from sonde.bearings.core.bicoherence import BicoherenceSettings
from sonde.bearings.core.cursors import Axis
from sonde.bearings.core.cyclic_coherence import CoherenceSettings
from sonde.bearings.core.waterfall import WaterfallSettings
from sonde.bearings.services.signals import access, images, waterfalls
from sonde.bearings.services.signals.waterfalls import WaterfallWish
from sonde.bearings.ui.signal.looks import beside
from sonde.bearings.ui.signal.settings import Values
from sonde.bearings.ui.signal.state import ViewState
from sonde.bearings.ui.signal.views.bicoherence import BicoherenceFound
from sonde.bearings.ui.signal.views.coherence import CoherenceFound
from sonde.bearings.ui.signal.views.cursor import cursor_on
from sonde.bearings.ui.signal.views.timefrequency import TimeFrequencyFound, transform_settings
from sonde.bearings.ui.signal.views.waterfall import COLUMNS, WaterfallFound, highest_of
from sonde.platform.core.actor import Actor


def time_frequency(actor: Actor, state: ViewState, values: Values) -> TimeFrequencyFound:
    """Return the chosen transform of the stretch that is looked at."""
    recording = access.recording_of(actor, state.recording_id, state.unit)
    settings = transform_settings(values, recording.sampling_rate_hz / 2)
    image = images.time_frequency(actor, state.look, settings, state.span)
    return TimeFrequencyFound(image, recording.unit, values.text("method"))


def coherence(actor: Actor, state: ViewState, values: Values) -> CoherenceFound:
    """Return which bands swing together, with the lines to look for."""
    settings = CoherenceSettings(
        highest_cyclic_hz=values.number("highest") or 400.0,
        bands=values.count("bands"),
        prewhiten=values.text("white") == "yes",
    )
    found = images.coherence(actor, state.look, settings)
    axis = Axis(found.enhanced.resolution_hz, found.enhanced.values)
    return CoherenceFound(
        found, beside.marks(actor, state, values, axis.end), cursor_on(axis, values, "Hz")
    )


def bicoherence(actor: Actor, state: ViewState, values: Values) -> BicoherenceFound:
    """Return which frequencies keep step with their sum."""
    settings = BicoherenceSettings(
        length=values.count("length"), highest_hz=values.number("highest")
    )
    return BicoherenceFound(images.bicoherence(actor, state.look, settings))


def waterfall(actor: Actor, state: ViewState, values: Values) -> WaterfallFound:
    """Return the spectra of the data set below each other, or the job that makes them."""
    settings = WaterfallSettings(
        highest=highest_of(values), columns=COLUMNS, in_orders=values.text("axis") == "orders"
    )
    wish = WaterfallWish(values.text("among"), values.text("sort"), settings)
    return WaterfallFound(waterfalls.look_or_start(actor, state.look, wish))
