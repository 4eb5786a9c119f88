"""Spectra as an analyst asks for them: window, scaling, averages, overlap, trend.

Segments are averaged by power (Welch 1967), so that the averaged amplitude spectrum still shows a
steady tone with its amplitude, and the averaged density still integrates to the mean square.
"""

from dataclasses import dataclass
from enum import StrEnum

import numpy as np
import scipy
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray

from sonde.bearings.core.spectra import Spectrum, Window, noise_bandwidth, window_weights
from sonde.platform.core.errors import Invalid

SHORTEST_SEGMENT = 16
_BLOCK = 1 << 20


class Scaling(StrEnum):
    """What the height of a line means."""

    AMPLITUDE = "amplitude"
    PSD = "psd"


class Detrend(StrEnum):
    """What is taken out of every segment before it is transformed."""

    NONE = "none"
    MEAN = "mean"
    LINEAR = "linear"


@dataclass(frozen=True)
class SpectrumSettings:
    """How a spectrum is taken.

    Parameters
    ----------
    window : Window
    scaling : Scaling
        Peak amplitude, made good for the window's coherent gain; or power density, made good for
        its noise bandwidth.
    averages : int
        At least so many segments; 1 means the whole signal at once.
    segment_length : int
        Samples of a segment; 0 lets `averages` decide.
    overlap : float
        Share that neighbouring segments have in common, 0 to 0.95.
    detrend : Detrend

    Raises
    ------
    Invalid
        If a number is out of its range.
    """

    window: Window = Window.HANN
    scaling: Scaling = Scaling.AMPLITUDE
    averages: int = 1
    segment_length: int = 0
    overlap: float = 0.5
    detrend: Detrend = Detrend.MEAN

    def __post_init__(self) -> None:
        """Refuse settings that no spectrum can have."""
        if not 1 <= self.averages <= 10_000:
            raise Invalid(f"averages={self.averages}: give 1 to 10,000.", field="averages")
        if not 0 <= self.overlap <= 0.95:
            raise Invalid(f"overlap={self.overlap:g}: give 0 to 0.95.", field="overlap")
        if self.segment_length and self.segment_length < SHORTEST_SEGMENT:
            raise Invalid(
                f"segment_length={self.segment_length}: give at least {SHORTEST_SEGMENT} samples, "
                "or 0 to let the number of averages decide.",
                field="segment_length",
            )


@dataclass(frozen=True)
class MeasuredSpectrum:
    """A spectrum with what is needed to read it.

    Parameters
    ----------
    spectrum : Spectrum
    averages : int
        Segments that were averaged.
    segment_length : int
        Samples of each.
    noise_bandwidth_hz : float
        Width over which the window spreads a tone's power.
    """

    spectrum: Spectrum
    averages: int
    segment_length: int
    noise_bandwidth_hz: float


def measured_spectrum(
    samples: NDArray[np.floating],
    sampling_rate_hz: float,
    settings: SpectrumSettings | None = None,
) -> MeasuredSpectrum:
    """Return the spectrum of `samples`, taken as `settings` say.

    Parameters
    ----------
    samples : ndarray of float, shape (time,)
        float32 stays float32.
    sampling_rate_hz : float
    settings : SpectrumSettings, optional

    Raises
    ------
    Invalid
        If the rate is not positive, or the signal is shorter than one segment.

    Examples
    --------
    >>> time_s = np.arange(8000) / 1000
    >>> sine = 3 * np.sin(2 * np.pi * 50 * time_s)
    >>> seen = measured_spectrum(sine, 1000.0, SpectrumSettings(averages=8, segment_length=1000))
    >>> seen.averages, round(float(seen.spectrum.values[50]), 6)
    (15, 3.0)
    """
    settings = settings or SpectrumSettings()
    if not sampling_rate_hz > 0:
        raise Invalid(f"The sampling rate must be positive; got {sampling_rate_hz:g} Hz.")
    if samples.ndim != 1 or len(samples) < SHORTEST_SEGMENT:
        raise Invalid(
            f"A spectrum needs at least {SHORTEST_SEGMENT} samples in a row; got shape "
            f"{samples.shape}."
        )
    length, step = segment_plan(len(samples), settings)
    weights = window_weights(length, settings.window, samples.dtype)
    power, count = _mean_power(samples, weights, step, settings.detrend)
    values, unit = _scaled(power, weights, sampling_rate_hz, settings.scaling)
    resolution_hz = sampling_rate_hz / length
    return MeasuredSpectrum(
        Spectrum(resolution_hz, values, unit),
        count,
        length,
        noise_bandwidth(settings.window) * resolution_hz,
    )


def segment_plan(n_samples: int, settings: SpectrumSettings) -> tuple[int, int]:
    """Return length and step of the segments, in samples.

    Raises
    ------
    Invalid
        If the signal is shorter than one segment, or has too few samples for so many averages.

    Examples
    --------
    >>> segment_plan(102_400, SpectrumSettings(averages=9, overlap=0.5))
    (20480, 10240)
    """
    if settings.segment_length:
        length = settings.segment_length
        if length > n_samples:
            raise Invalid(
                f"A segment of {length:,} samples is longer than the signal ({n_samples:,}).",
                field="segment_length",
            )
    elif settings.averages == 1:
        length = n_samples
    else:
        exact = int(n_samples / (1 + (settings.averages - 1) * (1 - settings.overlap)))
        if exact < SHORTEST_SEGMENT:
            raise Invalid(
                f"{settings.averages} averages leave less than {SHORTEST_SEGMENT} of the "
                f"{n_samples:,} samples to each; ask for fewer.",
                field="averages",
            )
        length = int(scipy.fft.prev_fast_len(exact, real=True))
    return length, max(1, round(length * (1 - settings.overlap)))


def _mean_power(
    samples: NDArray[np.floating], weights: NDArray[np.floating], step: int, detrend: Detrend
) -> tuple[NDArray[np.floating], int]:
    """Return the mean squared magnitude over all segments, a block of them at a time."""
    length = len(weights)
    segments = sliding_window_view(samples, length)[::step]
    total = np.zeros(length // 2 + 1, dtype=samples.dtype)
    rows = max(1, _BLOCK // length)
    for first in range(0, len(segments), rows):
        block = _detrended(segments[first : first + rows], detrend) * weights
        lines = scipy.fft.rfft(block, axis=1, overwrite_x=True)
        total += (lines.real**2 + lines.imag**2).sum(axis=0)
    return total / samples.dtype.type(len(segments)), len(segments)


def _detrended(segments: NDArray[np.floating], detrend: Detrend) -> NDArray[np.floating]:
    if detrend is Detrend.NONE:
        return segments
    level = segments - segments.mean(axis=1, keepdims=True)
    if detrend is Detrend.MEAN:
        return level
    length = segments.shape[1]
    ramp = np.arange(length, dtype=segments.dtype) - segments.dtype.type((length - 1) / 2)
    slope = level @ ramp / (ramp @ ramp)
    return level - slope[:, np.newaxis] * ramp


def _scaled(
    power: NDArray[np.floating],
    weights: NDArray[np.floating],
    sampling_rate_hz: float,
    scaling: Scaling,
) -> tuple[NDArray[np.floating], str]:
    """Return one-sided values and their unit; 0 Hz and half the rate have no mirror image."""
    if scaling is Scaling.PSD:
        values = power * (2 / (sampling_rate_hz * float((weights**2).sum())))
        unit = "u^2/Hz"
    else:
        values = np.sqrt(power) * (2 / float(weights.sum()))
        unit = "u"
    values[0] /= 2
    if len(weights) % 2 == 0:
        values[-1] /= 2
    return values, unit
