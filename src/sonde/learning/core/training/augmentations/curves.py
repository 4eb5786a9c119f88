"""Smooth random curves through a few knots, shared by the two warps."""

import numpy as np
from numpy.typing import NDArray

KNOTS = 5


def smooth_curves(knots: NDArray[np.float64], length: int) -> NDArray[np.float64]:
    """Return curves that go through evenly spaced knots along half cosines.

    Between two knots the curve never leaves the range between them.

    Parameters
    ----------
    knots : ndarray of float64, shape (sample, knot)
    length : int

    Returns
    -------
    ndarray of float64, shape (sample, length)

    Examples
    --------
    >>> smooth_curves(np.array([[0.0, 1.0]]), 3).round(3).tolist()
    [[0.0, 0.5, 1.0]]
    """
    places = np.linspace(0.0, knots.shape[1] - 1, length)
    left = np.minimum(places.astype(np.intp), knots.shape[1] - 2)
    share = 0.5 - 0.5 * np.cos(np.pi * (places - left))
    curves: NDArray[np.float64] = knots[:, left] * (1.0 - share) + knots[:, left + 1] * share
    return curves
