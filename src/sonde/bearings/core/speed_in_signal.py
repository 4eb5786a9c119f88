"""The speed of a shaft found in the vibration itself, from the harmonics that follow it.

A ridge through time gives the coarse course. With it the signal is turned over the angle, where the
harmonics hardly move any more: there longer stretches, and at last the phases of the harmonics,
say what is still missing. In noise some course is always found; it is refused unless the harmonics
then stand out further than in pure noise.
"""

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray
from scipy import fft
from scipy.signal import fftconvolve

from sonde.bearings.core.order_tracking import AngularSignal, order_spectrum, resampled_by_angle
from sonde.bearings.core.speed_profile import SpeedProfile, profile_of_speeds
from sonde.bearings.core.speed_ridge import RidgeSettings, ridge_profile
from sonde.platform.core.errors import Invalid

LEAST_CLARITY = 4.5
_REFINEMENTS = ((2.0, 0.05), (4.0, 0.02))
_DEMODULATIONS = ((0.3, 6.0), (0.15, 12.0))


def profile_in_signal(
    samples: NDArray[np.floating], sampling_rate_hz: float, settings: RidgeSettings
) -> SpeedProfile:
    """Return the speed profile that the harmonics of the shaft draw in a vibration signal.

    Whole revolutions of the answer mark no particular angle of the shaft.

    Parameters
    ----------
    samples : ndarray of float, shape (time,)
    sampling_rate_hz : float
    settings : RidgeSettings

    Raises
    ------
    Invalid
        If the signal is shorter than two stretches, the rate too low for two harmonics, or no
        speed stands out.
    """
    profile = ridge_profile(samples, sampling_rate_hz, settings)
    orders = settings.harmonics + 1.0
    for longer, reach in _REFINEMENTS:
        length = settings.revolutions * longer
        finer = replace(settings, nominal_hz=1.0, reach=reach, revolutions=length)
        turned = resampled_by_angle(samples, sampling_rate_hz, profile, orders)
        profile = _corrected(profile, turned, finer)
    for half_band, smoothed_over in _DEMODULATIONS:
        turned = resampled_by_angle(samples, sampling_rate_hz, profile, orders)
        profile = _demodulated(profile, turned, half_band, smoothed_over)
    clarity = _clarity(resampled_by_angle(samples, sampling_rate_hz, profile, orders))
    if clarity < LEAST_CLARITY:
        low, high = (settings.nominal_hz * (1 + sign * settings.reach) for sign in (-1, 1))
        raise Invalid(
            f"No harmonics of a speed between {low:.4g} and {high:.4g} Hz stand out in this "
            "signal: use a tacho channel, or state another speed to look around.",
            field="nominal_hz",
        )
    return SpeedProfile(profile.time_s, profile.revolutions, "signal", clarity)


def _corrected(
    profile: SpeedProfile, turned: AngularSignal, settings: RidgeSettings
) -> SpeedProfile:
    """Return the profile with what a second ridge, over its own angle, still finds to correct."""
    if turned.n_revolutions < 3 * settings.revolutions:
        return profile
    left = ridge_profile(turned.samples, float(turned.samples_per_revolution), settings)
    times_s = profile.time_at(turned.first_revolution + left.time_s)
    return SpeedProfile(times_s, left.revolutions, "signal")


def _demodulated(
    profile: SpeedProfile, turned: AngularSignal, half_band: float, smoothed_over: float
) -> SpeedProfile:
    """Return the profile corrected by how the phases of the harmonics still turn over the angle.

    Harmonic k is cut out as z_k; it turns k times as fast as what is missing, so the missing speed
    is the sum of k Im(z_k' z_k*) over the sum of k^2 |z_k|^2: the strong harmonics decide.
    """
    n_turns = turned.n_revolutions
    half = int(half_band * n_turns)
    if half < 2:
        return profile
    lines = fft.rfft(turned.samples)
    offsets = np.arange(-half, half + 1)
    fade = np.cos(np.pi / 2 * offsets / (half + 1)) ** 2
    size = int(fft.next_fast_len(6 * half))
    above = np.zeros(size)
    below = np.zeros(size)
    for k in range(1, int(turned.highest_order)):
        band = np.zeros((2, size), dtype=np.complex128)
        band[0, offsets] = lines[k * n_turns + offsets] * fade
        band[1] = band[0] * 2j * np.pi * fft.fftfreq(size, 1 / size) / n_turns
        cut, slope = fft.ifft(band, axis=1)
        above += k * (slope * cut.conj()).imag
        below += k**2 * np.abs(cut) ** 2
    width = max(3, round(smoothed_over * size / n_turns)) | 1
    weights = np.hanning(width + 2)
    change = fftconvolve(above, weights, "same") / np.maximum(
        fftconvolve(below, weights, "same"), 1e-30
    )
    speeds = 1 + np.clip(change / (2 * np.pi), -half_band / 2, half_band / 2)
    step = max(1, width // 4)
    places = np.arange(step, size - step, step, dtype=np.intp)
    turns = np.asarray(places * (n_turns / size), dtype=np.float64)
    angle = profile_of_speeds(turns, speeds[places])
    times_s = profile.time_at(turned.first_revolution + angle.time_s)
    return SpeedProfile(times_s, angle.revolutions, "signal")


def _clarity(turned: AngularSignal) -> float:
    """Return how far the clearest half of the harmonics stand over what is around them."""
    spectrum = order_spectrum(turned).values
    per_order = turned.n_revolutions
    near, around = max(2, per_order // 200), int(0.4 * per_order)
    raised = []
    for harmonic in range(1, int(turned.highest_order)):
        line = harmonic * per_order
        background = float(np.median(spectrum[line - around : line + around + 1]))
        highest = float(spectrum[line - near : line + near + 1].max())
        raised.append(np.log(max(highest, 1e-30) / max(background, 1e-30)))
    return float(np.exp(np.mean(sorted(raised)[-(len(raised) + 1) // 2 :])))
