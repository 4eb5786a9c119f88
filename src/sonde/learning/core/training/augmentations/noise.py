"""Noise: what a longer cable or a worse amplifier adds."""

import numpy as np
from numpy.typing import NDArray

_LARGEST = 0.5


def noise(
    windows: NDArray[np.float32], strength: float, random: np.random.Generator
) -> NDArray[np.float32]:
    """Add white noise of up to half of each channel's standard deviation, times the strength.

    Parameters
    ----------
    windows : ndarray of float32, shape (sample, channel, time)
    strength : float
        In [0, 1]; 0 changes nothing.
    random : Generator

    Returns
    -------
    ndarray of float32, shape (sample, channel, time)
    """
    level = random.uniform(0.0, _LARGEST * strength, (len(windows), 1, 1))
    spread = windows.std(axis=2, keepdims=True)
    white = random.standard_normal(windows.shape, dtype=np.float32)
    return windows + white * (spread * level).astype(np.float32)
