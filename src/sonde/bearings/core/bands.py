"""Which frequency bands to look for ringing in.

Nothing here is in absolute Hz: the lower edge follows the shaft (its harmonics, slots and gears
fill the first orders with tones whose differences look like modulation), the upper edge follows
half the sampling rate (the last eight per cent hold the anti-aliasing filter's edge, where the
kurtosis is large and means nothing).
"""

import math
from itertools import pairwise

import numpy as np
import scipy
from numpy.typing import NDArray

from sonde.bearings.core.envelope import Band, squared_envelope

UPPER_EDGE = 0.92
LOWEST_EDGE = 0.02
TONES_BELOW_ORDER = 50.0
TONES_BELOW_NYQUIST = 0.25


def candidate_bands(sampling_rate_hz: float, shaft_hz: float) -> tuple[Band, ...]:
    """Return the bands worth looking at: nearly all, then octaves above the region of tones.

    Parameters
    ----------
    sampling_rate_hz, shaft_hz : float

    Returns
    -------
    tuple of (float, float)
        Edges in Hz; the widest band first.

    Examples
    --------
    >>> [(round(low), round(high)) for low, high in candidate_bands(12_000.0, 30.0)]
    [(120, 5520), (1500, 2877), (2877, 5520)]
    """
    nyquist = sampling_rate_hz / 2
    top = UPPER_EDGE * nyquist
    bottom = min(TONES_BELOW_ORDER * shaft_hz, TONES_BELOW_NYQUIST * nyquist)
    octaves = max(1, round(math.log2(top / bottom)))
    edges = [bottom * (top / bottom) ** (step / octaves) for step in range(octaves + 1)]
    return ((LOWEST_EDGE * nyquist, top), *pairwise(edges))


def most_impulsive_band(
    samples: NDArray[np.floating], sampling_rate_hz: float, shaft_hz: float
) -> Band:
    """Return the candidate band whose squared envelope is the most impulsive.

    The measure is the spectral kurtosis of each band (Antoni 2006): the mean square of the
    squared envelope over its squared mean. For want of a geometry only; where the bearing is
    known, the diagnosis takes the band in which its lines stand out.

    Parameters
    ----------
    samples : ndarray of float, shape (time,)
    sampling_rate_hz, shaft_hz : float
    """
    transformed = scipy.fft.rfft(samples - samples.mean())

    def impulsiveness(band: Band) -> float:
        envelope = squared_envelope(transformed, len(samples), sampling_rate_hz, band)
        mean = float(envelope.mean())
        return float(np.mean(envelope**2)) / mean**2 if mean > 0 else 0.0

    return max(candidate_bands(sampling_rate_hz, shaft_hz), key=impulsiveness)
