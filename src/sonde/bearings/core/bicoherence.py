"""Bicoherence: whether the sum of two frequencies keeps step with them.

Y. C. Kim and E. J. Powers, "Digital bispectral analysis and its applications to nonlinear wave
interactions", IEEE Transactions on Plasma Science 7 (1979), 120-131; the significance level is
that of S. Elgar and R. T. Guza, "Statistics of bicoherence", IEEE Transactions on Acoustics,
Speech and Signal Processing 36 (1988), 1667-1668.

Three tones of one machine whose frequencies add up exactly (harmonics of the shaft, for example)
always keep step within one recording: they are coupled as far as a single recording can tell.
"""

from dataclasses import dataclass

import numpy as np
import scipy
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray

from sonde.bearings.core.spectra import Window, window_weights
from sonde.bearings.core.timefrequency.image import checked
from sonde.platform.core.errors import Invalid

FEWEST_STRETCHES = 16
SHORTEST_STRETCH, LONGEST_STRETCH = 32, 65_536
MOST_LINES = 384
# Neighbouring Hann stretches that overlap by a half share 1/6 of their amplitude.
_STRETCHES_PER_INDEPENDENT = 1 + 2 / 36
_MOST_STRETCHES = 2048


@dataclass(frozen=True)
class BicoherenceSettings:
    """How a bicoherence is taken.

    Parameters
    ----------
    length : int
        Samples per stretch (Hann, half overlapping), 32 to 65,536.
    highest_hz : float, optional
        Of the sum of both frequencies; by default half the sampling rate, or what 384 spectral
        lines of so long stretches reach.
    false_alarm : float
        Share of Gaussian noise above the threshold, between 0 and 0.5.
    """

    length: int = 512
    highest_hz: float | None = None
    false_alarm: float = 0.001

    def __post_init__(self) -> None:
        if not SHORTEST_STRETCH <= self.length <= LONGEST_STRETCH:
            raise Invalid(
                f"A stretch of {self.length} samples: choose {SHORTEST_STRETCH} to "
                f"{LONGEST_STRETCH:,}.",
                field="length",
            )
        if not 0 < self.false_alarm < 0.5:
            raise Invalid("The share of false alarms must lie between 0 and 0.5.")


@dataclass(frozen=True)
class Coupling:
    """Two frequencies whose sum keeps step with them."""

    first_hz: float
    second_hz: float
    bicoherence: float

    @property
    def sum_hz(self) -> float:
        """Return the third frequency."""
        return self.first_hz + self.second_hz


@dataclass(frozen=True)
class Bicoherence:
    """Squared bicoherence over pairs of frequencies, 0 to 1.

    Parameters
    ----------
    resolution_hz : float
        Distance of rows and of columns; both begin at 0 Hz.
    values : ndarray of float32, shape (second, first)
        Where second > first, or the sum exceeds the highest frequency, NaN: it is symmetrical.
    threshold : float
        What Gaussian noise exceeds at a share of `false_alarm` of the pairs.
    n_stretches : int
        Stretches of the signal that were averaged.
    """

    resolution_hz: float
    values: NDArray[np.float32]
    threshold: float
    n_stretches: int

    @property
    def first_hz(self) -> NDArray[np.float64]:
        """Return the frequency of every column."""
        return np.arange(self.values.shape[1], dtype=np.float64) * self.resolution_hz

    @property
    def second_hz(self) -> NDArray[np.float64]:
        """Return the frequency of every row."""
        return np.arange(self.values.shape[0], dtype=np.float64) * self.resolution_hz

    def strongest(self, count: int) -> tuple[Coupling, ...]:
        """Return the strongest couplings above the threshold, the strongest first."""
        values = np.nan_to_num(self.values, nan=0.0)
        order = np.argsort(values, axis=None)[::-1][:count]
        places = zip(*np.unravel_index(order, values.shape), strict=True)
        return tuple(
            Coupling(
                float(first * self.resolution_hz),
                float(second * self.resolution_hz),
                float(values[second, first]),
            )
            for second, first in places
            if values[second, first] > self.threshold
        )


def bicoherence(
    samples: NDArray[np.floating],
    sampling_rate_hz: float,
    settings: BicoherenceSettings | None = None,
) -> Bicoherence:
    """Return the squared bicoherence of a signal.

    Parameters
    ----------
    samples : ndarray of float, shape (time,)
        Computed as float32; the mean of every stretch is removed.
    sampling_rate_hz : float
    settings : BicoherenceSettings, optional

    Returns
    -------
    Bicoherence
        |mean X1 X2 X12*|² / (mean |X1 X2|² mean |X12|²) over the stretches: 1 where the phase of
        the sum follows from both others, near 0 where it does not. Very long signals are read at
        2,048 stretches evenly spread.

    Raises
    ------
    Invalid
        If the signal holds less than sixteen stretches, or the highest frequency is impossible.

    Examples
    --------
    >>> time_s = np.arange(16_384) / 1024
    >>> tones = np.cos(2 * np.pi * 96 * time_s) + np.cos(2 * np.pi * 160 * time_s)
    >>> noise = 0.01 * np.random.default_rng(0).normal(size=16_384)
    >>> found = bicoherence(tones + 0.5 * tones**2 + noise, 1024.0, BicoherenceSettings(128))
    >>> float(found.values[12, 20].round(2))
    1.0
    """
    settings = settings or BicoherenceSettings()
    checked(samples, sampling_rate_hz, SHORTEST_STRETCH)
    resolution_hz = sampling_rate_hz / settings.length
    highest = _highest_line(settings, sampling_rate_hz)
    lines = _stretch_lines(samples, settings.length)[: highest + 1]
    n_stretches = lines.shape[1]
    values = np.full((highest // 2 + 1, highest + 1), np.nan, dtype=np.float32)
    power = _mean_square(lines)
    for second in range(highest // 2 + 1):
        stop = highest - second + 1
        products = lines[second:stop] * lines[second]
        sums = lines[2 * second : highest + 1]
        triple = np.einsum("ij,ij->i", products, sums.conj()) / n_stretches
        bound = _mean_square(products) * power[2 * second : highest + 1]
        squared = triple.real**2 + triple.imag**2
        with np.errstate(divide="ignore", invalid="ignore"):
            values[second, second:stop] = np.where(bound > 0, squared / bound, 0.0)
    independent = n_stretches / _STRETCHES_PER_INDEPENDENT
    threshold = float(-np.log(settings.false_alarm) / independent)
    np.minimum(values, 1.0, out=values)
    return Bicoherence(resolution_hz, values, min(threshold, 1.0), n_stretches)


def _highest_line(settings: BicoherenceSettings, sampling_rate_hz: float) -> int:
    resolution_hz = sampling_rate_hz / settings.length
    half = settings.length // 2 - 1
    if settings.highest_hz is None:
        return min(half, MOST_LINES)
    highest = int(settings.highest_hz / resolution_hz * (1 + 1e-9))
    if not 4 <= highest <= min(half, MOST_LINES):
        raise Invalid(
            f"Sums up to {settings.highest_hz:g} Hz with stretches of {settings.length} samples: "
            f"choose {4 * resolution_hz:.4g} to {min(half, MOST_LINES) * resolution_hz:.5g} Hz, "
            "or another length.",
            field="highest_hz",
        )
    return highest


def _stretch_lines(samples: NDArray[np.floating], length: int) -> NDArray[np.complexfloating]:
    """Return the spectral lines of each stretch, shape (frequency, stretch)."""
    count = (len(samples) - length) // (length // 2) + 1 if len(samples) >= length else 0
    if count < FEWEST_STRETCHES:
        raise Invalid(
            f"{len(samples):,} samples hold {count} stretches of {length}; a bicoherence needs "
            f"{FEWEST_STRETCHES}. Choose shorter stretches.",
            field="length",
        )
    frames = sliding_window_view(samples, length)[:: length // 2]
    if count > _MOST_STRETCHES:
        frames = frames[np.linspace(0, count - 1, _MOST_STRETCHES).astype(np.intp)]
    centred = (frames - frames.mean(axis=1, keepdims=True)).astype(np.float32)
    level = float(np.abs(centred).max())
    weights = window_weights(length, Window.HANN, centred.dtype) / max(level, 1e-30)
    lines = scipy.fft.rfft(centred * weights, axis=1)
    return np.ascontiguousarray(lines.T)


def _mean_square(values: NDArray[np.complexfloating]) -> NDArray[np.floating]:
    flat = values.view(values.real.dtype)
    total: NDArray[np.floating] = np.einsum("ij,ij->i", flat, flat)
    return total / values.shape[1]
