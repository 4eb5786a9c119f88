"""The few figures of a signal by which people list, filter and sort recordings."""

from dataclasses import dataclass

import numpy as np
import scipy
from numpy.typing import NDArray

_SHORTEST = 4


@dataclass(frozen=True)
class Statistics:
    """Figures of one channel; NaN where they were never computed.

    Parameters
    ----------
    mean_amplitude : float
        Mean of the absolute value, in the unit of the signal.
    rms, peak : float
        Root mean square and largest absolute value, in the unit of the signal.
    kurtosis : float
        Excess kurtosis (Fisher); 0 for a signal that does not move.
    dominant_hz : float
        Frequency of the largest line of the amplitude spectrum, without the mean.
    """

    mean_amplitude: float
    rms: float
    peak: float
    kurtosis: float
    dominant_hz: float


UNMEASURED = Statistics(np.nan, np.nan, np.nan, np.nan, np.nan)


def statistics_of(samples: NDArray[np.floating], sampling_rate_hz: float) -> Statistics:
    """Return the figures of one channel.

    Parameters
    ----------
    samples : ndarray of float, shape (time,)
        Finite.
    sampling_rate_hz : float

    Returns
    -------
    Statistics

    Examples
    --------
    >>> turns = np.arange(1000) / 1000
    >>> found = statistics_of(np.sin(2 * np.pi * 50 * turns), 1000.0)
    >>> round(found.rms**2, 6), round(found.kurtosis, 6), found.dominant_hz
    (0.5, -1.5, 50.0)
    """
    if samples.size < _SHORTEST:
        return UNMEASURED
    values = samples.astype(np.float32, copy=False)
    magnitude = np.abs(values)
    moving = values - values.mean(dtype=np.float64).astype(np.float32)
    squares = np.square(moving)
    variance = float(squares.mean(dtype=np.float64))
    fourth = float(np.vdot(squares, squares)) / squares.size
    lines = np.abs(scipy.fft.rfft(moving))
    return Statistics(
        mean_amplitude=float(magnitude.mean(dtype=np.float64)),
        rms=float(np.sqrt(np.mean(np.square(values), dtype=np.float64))),
        peak=float(magnitude.max()),
        kurtosis=fourth / variance**2 - 3.0 if variance > 0 else 0.0,
        dominant_hz=float(np.argmax(lines)) * sampling_rate_hz / values.size,
    )
