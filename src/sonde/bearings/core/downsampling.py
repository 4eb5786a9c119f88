"""Fewer points for the eye: what is drawn keeps the extremes of what was measured."""

import numpy as np
from numpy.typing import NDArray
from tsdownsample import MinMaxDownsampler

from sonde.bearings.core.spectra import Spectrum


def kept_positions(samples: NDArray[np.float32], points: int) -> NDArray[np.intp]:
    """Return the positions of up to `points` samples that keep the look of the signal.

    The lowest and the highest sample of each of ``points / 2`` buckets. (LTTB on top of it looks
    smoother, but loses extremes: a chart of a vibration must show its highest peak.)

    Parameters
    ----------
    samples : ndarray of float32, shape (time,)
    points : int

    Returns
    -------
    ndarray of intp, shape (point,)
        Increasing, each once; every position where there are no more than `points` samples.

    Examples
    --------
    >>> signal = np.sin(np.arange(10_000, dtype=np.float32))
    >>> signal[4321] = 2.0
    >>> positions = kept_positions(signal, 100)
    >>> len(positions), bool(4321 in positions)
    (100, True)
    """
    if len(samples) <= points:
        return np.arange(len(samples))
    kept = np.asarray(MinMaxDownsampler().downsample(samples, n_out=points), dtype=np.intp)
    return np.unique(kept)  # where nothing moves, the lowest sample is the highest too


def with_peaks(spectrum: Spectrum, points: int) -> Spectrum:
    """Return a spectrum of up to `points` lines, each the highest of its bucket.

    Examples
    --------
    >>> values = np.zeros(1000)
    >>> values[333] = 2.0
    >>> coarse = with_peaks(Spectrum(1.0, values, "u"), 100)
    >>> len(coarse.values), float(coarse.values.max()), coarse.resolution_hz
    (100, 2.0, 10.0)
    """
    width = -(-len(spectrum.values) // points)
    if width <= 1:
        return spectrum
    starts = np.arange(0, len(spectrum.values), width)
    highest = np.maximum.reduceat(spectrum.values, starts)
    return Spectrum(spectrum.resolution_hz * width, highest, spectrum.unit)
