"""One-sided spectra of real signals, scaled so that their numbers mean something.

Both spectra obey Parseval's theorem: the power spectral density integrates to the mean square of
the signal, and half the sum of the squared amplitudes equals its variance (rectangular window).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType

import numpy as np
import scipy
from numpy.typing import NDArray

from sonde.platform.core.errors import Invalid


class Window(StrEnum):
    """How a signal is faded in and out before it is transformed."""

    RECTANGULAR = "rectangular"
    HANN = "hann"
    HAMMING = "hamming"
    BLACKMAN = "blackman"
    FLATTOP = "flattop"


_COSINES: Mapping[Window, tuple[float, ...]] = MappingProxyType(
    {
        Window.HANN: (0.5, 0.5),
        Window.HAMMING: (0.54, 0.46),
        Window.BLACKMAN: (0.42, 0.5, 0.08),
        Window.FLATTOP: (0.21557895, 0.41663158, 0.277263158, 0.083578947, 0.006947368),
    }
)


@dataclass(frozen=True)
class Spectrum:
    """Values on a regular frequency axis that begins at 0 Hz.

    Parameters
    ----------
    resolution_hz : float
        Distance between neighbouring lines.
    values : ndarray of float32 or float64, shape (frequency,)
    unit : str
        Unit of `values` for a signal in units of "u": ``"u"``, ``"u^2/Hz"``, ``"1"``.
    """

    resolution_hz: float
    values: NDArray[np.floating]
    unit: str

    @property
    def frequency_hz(self) -> NDArray[np.float64]:
        """Return the frequency of every line."""
        return np.arange(len(self.values), dtype=np.float64) * self.resolution_hz

    def below(self, frequency_hz: float) -> "Spectrum":
        """Return the part from 0 Hz up to `frequency_hz`."""
        stop = min(int(frequency_hz / self.resolution_hz) + 1, len(self.values))
        return Spectrum(self.resolution_hz, self.values[:stop], self.unit)


def amplitude_spectrum(
    samples: NDArray[np.floating], sampling_rate_hz: float, window: Window = Window.RECTANGULAR
) -> Spectrum:
    """Return the peak amplitude of each frequency: a sine of amplitude A shows as A.

    Parameters
    ----------
    samples : ndarray of float, shape (time,)
        The mean is removed first; float32 stays float32.
    sampling_rate_hz : float
    window : Window
        Its amplitude loss (coherent gain) is made up for.

    Raises
    ------
    Invalid
        If there are fewer than two samples or the rate is not positive.

    Examples
    --------
    >>> time_s = np.arange(1000) / 1000
    >>> spectrum = amplitude_spectrum(3 * np.sin(2 * np.pi * 50 * time_s), 1000.0)
    >>> int(spectrum.values.argmax()), round(float(spectrum.values[50]), 6)
    (50, 3.0)
    """
    transformed, weights = _transform(samples, sampling_rate_hz, window)
    values = np.abs(transformed) * (2 / weights.sum())
    values[0] /= 2
    if len(samples) % 2 == 0:
        values[-1] /= 2
    return Spectrum(sampling_rate_hz / len(samples), values, "u")


def power_spectral_density(
    samples: NDArray[np.floating], sampling_rate_hz: float, window: Window = Window.RECTANGULAR
) -> Spectrum:
    """Return the one-sided power spectral density; it sums to the variance times 1 / resolution.

    Parameters
    ----------
    samples : ndarray of float, shape (time,)
        The mean is removed first; float32 stays float32.
    sampling_rate_hz : float
    window : Window
        Its power loss is made up for.

    Raises
    ------
    Invalid
        If there are fewer than two samples or the rate is not positive.

    Examples
    --------
    >>> noise = np.random.default_rng(1).normal(size=4096)
    >>> density = power_spectral_density(noise, 100.0)
    >>> bool(np.isclose(density.values.sum() * density.resolution_hz, noise.var()))
    True
    """
    transformed, weights = _transform(samples, sampling_rate_hz, window)
    power = transformed.real**2 + transformed.imag**2
    power *= 2 / (sampling_rate_hz * float((weights**2).sum()))
    power[0] /= 2
    if len(samples) % 2 == 0:
        power[-1] /= 2
    return Spectrum(sampling_rate_hz / len(samples), power, "u^2/Hz")


def _transform(
    samples: NDArray[np.floating], sampling_rate_hz: float, window: Window
) -> tuple[NDArray[np.complexfloating], NDArray[np.floating]]:
    if samples.ndim != 1 or len(samples) < 2:
        raise Invalid(f"A spectrum needs at least 2 samples in a row; got shape {samples.shape}.")
    if not sampling_rate_hz > 0:
        raise Invalid(f"The sampling rate must be positive; got {sampling_rate_hz:g} Hz.")
    weights = window_weights(len(samples), window, samples.dtype)
    return scipy.fft.rfft((samples - samples.mean()) * weights), weights


def window_weights(
    length: int, window: Window, dtype: np.dtype[np.floating]
) -> NDArray[np.floating]:
    """Return the weights of a periodic window, shape (time,).

    Sums of cosines: Hann, Hamming and Blackman as in Harris, "On the use of windows for harmonic
    analysis with the discrete Fourier transform", Proceedings of the IEEE 66 (1978); the flat top
    is the five-term one of D'Antona and Ferrero (2006), which shows the amplitude of a tone
    between two lines within 0.1 per cent.

    Examples
    --------
    >>> window_weights(4, Window.HANN, np.dtype(float)).round(12).tolist()
    [0.0, 0.5, 1.0, 0.5]
    """
    if window is Window.RECTANGULAR:
        return np.ones(length, dtype=dtype)
    phase = np.arange(length, dtype=dtype) * dtype.type(2 * np.pi / length)
    first, *others = _COSINES[window]
    weights: NDArray[np.floating] = np.full(length, first, dtype=dtype)
    for multiple, height in enumerate(others, start=1):
        weights += dtype.type((-1) ** multiple * height) * np.cos(multiple * phase)
    return weights


def noise_bandwidth(window: Window) -> float:
    """Return the equivalent noise bandwidth in lines: how many lines wide a tone's power spreads.

    Examples
    --------
    >>> [round(noise_bandwidth(window), 4) for window in Window]
    [1.0, 1.5, 1.3628, 1.7268, 3.7702]
    """
    first, *others = _COSINES.get(window, (1.0,))
    return 1 + sum(height**2 for height in others) / (2 * first**2)
