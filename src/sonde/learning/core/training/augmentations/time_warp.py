"""Time warp: the speed wavers within a window (Um and others 2017)."""

import numpy as np
from numpy.typing import NDArray

from sonde.learning.core.training.augmentations.curves import KNOTS, smooth_curves

_LARGEST = 0.1


def time_warp(
    windows: NDArray[np.float32], strength: float, random: np.random.Generator
) -> NDArray[np.float32]:
    """Read each window at a speed that wavers by up to 10 %, times the strength.

    Parameters
    ----------
    windows : ndarray of float32, shape (sample, channel, time)
    strength : float
        In [0, 1]; 0 changes nothing.
    random : Generator

    Returns
    -------
    ndarray of float32, shape (sample, channel, time)
        Within the range of the window's values; its ends stay where they are.
    """
    if strength == 0.0:
        return windows.copy()
    most = _LARGEST * strength
    knots = random.uniform(1.0 - most, 1.0 + most, (len(windows), KNOTS))
    places = warped_places(knots, windows.shape[2])
    left = np.minimum(places.astype(np.intp), windows.shape[2] - 2)
    share = (places - left).astype(np.float32)[:, None, :]
    first = np.take_along_axis(windows, left[:, None, :], axis=2)
    second = np.take_along_axis(windows, left[:, None, :] + 1, axis=2)
    warped: NDArray[np.float32] = first + (second - first) * share
    return warped


def warped_places(knots: NDArray[np.float64], length: int) -> NDArray[np.float64]:
    """Return where each sample is read, ascending from the first sample to the last.

    Parameters
    ----------
    knots : ndarray of float64, shape (sample, knot)
        Speeds, above zero.
    length : int

    Returns
    -------
    ndarray of float64, shape (sample, length)
    """
    speeds = smooth_curves(knots, length - 1)
    walked = np.concatenate([np.zeros((len(knots), 1)), np.cumsum(speeds, axis=1)], axis=1)
    places: NDArray[np.float64] = walked * ((length - 1) / walked[:, -1:])
    return np.minimum(places, length - 1.0)
