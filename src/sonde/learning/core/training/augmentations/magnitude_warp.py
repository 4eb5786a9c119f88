"""Magnitude warp: the level swells and fades within a window (Um and others 2017)."""

import numpy as np
from numpy.typing import NDArray

from sonde.learning.core.training.augmentations.curves import KNOTS, smooth_curves

_LARGEST = 0.5


def magnitude_warp(
    windows: NDArray[np.float32], strength: float, random: np.random.Generator
) -> NDArray[np.float32]:
    """Multiply each window by a smooth curve between ``1 - strength / 2`` and ``1 + strength / 2``.

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
    most = _LARGEST * strength
    knots = random.uniform(1.0 - most, 1.0 + most, (len(windows), KNOTS))
    curves = smooth_curves(knots, windows.shape[2])
    return windows * curves[:, None, :].astype(np.float32)
