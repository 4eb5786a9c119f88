"""How many units would be needed to tell two experiments apart.

The differences that were seen are drawn again, more and more of them, until the test that was
chosen rejects in four draws of five. That takes the difference seen for the true one.
"""

import math
from typing import Final

import numpy as np
from numpy.typing import NDArray

MOST_UNITS: Final = 5000
POWER: Final = 0.8
_STEP: Final = 1.2
_DIGITS: Final = 3


def units_needed(
    differences: NDArray[np.float64],
    *,
    level: float = 0.05,
    power: float = POWER,
    n_draws: int = 400,
    seed: int = 0,
) -> int | None:
    """Return about how many units give the signed rank test this power; None beyond 5,000.

    Parameters
    ----------
    differences : ndarray of float64, shape (unit,)
        As seen: graded, or -1, 0 and 1 for verdicts (there it is the sign test).
    level : float
    power : float
    n_draws, seed : int

    Examples
    --------
    >>> units_needed(np.array([0.0] * 8))
    >>> units_needed(np.array([1.0] * 4 + [0.0] * 6)) <= 25
    True
    """
    known, counts = np.unique(np.round(differences, _DIGITS), return_counts=True)
    if not np.any(known) or abs(float(known @ counts)) < 1e-12:
        return None
    random = np.random.default_rng(seed)
    n = float(max(len(differences), 6))
    while n <= MOST_UNITS:
        drawn = random.multinomial(round(n), counts / counts.sum(), size=n_draws)
        if rejections(known, drawn, level).mean() >= power:
            return about(n)
        n *= _STEP
    return None


def about(n: float) -> int:
    """Return a number rounded up to two significant digits.

    Parameters
    ----------
    n : float

    Examples
    --------
    >>> about(23.2), about(147.0), about(2312.0)
    (24, 150, 2400)
    """
    size = 10 ** max(0, math.floor(math.log10(n)) - 1)
    return math.ceil(n / size) * size


def rejections(
    values: NDArray[np.float64], counts: NDArray[np.int64], level: float
) -> NDArray[np.bool_]:
    """Say for many samples at once whether the signed rank test rejects (normal approximation).

    Parameters
    ----------
    values : ndarray of float64, shape (value,)
        Different from each other.
    counts : ndarray of int64, shape (sample, value)
        How often each value was drawn.
    level : float
    """
    from scipy.special import ndtri

    sizes, place = np.unique(np.abs(values[values != 0.0]), return_inverse=True)
    kept, signs = counts[:, values != 0.0], np.sign(values[values != 0.0])
    ups = np.zeros((len(counts), len(sizes)))
    every = np.zeros_like(ups)
    for column, at in enumerate(place.ravel()):
        every[:, at] += kept[:, column]
        if signs[column] > 0:
            ups[:, at] += kept[:, column]
    ranks = np.cumsum(every, axis=1) - (every - 1.0) / 2.0
    upward = (ups * ranks).sum(axis=1)
    mean = (every * ranks).sum(axis=1) / 2.0
    spread = np.sqrt((every * ranks**2).sum(axis=1) / 4.0)
    distance = np.maximum(np.abs(upward - mean) - 0.5, 0.0)
    return np.asarray(distance > -ndtri(level / 2.0) * np.maximum(spread, 1e-12))
