"""What many features need, computed once for a signal."""

import math
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import scipy
from numpy.typing import NDArray

FRAME = 256
_FLOOR = 1e-30
# Far below any signal, in any unit; its reciprocal is still a float32.
_SMALLEST = 1e-37


@dataclass(frozen=True)
class Signal:
    """One signal with its transforms, each computed when it is first asked for.

    Parameters
    ----------
    samples : ndarray of float32 or float64, shape (time,)
    sampling_rate_hz : float
    shaft_hz : float, optional
        Shaft speed where it is known.
    """

    samples: NDArray[np.floating]
    sampling_rate_hz: float
    shaft_hz: float | None = None

    @property
    def resolution_hz(self) -> float:
        """Distance of two lines of the spectrum."""
        return self.sampling_rate_hz / len(self.samples)

    @cached_property
    def magnitude(self) -> NDArray[np.floating]:
        """Absolute samples, shape (time,)."""
        return np.abs(self.samples)

    @cached_property
    def transformed(self) -> NDArray[np.complexfloating]:
        """One-sided Fourier transform, shape (frequency,)."""
        answer: NDArray[np.complexfloating] = scipy.fft.rfft(self.samples)
        return answer

    @cached_property
    def amplitude(self) -> NDArray[np.floating]:
        """Amplitude spectrum ``2 / N |X|``, shape (frequency,); the DC line included."""
        scale = self.samples.dtype.type(2 / len(self.samples))
        return np.abs(self.transformed) * scale

    @cached_property
    def envelope(self) -> NDArray[np.floating]:
        """Magnitude of the analytic signal of the whole band, shape (time,)."""
        # The quadrature of a real signal is real: one real transform instead of a complex one.
        turned = self.transformed * self.transformed.dtype.type(-1j)
        turned[0] = 0
        if len(self.samples) % 2 == 0:
            turned[-1] = 0
        quadrature = scipy.fft.irfft(turned, len(self.samples), overwrite_x=True)
        envelope: NDArray[np.floating] = np.sqrt(self.samples**2 + quadrature**2)
        return envelope

    @cached_property
    def hann_power(self) -> NDArray[np.float64]:
        """Power of each line under a Hann window, shape (frequency,).

        The lines of a tone of amplitude A add up to A^2 / 2.
        """
        n = len(self.samples)
        window = np.hanning(n + 1)[:-1].astype(self.samples.dtype)
        lines = scipy.fft.rfft((self.samples - self.samples.mean()) * window)
        power = lines.real.astype(np.float64) ** 2 + lines.imag.astype(np.float64) ** 2
        answer: NDArray[np.float64] = power * (2 / (n * float(np.dot(window, window))))
        return answer

    @cached_property
    def spectrogram(self) -> NDArray[np.float64]:
        """One-sided power density of frames of 256 samples, shape (frame, frequency).

        Hann window, half overlapped, each frame without its mean.
        """
        window = np.hanning(FRAME + 1)[:-1].astype(self.samples.dtype)
        views = np.lib.stride_tricks.sliding_window_view(self.samples, FRAME)[:: FRAME // 2]
        lines = scipy.fft.rfft((views - views.mean(axis=1, keepdims=True)) * window, axis=1)
        power = lines.real.astype(np.float64) ** 2 + lines.imag.astype(np.float64) ** 2
        power *= 2 / (self.sampling_rate_hz * float(np.dot(window, window)))
        power[:, [0, -1]] /= 2
        return power

    @cached_property
    def log_power(self) -> NDArray[np.floating]:
        """Natural logarithm of the power spectrum, shape (frequency,)."""
        real, imaginary = self.transformed.real, self.transformed.imag
        return np.log(real * real + imaginary * imaginary + self.samples.dtype.type(_FLOOR))


def shape_moments(samples: NDArray[np.floating]) -> tuple[float, float]:
    """Return skewness and excess kurtosis; both 0 for a constant.

    Parameters
    ----------
    samples : ndarray of float, shape (time,)
        Any scale: the samples are standardised before they are raised to a power.

    Examples
    --------
    >>> shape_moments(np.array([-1.0, 1.0, -1.0, 1.0]))
    (0.0, -2.0)
    """
    n, kind = len(samples), samples.dtype.type
    mean = float(samples.mean(dtype=np.float64))
    standard = samples - kind(mean)
    spread = math.sqrt(float(np.square(standard).sum(dtype=np.float64)) / n)
    # What is left of a constant is rounding, not signal.
    if spread <= 4 * float(np.finfo(kind).eps) * abs(mean) or spread < _SMALLEST:
        return 0.0, 0.0
    standard *= kind(1 / spread)
    squared = standard * standard
    variance = float(squared.sum(dtype=np.float64)) / n
    third, fourth = float(np.dot(squared, standard)) / n, float(np.dot(squared, squared)) / n
    return third / variance**1.5, fourth / variance**2 - 3


def entropy(energies: NDArray[np.floating]) -> float:
    """Return the entropy in nats of energies as a distribution; 0 where there is no energy.

    Parameters
    ----------
    energies : ndarray of float, any shape
        Not negative.

    Examples
    --------
    >>> round(entropy(np.ones(8)) / math.log(8), 12)
    1.0
    """
    total = float(energies.sum(dtype=np.float64))
    if total <= 0:
        return 0.0
    shares = energies[energies > 0] / total
    return float(-(shares * np.log(shares)).sum(dtype=np.float64)) + 0.0


def ratio(numerator: float, denominator: float) -> float:
    """Return the quotient; 0 where the denominator vanishes."""
    return float(numerator / denominator) if abs(denominator) > _SMALLEST else 0.0
