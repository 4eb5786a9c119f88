"""Cutmix: a stretch of one window set into another, the labels by length (Yun and others 2019)."""

import numpy as np
from numpy.typing import NDArray

from sonde.learning.core.training.augmentations.mixing import Mixing, draw_mixing


def cutmix(
    windows: NDArray[np.float32], strength: float, random: np.random.Generator
) -> tuple[NDArray[np.float32], Mixing]:
    """Set a stretch of a partner into each window, at the same place.

    Parameters
    ----------
    windows : ndarray of float32, shape (sample, channel, time)
    strength : float
        In [0, 1]; 0 changes nothing.
    random : Generator

    Returns
    -------
    ndarray of float32, shape (sample, channel, time)
    Mixing
        To mix the labels in the same way; shares are the lengths that were set in.
    """
    n_samples, _, length = windows.shape
    drawn = draw_mixing(n_samples, strength, random)
    cut = np.rint((1.0 - drawn.share) * length).astype(np.intp)
    start = random.integers(0, length - cut + 1)
    time = np.arange(length)
    inside = (time >= start[:, None]) & (time < (start + cut)[:, None])
    mixed = np.where(inside[:, None, :], windows[drawn.partner], windows)
    return mixed, Mixing(drawn.partner, (1.0 - cut / length).astype(np.float32))
