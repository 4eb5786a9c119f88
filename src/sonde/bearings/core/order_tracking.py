"""Computed order tracking: a signal over the shaft's angle instead of over time.

Over the angle a component that follows the shaft keeps its frequency, now called order, whatever
the speed does: what was smeared in the spectrum becomes a line (Fyfe and Munck, "Analysis of
computed order tracking", Mechanical Systems and Signal Processing 11 (1997)).

Nothing folds: all above the highest order at the fastest moment is taken out in time, and the angle
is sampled densely enough for what that leaves at the slowest moment.
"""

from dataclasses import dataclass

import numpy as np
import scipy
from numpy.typing import NDArray

from sonde.bearings.core.spectrum_settings import SpectrumSettings, measured_spectrum
from sonde.bearings.core.speed_profile import SpeedProfile
from sonde.platform.core.errors import Invalid

HIGHEST_ORDER = 50.0
_OVERSAMPLED = 4.0
_TRANSITION = 1.1
_FEWEST_REVOLUTIONS = 4


@dataclass(frozen=True)
class AngularSignal:
    """A signal at equal steps of the shaft's angle.

    Parameters
    ----------
    samples : ndarray of float, shape (angle,)
        A whole number of revolutions.
    samples_per_revolution : int
    first_revolution : float
        Angle of the first sample in the profile's count; a whole number.
    highest_order : float
        Up to here nothing was lost.
    """

    samples: NDArray[np.floating]
    samples_per_revolution: int
    first_revolution: float
    highest_order: float

    @property
    def n_revolutions(self) -> int:
        """Return how many whole revolutions there are."""
        return len(self.samples) // self.samples_per_revolution

    @property
    def revolutions(self) -> NDArray[np.float64]:
        """Return the angle of every sample, in revolutions."""
        steps = np.arange(len(self.samples)) / self.samples_per_revolution
        return self.first_revolution + steps


@dataclass(frozen=True)
class OrderSpectrum:
    """Values on a regular axis of orders that begins at 0.

    Parameters
    ----------
    resolution : float
        Orders between neighbouring lines.
    values : ndarray of float, shape (order,)
    unit : str
        ``"u"``, or ``"u^2/order"`` for a density.
    averages : int
    """

    resolution: float
    values: NDArray[np.floating]
    unit: str
    averages: int = 1

    @property
    def order(self) -> NDArray[np.float64]:
        """Return the order of every line."""
        return np.arange(len(self.values), dtype=np.float64) * self.resolution


def resampled_by_angle(
    samples: NDArray[np.floating],
    sampling_rate_hz: float,
    profile: SpeedProfile,
    highest_order: float = HIGHEST_ORDER,
) -> AngularSignal:
    """Return the signal at equal steps of angle, from one whole revolution to another.

    Parameters
    ----------
    samples : ndarray of float, shape (time,)
        Its first sample is at time 0 of the profile; float32 stays float32.
    sampling_rate_hz : float
    profile : SpeedProfile
    highest_order : float
        Lowered where half the sampling rate does not reach so far at the fastest moment.

    Raises
    ------
    Invalid
        If the recording holds fewer than four whole revolutions, or no order can be seen.

    Examples
    --------
    >>> from sonde.bearings.core.speed_profile import stated_profile
    >>> seconds = np.arange(8000) / 4000
    >>> sine = np.sin(2 * np.pi * 3 * 25 * seconds)
    >>> turned = resampled_by_angle(sine, 4000.0, stated_profile(25.0, 2.0), highest_order=8)
    >>> turned.n_revolutions, int(order_spectrum(turned).values.argmax()) / turned.n_revolutions
    (49, 3.0)
    """
    first, last = _whole_revolutions(profile, len(samples), sampling_rate_hz)
    highest = min(highest_order, sampling_rate_hz / 2 / _TRANSITION / profile.fastest_hz)
    if not highest >= 1:
        raise Invalid(
            f"At {profile.fastest_hz:.4g} Hz shaft speed a sampling rate of "
            f"{sampling_rate_hz:g} Hz does not show the first order."
        )
    smooth, rate_hz = _band_limited(samples, sampling_rate_hz, highest * profile.fastest_hz)
    ratio = profile.fastest_hz / profile.slowest_hz
    per_turn = int(scipy.fft.next_fast_len(int(np.ceil(2 * _TRANSITION * highest * ratio)) + 1))
    count = int(last - first) * per_turn
    times_s = profile.time_at(first + np.arange(count) / per_turn)
    places = np.clip(times_s * rate_hz, 0, len(smooth) - 1)
    values = scipy.ndimage.map_coordinates(smooth, places[np.newaxis], order=3, mode="mirror")
    return AngularSignal(values, per_turn, float(first), float(highest))


def order_spectrum(
    signal: AngularSignal, settings: SpectrumSettings | None = None
) -> OrderSpectrum:
    """Return the spectrum over orders, from 0 to the highest order of the signal.

    Parameters
    ----------
    signal : AngularSignal
    settings : SpectrumSettings, optional
        As for a spectrum in time; segments are rounded to whole revolutions, so that whole orders
        fall on lines.

    Raises
    ------
    Invalid
        If the signal is shorter than one segment.
    """
    settings = settings or SpectrumSettings()
    per_turn = signal.samples_per_revolution
    if settings.segment_length or settings.averages > 1:
        wanted = settings.segment_length or len(signal.samples) / (
            1 + (settings.averages - 1) * (1 - settings.overlap)
        )
        whole = max(1, int(wanted / per_turn)) * per_turn
        settings = SpectrumSettings(
            settings.window, settings.scaling, 1, whole, settings.overlap, settings.detrend
        )
    seen = measured_spectrum(signal.samples, float(per_turn), settings)
    stop = int(signal.highest_order / seen.spectrum.resolution_hz + 1e-9) + 1
    unit = seen.spectrum.unit.replace("Hz", "order")
    values = seen.spectrum.values[:stop]
    return OrderSpectrum(seen.spectrum.resolution_hz, values, unit, seen.averages)


def _whole_revolutions(
    profile: SpeedProfile, n_samples: int, sampling_rate_hz: float
) -> tuple[int, int]:
    """Return the first and the last whole revolution within the recording."""
    ends = profile.revolutions_at(np.array([0.0, (n_samples - 1) / sampling_rate_hz]))
    first, last = int(np.ceil(ends[0] - 1e-9)), int(np.floor(ends[1] + 1e-9))
    if last - first < _FEWEST_REVOLUTIONS:
        raise Invalid(
            f"The recording holds {max(last - first, 0)} whole revolutions; orders need at least "
            f"{_FEWEST_REVOLUTIONS}."
        )
    return first, last


def _band_limited(
    samples: NDArray[np.floating], sampling_rate_hz: float, highest_hz: float
) -> tuple[NDArray[np.floating], float]:
    """Return the signal up to `highest_hz`, at a rate where a cubic spline loses nothing.

    A straight line from the first to the last sample is taken out and put back, so that the ends
    meet and the transform does not ring there.
    """
    n_samples = len(samples)
    ramp = np.linspace(0, 1, n_samples, dtype=samples.dtype) * (samples[-1] - samples[0])
    lines = scipy.fft.rfft(samples - ramp)
    edge_hz = _TRANSITION * highest_hz
    frequency_hz = np.arange(len(lines)) * (sampling_rate_hz / n_samples)
    fade = np.clip((edge_hz - frequency_hz) / (edge_hz - highest_hz), 0, 1)
    lines *= (np.sin(np.pi / 2 * fade) ** 2).astype(samples.dtype)
    wanted_hz = 2 * _OVERSAMPLED * highest_hz
    length = int(
        scipy.fft.next_fast_len(int(np.ceil(n_samples * wanted_hz / sampling_rate_hz)), True)
    )
    rate_hz = sampling_rate_hz * length / n_samples
    smooth = scipy.fft.irfft(lines[: length // 2 + 1], length) * samples.dtype.type(
        length / n_samples
    )
    places = np.arange(length, dtype=samples.dtype) * samples.dtype.type(
        n_samples / length / (n_samples - 1)
    )
    return smooth + places * (samples[-1] - samples[0]), rate_hz
