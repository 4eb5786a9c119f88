"""Wilcoxon's signed rank test on differences of units, exact also with ties.

Zeros are left out (Wilcoxon, 1945); tied sizes share their mean rank. The null distribution is that
of every sign flipped by a coin, counted in full up to 150 differences and taken as normal beyond.
"""

import math
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

_EXACT: Final = 150
_DIGITS: Final = 12


@dataclass(frozen=True)
class SignedRank:
    """Outcome of the test.

    Parameters
    ----------
    n, n_zero : int
        Units that differ, and units that do not.
    rank_sum_first, rank_sum_second : float
        Rank sums in favour of either.
    p_value : float
        Two-sided.
    rank_biserial : float
        (first - second) / (first + second), in [-1, 1].
    is_exact : bool
    """

    n: int
    n_zero: int
    rank_sum_first: float
    rank_sum_second: float
    p_value: float
    rank_biserial: float
    is_exact: bool


def signed_rank(differences: NDArray[np.float64]) -> SignedRank:
    """Test whether differences lie evenly around zero.

    Parameters
    ----------
    differences : ndarray of float64, shape (unit,)
        First experiment less the second.

    Examples
    --------
    >>> heights = [6.0, 8, 14, 16, 23, 24, 28, 29, 41, -48, 49, 56, 60, -67, 75]
    >>> found = signed_rank(np.array(heights))
    >>> found.rank_sum_first, found.rank_sum_second, round(found.p_value, 5)
    (96.0, 24.0, 0.04126)
    """
    rounded = np.round(differences, _DIGITS)
    kept = rounded[rounded != 0.0]
    ranks = mid_ranks(np.abs(kept))
    first, second = float(ranks[kept > 0].sum()), float(ranks[kept < 0].sum())
    is_exact = len(kept) <= _EXACT
    smaller = min(first, second)
    p_value = _exact_p(ranks, smaller) if is_exact else _normal_p(ranks, smaller)
    return SignedRank(
        n=len(kept),
        n_zero=len(differences) - len(kept),
        rank_sum_first=first,
        rank_sum_second=second,
        p_value=p_value,
        rank_biserial=(first - second) / (first + second) if len(kept) else 0.0,
        is_exact=is_exact,
    )


def mid_ranks(values: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return ranks from 1; equal values share their mean rank.

    Parameters
    ----------
    values : ndarray, shape (n,)

    Examples
    --------
    >>> mid_ranks(np.array([0.3, 0.1, 0.3])).tolist()
    [2.5, 1.0, 2.5]
    """
    _, place, counts = np.unique(values, return_inverse=True, return_counts=True)
    last = np.cumsum(counts)
    ranks: NDArray[np.float64] = (last - (counts - 1) / 2.0)[place.ravel()]
    return ranks


def _exact_p(ranks: NDArray[np.float64], smaller: float) -> float:
    """Count the sign patterns with a rank sum of at most `smaller`, twice."""
    doubled = np.rint(2.0 * ranks).astype(int)
    chances = np.zeros(int(doubled.sum()) + 1)
    chances[0] = 1.0
    reach = 0
    for step in np.sort(doubled):
        flipped = chances[: reach + 1].copy()
        chances[: reach + 1] *= 0.5
        chances[step : reach + step + 1] += 0.5 * flipped
        reach += int(step)
    return min(1.0, 2.0 * float(chances[: round(2.0 * smaller) + 1].sum()))


def _normal_p(ranks: NDArray[np.float64], smaller: float) -> float:
    mean, spread = ranks.sum() / 2.0, math.sqrt(float((ranks**2).sum()) / 4.0)
    return float(min(1.0, math.erfc((mean - smaller - 0.5) / spread / math.sqrt(2.0))))
