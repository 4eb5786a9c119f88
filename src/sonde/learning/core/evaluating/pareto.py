"""Which of several things is worse than no other in every respect."""

import numpy as np
from numpy.typing import NDArray


def pareto_front(costs: NDArray[np.float64]) -> NDArray[np.bool_]:
    """Say of each thing that no other is at least as good in all respects and better in one.

    Parameters
    ----------
    costs : ndarray of float64, shape (thing, respect)
        Small is good.

    Returns
    -------
    ndarray of bool, shape (thing,)

    Examples
    --------
    >>> pareto_front(np.array([[1.0, 5.0], [2.0, 2.0], [3.0, 3.0]])).tolist()
    [True, True, False]
    """
    no_worse = (costs[:, None, :] <= costs[None, :, :]).all(axis=2)
    better = (costs[:, None, :] < costs[None, :, :]).any(axis=2)
    return ~np.asarray((no_worse & better).any(axis=0))
