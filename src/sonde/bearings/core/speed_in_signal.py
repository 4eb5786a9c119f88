"""The speed of a shaft found in the vibration itself, from the harmonics that follow it.

A ridge through time gives the coarse course. With it the signal is turned over the angle, where the
harmonics hardly move any more: there longer stretches, and at last the phases of the harmonics,
say what is still missing. Each harmonic has one vote, so that strong lines of something else do
not decide. In noise some course is always found; it is refused unless the harmonics then stand out
further than in pure noise.
"""

from dataclasses import replace

import numpy as np
import scipy
from numpy.typing import NDArray

from sonde.bearings.core.order_tracking import AngularSignal, order_spectrum, resampled_by_angle
from sonde.bearings.core.speed_profile import SpeedProfile, profile_of_speeds
from sonde.bearings.core.speed_ridge import RidgeSettings, ridge_profile
from sonde.platform.core.errors import Invalid

LEAST_CLARITY = 3.6
_LONGER = 5.0
_WEAK, _STRONG = 2.0, 2.0
_HIGHEST_LOG = 3.0
_REFINEMENTS = ((2.0, 0.05), (4.0, 0.02))
_DEMODULATIONS = ((0.2, 6.0), (0.1, 12.0))


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
    if not np.isfinite(samples).all() or not np.ptp(samples) > 0:
        raise Invalid(
            "The signal is constant or holds values that are no numbers: no speed is in it."
        )
    candidates = [
        _refined_profile(samples, sampling_rate_hz, replace(settings, revolutions=length))
        for length in _lengths(len(samples) / sampling_rate_hz, settings)
    ]
    best = max(candidates, key=lambda profile: profile.clarity)
    if best.clarity < LEAST_CLARITY:
        low, high = (settings.nominal_hz * (1 + sign * settings.reach) for sign in (-1, 1))
        raise Invalid(
            f"No harmonics of a speed between {low:.4g} and {high:.4g} Hz stand out in this "
            "signal: use a tacho channel, or state another speed to look around.",
            field="nominal_hz",
        )
    return best


def _lengths(duration_s: float, settings: RidgeSettings) -> tuple[float, ...]:
    """Return lengths of stretches to try: short for speeds that change, long for steady ones."""
    longer = settings.revolutions * _LONGER
    fits = 3 * longer < duration_s * settings.nominal_hz * (1 - settings.reach)
    return (settings.revolutions, longer) if fits else (settings.revolutions,)


def _refined_profile(
    samples: NDArray[np.floating], sampling_rate_hz: float, settings: RidgeSettings
) -> SpeedProfile:
    """Return the ridge, then what its own angle still shows, with its clarity."""
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
    return replace(profile, clarity=clarity)


def _corrected(
    profile: SpeedProfile, turned: AngularSignal, settings: RidgeSettings
) -> SpeedProfile:
    """Return the profile with what a second ridge, over its own angle, still finds to correct."""
    if turned.n_revolutions < 3 * settings.revolutions:
        return profile
    left = ridge_profile(turned.samples, float(turned.samples_per_revolution), settings)
    return _composed(profile, turned.first_revolution, left)


def _composed(
    profile: SpeedProfile, first_revolution: float, correction: SpeedProfile
) -> SpeedProfile:
    """Return the profile as corrected over its own angle; beyond its points it keeps its course."""
    inside = profile.time_at(first_revolution + correction.time_s)
    apart = np.median(np.diff(inside)) / 2
    beyond = profile.time_s[
        (profile.time_s < inside[0] - apart) | (profile.time_s > inside[-1] + apart)
    ]
    times_s = np.sort(np.concatenate([beyond, inside]))
    angle = profile.revolutions_at(times_s) - first_revolution
    return SpeedProfile(times_s, correction.revolutions_at(angle), "signal")


def _demodulated(
    profile: SpeedProfile, turned: AngularSignal, half_band: float, smoothed_over: float
) -> SpeedProfile:
    """Return the profile corrected by how the phases of the harmonics still turn over the angle.

    Every harmonic says by itself what speed is missing; their weighted median decides, so that a
    strong line of something else beside one of them does not.
    """
    n_turns = turned.n_revolutions
    half = int(half_band * n_turns)
    if half < 2:
        return profile
    missing, weights = _missing_speeds(turned, half, smoothed_over)
    speeds = 1 + np.clip(_weighted_median(missing, weights), -half_band / 2, half_band / 2)
    size = len(speeds)
    step = max(1, round(smoothed_over * size / n_turns / 4))
    places = np.arange(step, size - step, step, dtype=np.intp)
    angle = profile_of_speeds(np.asarray(places * (n_turns / size)), speeds[places])
    return _composed(profile, turned.first_revolution, angle)


def _missing_speeds(
    turned: AngularSignal, half: int, smoothed_over: float
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return what each harmonic says is missing, shape (harmonic, angle), and its weight.

    Harmonic k is cut out of the spectrum, `half` lines to both sides, as z; its missing speed is
    Im(z' z*) over 2 pi k |z|^2, both smoothed. It counts by how far it stands out.
    """
    from scipy.signal import fftconvolve

    n_turns = turned.n_revolutions
    lines = scipy.fft.rfft(turned.samples)
    offsets = np.arange(-half, half + 1)
    harmonics = np.arange(1, int(turned.highest_order))
    places = harmonics[:, np.newaxis] * n_turns + offsets
    size = int(scipy.fft.next_fast_len(6 * half))
    band = np.zeros((len(harmonics), size), dtype=np.complex128)
    band[:, offsets] = lines[places] * np.cos(np.pi / 2 * offsets / (half + 1)) ** 2
    cut = scipy.fft.ifft(band, axis=1)
    turning = 2j * np.pi * scipy.fft.fftfreq(size, 1 / size) / n_turns
    slope = scipy.fft.ifft(band * turning, axis=1)
    width = max(3, round(smoothed_over * size / n_turns)) | 1
    window = np.hanning(width + 2)[np.newaxis]
    above = fftconvolve((slope * cut.conj()).imag, window, "same", axes=1)
    below = fftconvolve(np.abs(cut) ** 2, window, "same", axes=1)
    least = 1e-9 * below.max(axis=1, keepdims=True) + np.finfo(np.float64).tiny
    missing = above / np.maximum(below, least) / (2 * np.pi * harmonics[:, np.newaxis])
    amplitude = np.abs(lines[places])
    around = np.maximum(np.median(amplitude, axis=1), np.finfo(np.float64).tiny)
    raised = np.maximum(amplitude.max(axis=1) / around, 1.0)
    return missing, np.clip(np.log(raised / _WEAK), 0.01, _STRONG)


def _weighted_median(
    values: NDArray[np.float64], weights: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Return the median over the first axis, each row counting by its weight."""
    order = np.argsort(values, axis=0)
    summed = np.cumsum(weights[order], axis=0)
    middle = (summed >= summed[-1] / 2).argmax(axis=0)
    columns = np.arange(values.shape[1])
    return np.asarray(values[order[middle, columns], columns])


def _clarity(turned: AngularSignal) -> float:
    """Return how far the harmonics stand over what is around them, none counting for too much."""
    spectrum = order_spectrum(turned).values
    per_order = turned.n_revolutions
    around = int(0.4 * per_order)
    raised = []
    for harmonic in range(1, int(turned.highest_order)):
        line = harmonic * per_order
        background = float(np.median(spectrum[line - around : line + around + 1]))
        highest = float(spectrum[line - 2 : line + 3].max())
        raised.append(np.log(max(highest, 1e-30) / max(background, 1e-30)))
    return float(np.exp(np.mean(np.clip(raised, 0, _HIGHEST_LOG))))
