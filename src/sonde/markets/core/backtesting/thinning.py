"""Fewer points for the eye: what is drawn keeps the extremes of what was measured."""

from itertools import pairwise

import numpy as np
from numpy.typing import NDArray


def kept_positions(values: NDArray[np.int64], points: int) -> NDArray[np.int64]:
    """Return positions of about `points` values that keep first, last and every extreme.

    Parameters
    ----------
    values : ndarray of int64, shape (time,)
    points : int
        At least 4; the lowest and the highest of each of ``points // 2 - 1`` buckets are kept.

    Returns
    -------
    ndarray of int64, shape (point,)
        Rising, each once, at most `points`; all positions where there are no more values.

    Examples
    --------
    >>> line = np.zeros(1000, np.int64)
    >>> line[123], line[777] = 5, -5
    >>> kept = kept_positions(line, 20)
    >>> kept.size <= 20, int(line[kept].max()), int(line[kept].min()), int(kept[-1])
    (True, 5, -5, 999)
    """
    n = values.size
    if n <= points:
        return np.arange(n)
    edges = np.linspace(0, n, max(1, points // 2 - 1) + 1).astype(np.int64)
    kept = [0, n - 1]
    for first, stop in pairwise(edges.tolist()):
        bucket = values[first:stop]
        kept += [first + int(bucket.argmin()), first + int(bucket.argmax())]
    return np.unique(np.array(kept, np.int64))
