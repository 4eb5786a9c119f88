"""The motion of a shaft, seen by two channels of one recording."""

from sonde.bearings.core.orbits.components import FullSpectrum, full_spectrum
from sonde.bearings.core.orbits.orbit import Orbit, OrbitSettings
from sonde.bearings.core.orbits.orbit import orbit as orbit_of
from sonde.bearings.core.signal_views import Look, Signal
from sonde.bearings.core.tacho import pulse_times
from sonde.bearings.services.signals import access
from sonde.platform.core.actor import Actor
from sonde.platform.core.errors import Invalid

HIGHEST_ORDER = 6.0


def second_channel(actor: Actor, look: Look, wanted: str) -> str:
    """Return the channel that an orbit takes beside the one looked at; raises Invalid."""
    recording = access.recording_of(actor, look.recording_id)
    first = access.channel_of(recording, look.channel)
    others = [each for each in recording.channels if each not in {first, recording.tacho_channel}]
    if not others:
        raise Invalid(
            "An orbit needs two channels that look at the shaft from two sides; this recording "
            f"has one ({first}).",
            field="second",
        )
    return wanted if wanted in others else others[0]


def orbit(
    actor: Actor, look: Look, second: str, settings: OrbitSettings
) -> tuple[Orbit, FullSpectrum, Signal, str]:
    """Return the orbit of two channels, its full spectrum, the first channel and the second's name.

    Raises NotFound, and Invalid where there is no second channel or they do not fit together.
    """
    first = access.signal(actor, look)
    name = second_channel(actor, look, second)
    other = access.signal(actor, Look(look.recording_id, name, look.bearing, look.unit))
    keyphasor = None
    if first.recording.tacho_channel:
        tacho = access.signal(actor, look, tacho=True)
        keyphasor = pulse_times(tacho.samples, tacho.rate_hz)
    pair = (first.samples, other.samples, first.rate_hz)
    found = orbit_of(*pair, first.shaft_hz, settings, keyphasor)
    spectrum = full_spectrum(*pair, settings.probes)
    return found, spectrum.within(HIGHEST_ORDER * first.shaft_hz), first, name
