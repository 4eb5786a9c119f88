"""The course in time and the spectra of one recording."""

import numpy as np

from sonde.bearings.core.bands import candidate_bands, most_impulsive_band
from sonde.bearings.core.cepstrum import Cepstrum, power_cepstrum, real_cepstrum
from sonde.bearings.core.curves import Curve
from sonde.bearings.core.envelope import Band
from sonde.bearings.core.kurtogram import Kurtogram
from sonde.bearings.core.kurtogram import kurtogram as fast_kurtogram
from sonde.bearings.core.signal_views import (
    POINTS,
    Course,
    EnvelopeLook,
    Look,
    Signal,
    SpectrumLook,
    SpectrumWish,
    amplitude_course,
    course_of,
    envelope_of,
    spectrum_of,
)
from sonde.bearings.services.signals import access
from sonde.bearings.services.signals.diagnosis import diagnosis
from sonde.platform.core.actor import Actor


def stretch(
    actor: Actor, look: Look, start_s: float = 0.0, stop_s: float | None = None
) -> tuple[Signal, int]:
    """Return a stretch of the signal and the position of its first sample.

    What lies beyond the ends is cut. Raises NotFound and Invalid.
    """
    recording = access.recording_of(actor, look.recording_id)
    rate_hz = recording.sampling_rate_hz
    n_samples = recording.n_samples
    # cut before they become whole numbers, which infinity never does
    start = int(min(max(0, start_s * rate_hz), n_samples - 1))
    end_s = np.inf if stop_s is None or np.isnan(stop_s) else stop_s
    wanted = min(max(0, end_s * rate_hz), n_samples)
    stop = min(max(int(np.ceil(wanted)) + 1, start + 2), n_samples)
    return access.signal(actor, look, start, stop), start


def course(
    actor: Actor,
    look: Look,
    start_s: float = 0.0,
    stop_s: float | None = None,
    points: int = POINTS,
) -> Course:
    """Return a stretch of the signal in at most so many points; raises NotFound and Invalid."""
    found, start = stretch(actor, look, start_s, stop_s)
    return course_of(found.samples, start, found.rate_hz, points)


def amplitude(actor: Actor, look: Look, start_s: float = 0.0, stop_s: float | None = None) -> Curve:
    """Return the amplitude over time of a stretch; raises NotFound and Invalid."""
    found, start = stretch(actor, look, start_s, stop_s)
    return amplitude_course(found.samples, start, found.rate_hz)


def spectrum(actor: Actor, look: Look, wish: SpectrumWish | None = None) -> SpectrumLook:
    """Return a spectrum with its peaks kept.

    Raises NotFound, and Invalid where the unit does not allow the wished quantity.
    """
    found = access.signal(actor, look)
    return spectrum_of(found.samples, found.rate_hz, found.unit, wish or SpectrumWish())


def envelope(
    actor: Actor, look: Look, band: Band | None = None, span: Band | None = None
) -> EnvelopeLook:
    """Return the squared envelope spectrum up to order 20 with the lines to look for.

    Without a band, the one of the diagnosis is taken, or the most impulsive one where the bearing
    is unknown. Raises NotFound and Invalid.
    """
    found = access.signal(actor, look, with_geometry=True)
    if band is None:
        band = _own_band(actor, look, found)
    return envelope_of(found.samples, found.rate_hz, found.shaft_hz, band, found.geometry, span)


def kurtogram(actor: Actor, look: Look) -> Kurtogram:
    """Return in which band the signal is the most impulsive; raises NotFound and Invalid."""
    found = access.signal(actor, look)
    return fast_kurtogram(found.samples, found.rate_hz)


def cepstrum(actor: Actor, look: Look, *, is_power: bool = False) -> Cepstrum:
    """Return the real or power cepstrum; raises NotFound, and Invalid for a constant signal."""
    found = access.signal(actor, look)
    compute = power_cepstrum if is_power else real_cepstrum
    return compute(found.samples, found.rate_hz)


def _own_band(actor: Actor, look: Look, signal: Signal) -> Band:
    if signal.geometry is not None:
        found = diagnosis(actor, look)
        return found.band_hz if found else candidate_bands(signal.rate_hz, signal.shaft_hz)[0]
    return most_impulsive_band(signal.samples, signal.rate_hz, signal.shaft_hz)
