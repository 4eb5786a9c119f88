"""Scale: another sensor, another mounting, another load."""

import numpy as np
from numpy.typing import NDArray


def scale(
    windows: NDArray[np.float32], strength: float, random: np.random.Generator
) -> NDArray[np.float32]:
    """Multiply each window by a factor between ``2^-strength`` and ``2^strength``.

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
    gains = np.exp2(random.uniform(-strength, strength, (len(windows), 1, 1)))
    return windows * gains.astype(np.float32)
