"""How large a difference is, whatever its p-value."""

import numpy as np
from numpy.typing import NDArray


def a12(first: NDArray[np.float64], second: NDArray[np.float64]) -> float:
    """Return the chance that a unit of the first scores above one of the second; ties half.

    Vargha and Delaney (2000). 0.5 is no difference.

    Parameters
    ----------
    first, second : ndarray of float64, shape (unit,)

    Examples
    --------
    >>> a12(np.array([1.0, 2.0]), np.array([0.0, 1.0]))
    0.875
    """
    ordered = np.sort(second)
    below = np.searchsorted(ordered, first, side="left")
    equal = np.searchsorted(ordered, first, side="right") - below
    return float((below + 0.5 * equal).sum() / (len(first) * len(second)))


def size_word(rank_biserial: float) -> str:
    """Return the size of a rank biserial correlation in a word (Funder and Ozer, 2019: r).

    Parameters
    ----------
    rank_biserial : float
        In [-1, 1].

    Examples
    --------
    >>> size_word(-0.62), size_word(0.05)
    ('very large', 'very small')
    """
    limits = ((0.1, "very small"), (0.2, "small"), (0.3, "medium"), (0.4, "large"))
    size = abs(rank_biserial)
    return next((word for limit, word in limits if size < limit), "very large")
