"""The fast kurtogram: in which band, of which width, a signal is the most impulsive.

J. Antoni, "Fast computation of the kurtogram for the detection of transient faults", Mechanical
Systems and Signal Processing 21 (2007), 108-124; the kurtosis of a band is that of J. Antoni, "The
spectral kurtosis", MSSP 20 (2006), 282-307: zero for stationary Gaussian noise, -1 for a tone.

Half the sampling rate is divided into 1, 2, 3, 4, 6, 8, 12, ... bands (the 1/3-binary tree). Each
band's own spectral lines are transformed back, all bands of a level at once; the filters overlap
by a third of their width, so that a tone on an edge stays a tone in both bands. The last eight
per cent below half the sampling rate (the anti-aliasing filter's edge) and the lowest two per
cent never count, as in `bands`.
"""

from dataclasses import dataclass

import numpy as np
import scipy
from numpy.typing import NDArray

from sonde.bearings.core.bands import LOWEST_EDGE, UPPER_EDGE
from sonde.bearings.core.envelope import Band
from sonde.bearings.core.spectral_kurtosis import (
    FALSE_ALARM,
    SHORTEST,
    excess_kurtosis,
    noise_threshold,
)
from sonde.bearings.core.timefrequency.image import checked

FEWEST_LINES = 96
MOST_BANDS = 256
_FADED = 0.04
_SLOPE = 0.3
_SETTLING = 8
_KEPT_SHARE = 0.5


@dataclass(frozen=True)
class KurtogramBand:
    """One band of a kurtogram.

    Parameters
    ----------
    level : float
        Binary logarithm of how often the band fits into half the sampling rate: 0, 1, 1.58, 2, ...
    band : (float, float)
        Edges in Hz, without what lies too near to 0 Hz or to half the sampling rate.
    kurtosis : float
    threshold : float
        What stationary Gaussian noise exceeds in one of a hundred kurtograms.
    """

    level: float
    band: Band
    kurtosis: float
    threshold: float

    @property
    def significant(self) -> bool:
        """Return whether the band is more impulsive than noise can explain."""
        return self.kurtosis > self.threshold

    @property
    def centre_hz(self) -> float:
        """Return the middle of the band."""
        return (self.band[0] + self.band[1]) / 2


@dataclass(frozen=True)
class Kurtogram:
    """Spectral kurtosis by level and band.

    Parameters
    ----------
    nyquist_hz : float
        Half the sampling rate; every level divides it evenly.
    levels : tuple of ndarray of float64, shape (band,)
        The kurtosis of each band, of 1, 2, 3, 4, 6, ... bands; NaN where a band does not count.
    best : KurtogramBand
        The most impulsive of the bands that noise cannot explain; without any, of all that
        count.
    """

    nyquist_hz: float
    levels: tuple[NDArray[np.float64], ...]
    best: KurtogramBand

    @property
    def names(self) -> tuple[float, ...]:
        """Return each level's number: the binary logarithm of its count of bands."""
        return tuple(float(np.log2(len(level))) for level in self.levels)

    def image(self) -> tuple[NDArray[np.float64], NDArray[np.float32]]:
        """Return the middle of each column in Hz and the kurtosis (level, column) for drawing."""
        columns = int(np.lcm.reduce([len(level) for level in self.levels]))
        rows = [np.repeat(level, columns // len(level)) for level in self.levels]
        middles = (np.arange(columns, dtype=np.float64) + 0.5) * (self.nyquist_hz / columns)
        return middles, np.array(rows, dtype=np.float32)


def kurtogram(
    samples: NDArray[np.floating], sampling_rate_hz: float, most_bands: int = MOST_BANDS
) -> Kurtogram:
    """Return the kurtogram of a signal.

    Parameters
    ----------
    samples : ndarray of float, shape (time,)
        Computed as float32 about the mean. Four per cent at each end are faded and then left out,
        so that the jump from the last sample to the first does not count as an impact.
    sampling_rate_hz : float
    most_bands : int
        Of the finest level; fewer where the signal is so short that a band would hold less than
        96 spectral lines.

    Raises
    ------
    Invalid
        If there are fewer than 256 finite samples or the rate is not positive.

    Examples
    --------
    Noise, and a short ring at 3 kHz again and again:

    >>> samples = np.random.default_rng(0).normal(size=20_480)
    >>> ring = np.hanning(40) * np.sin(2 * np.pi * 3000 / 20_480 * np.arange(40))
    >>> for start in range(100, 20_000, 1000):
    ...     samples[start : start + 40] += 10 * ring
    >>> best = kurtogram(samples, 20_480.0).best
    >>> best.significant, best.band[0] < 3000 < best.band[1]
    (True, True)
    """
    lines, n_samples = _lines(samples, sampling_rate_hz)
    nyquist_hz = sampling_rate_hz / 2
    half = n_samples / 2
    levels: list[NDArray[np.float64]] = []
    thresholds: list[NDArray[np.float64]] = []
    counts = _band_counts(len(lines), most_bands)
    for count in counts:
        envelope, kept = _squared_envelopes(lines, half, count)
        excess = excess_kurtosis(envelope)
        usable = kept >= _KEPT_SHARE * kept.max()
        levels.append(np.where(usable, excess, np.nan))
        thresholds.append(noise_threshold(kept, FALSE_ALARM / sum(counts)))
    best = _best(levels, thresholds, nyquist_hz)
    return Kurtogram(nyquist_hz, tuple(levels), best)


def _lines(
    samples: NDArray[np.floating], sampling_rate_hz: float
) -> tuple[NDArray[np.complexfloating], int]:
    """Return the spectral lines of the signal with faded ends, those near the edges silenced."""
    checked(samples, sampling_rate_hz, SHORTEST)
    faded = (samples - samples.mean()).astype(np.float32)
    width = int(_FADED * len(faded))
    rise = (0.5 - 0.5 * np.cos(np.pi * (np.arange(width) + 0.5) / width)).astype(np.float32)
    faded[:width] *= rise
    faded[-width:] *= rise[::-1]
    lines = scipy.fft.rfft(faded)
    half = len(faded) / 2
    lines[: int(np.ceil(LOWEST_EDGE * half))] = 0
    lines[int(UPPER_EDGE * half) + 1 :] = 0
    return lines, len(faded)


def _band_counts(n_lines: int, most_bands: int) -> tuple[int, ...]:
    """Return 1, 2, 3, 4, 6, 8, 12, ... while a band holds enough lines."""
    most = max(1, min(most_bands, n_lines // FEWEST_LINES))
    powers = [2**power for power in range(most.bit_length())]
    return tuple(
        sorted(one for base in (1, 3) for one in (base * p for p in powers) if one <= most)
    )


def _squared_envelopes(
    lines: NDArray[np.complexfloating], half: float, count: int
) -> tuple[NDArray[np.floating], NDArray[np.float64]]:
    """Return the squared envelope (band, time) and how many independent values each holds."""
    width = int(half / count)
    slope = int(_SLOPE * width)
    starts = (np.arange(count) * half / count).astype(np.intp)
    places = (starts - slope)[:, np.newaxis] + np.arange(width + 2 * slope)
    inside = (places >= 0) & (places < len(lines))
    length = scipy.fft.next_fast_len(width + 2 * slope)
    bands = np.zeros((count, length), dtype=lines.dtype)
    bands[:, : places.shape[1]] = lines[np.where(inside, places, 0)]
    bands[:, : places.shape[1]] *= _soft_edges(width, slope) * inside
    envelopes = scipy.fft.ifft(bands, axis=1, overwrite_x=True)
    left_out = int(np.ceil(_FADED * length)) + _SETTLING
    inner = envelopes[:, left_out:-left_out]
    lowest, highest = np.ceil(LOWEST_EDGE * half), int(UPPER_EDGE * half)
    kept = np.minimum(starts + width - 1, highest) - np.maximum(starts, lowest) + 1
    share = inner.shape[1] / length
    return inner.real**2 + inner.imag**2, np.maximum(kept, 0) * share


def _soft_edges(width: int, slope: int) -> NDArray[np.float32]:
    """Return the weights of a band: down to half of the power at its edges, zero beyond."""
    rise = np.sin(np.pi / 2 * (np.arange(2 * slope) + 0.5) / (2 * slope))
    return np.concatenate((rise, np.ones(width - 2 * slope), rise[::-1])).astype(np.float32)


def _best(
    levels: list[NDArray[np.float64]], thresholds: list[NDArray[np.float64]], nyquist_hz: float
) -> KurtogramBand:
    beyond_noise = [
        np.where(level > threshold, level, -np.inf)
        for level, threshold in zip(levels, thresholds, strict=True)
    ]
    if max(level.max() for level in beyond_noise) == -np.inf:
        beyond_noise = [np.nan_to_num(level, nan=-np.inf) for level in levels]
    row = int(np.argmax([level.max() for level in beyond_noise]))
    column = int(np.argmax(beyond_noise[row]))
    width_hz = nyquist_hz / len(levels[row])
    return KurtogramBand(
        level=float(np.log2(len(levels[row]))),
        band=(
            max(column * width_hz, LOWEST_EDGE * nyquist_hz),
            min((column + 1) * width_hz, UPPER_EDGE * nyquist_hz),
        ),
        kurtosis=float(levels[row][column]),
        threshold=float(thresholds[row][column]),
    )
