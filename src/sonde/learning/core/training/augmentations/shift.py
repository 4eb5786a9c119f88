"""Shift: where in a rotation a window begins means nothing."""

import numpy as np
from numpy.typing import NDArray


def shift(
    windows: NDArray[np.float32], strength: float, random: np.random.Generator
) -> NDArray[np.float32]:
    """Turn each window around by up to its whole length, times the strength.

    Parameters
    ----------
    windows : ndarray of float32, shape (sample, channel, time)
    strength : float
        In [0, 1]; 0 changes nothing.
    random : Generator

    Returns
    -------
    ndarray of float32, shape (sample, channel, time)
        The same values; the magnitudes of the spectrum stay.
    """
    length = windows.shape[2]
    moved = random.integers(0, int(strength * (length - 1)) + 1, len(windows))
    return np.stack(
        [np.roll(window, by, axis=-1) for window, by in zip(windows, moved, strict=True)]
    )
