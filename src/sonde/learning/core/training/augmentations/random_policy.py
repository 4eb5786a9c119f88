"""The random policy: each window is bent in two ways by chance (Cubuk and others 2020)."""

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

Bend = Callable[[NDArray[np.float32], float, np.random.Generator], NDArray[np.float32]]

_PER_WINDOW = 2


def random_policy(
    windows: NDArray[np.float32],
    strength: float,
    random: np.random.Generator,
    ways: Sequence[Bend],
) -> NDArray[np.float32]:
    """Bend each window in two different ways, drawn for it alone, up to the strength.

    Parameters
    ----------
    windows : ndarray of float32, shape (sample, channel, time)
    strength : float
        In [0, 1]; 0 changes nothing.
    random : Generator
    ways : sequence of callable

    Returns
    -------
    ndarray of float32, shape (sample, channel, time)
    """
    bent = windows.copy()
    order = random.permuted(np.tile(np.arange(len(ways)), (len(windows), 1)), axis=1)
    for turn in range(min(_PER_WINDOW, len(ways))):
        for number, way in enumerate(ways):
            mine = np.flatnonzero(order[:, turn] == number)
            if len(mine):
                bent[mine] = way(bent[mine], strength * random.uniform(), random)
    return bent
