"""McNemar's test: units that one experiment has right and the other wrong.

Exact conditional form and its mid-p variant (Fagerland, Lydersen and Laake, 2013).
"""

import math
from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True)
class McNemar:
    """Outcome of the test.

    Parameters
    ----------
    both, only_first, only_second, neither : int
        Units that are right in both, in one, in none.
    p_value : float
        Exact, two-sided; never rejects too often.
    mid_p : float
        Half of the observed outcome's probability taken off; close to nominal.
    odds_ratio : float
        ``only_first / only_second``, with half a unit added to both where one is zero.
    cohen_g : float
        Share of the discordant units that speak for the first, less a half; in [-0.5, 0.5].
    """

    both: int
    only_first: int
    only_second: int
    neither: int
    p_value: float
    mid_p: float
    odds_ratio: float
    cohen_g: float


def mcnemar(first: NDArray[np.bool_], second: NDArray[np.bool_]) -> McNemar:
    """Compare two experiments by the verdicts on the same units.

    Parameters
    ----------
    first, second : ndarray of bool, shape (unit,)
        Whether each unit is right.

    Examples
    --------
    >>> found = mcnemar(np.array([True] * 9 + [False]), np.array([False] * 9 + [True]))
    >>> found.only_first, found.only_second, round(found.p_value, 6)
    (9, 1, 0.021484)
    """
    b, c = int((first & ~second).sum()), int((second & ~first).sum())
    p_value, mid_p = binomial_p(min(b, c), b + c)
    shift = 0.5 if 0 in (b, c) else 0.0
    return McNemar(
        both=int((first & second).sum()),
        only_first=b,
        only_second=c,
        neither=int((~first & ~second).sum()),
        p_value=p_value,
        mid_p=mid_p,
        odds_ratio=(b + shift) / (c + shift),
        cohen_g=(b - c) / (2.0 * (b + c)) if b + c else 0.0,
    )


@cache
def binomial_p(smaller: int, total: int) -> tuple[float, float]:
    """Return the two-sided exact p and mid-p of `smaller` out of `total` at one half.

    Parameters
    ----------
    smaller : int
        The smaller of the two discordant counts.
    total : int
        Their sum.

    Examples
    --------
    >>> binomial_p(0, 5)
    (0.0625, 0.03125)
    """
    if total == 0:
        return 1.0, 1.0
    logs = [
        math.lgamma(total + 1) - math.lgamma(k + 1) - math.lgamma(total - k + 1)
        for k in range(smaller + 1)
    ]
    chances = [math.exp(log - total * math.log(2.0)) for log in logs]
    tail = math.fsum(chances)
    # with equal counts the two tails overlap in the middle outcome
    exact = min(1.0, 2.0 * tail)
    return round(exact, 15), round(min(1.0, 2.0 * tail - chances[-1]), 15)
