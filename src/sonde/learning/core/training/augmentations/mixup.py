"""Mixup: two windows laid over each other, and their labels too (Zhang and others 2018)."""

import numpy as np
from numpy.typing import NDArray

from sonde.learning.core.training.augmentations.mixing import Mixing, draw_mixing


def mixup(
    windows: NDArray[np.float32], strength: float, random: np.random.Generator
) -> tuple[NDArray[np.float32], Mixing]:
    """Lay a share of a partner over each window.

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
        To mix the labels in the same way.
    """
    mixing = draw_mixing(len(windows), strength, random)
    own = mixing.share[:, None, None]
    return windows * own + windows[mixing.partner] * (1.0 - own), mixing
