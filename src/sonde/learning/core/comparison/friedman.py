"""Three or more experiments at once: Friedman's test, and Nemenyi's critical difference.

Ranks are given within each unit, 1 to the best. Iman and Davenport's F (1980) is the verdict, since
the chi-square rejects too rarely; the critical difference is that of Demsar (2006).
"""

import math
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from sonde.learning.core.comparison.signed_rank import mid_ranks

_DIGITS: Final = 12
# studentised range at infinite degrees of freedom over the root of two, for 2 to 20 experiments
_Q_05: Final = (
    1.960, 2.344, 2.569, 2.728, 2.850, 2.949, 3.031, 3.102, 3.164, 3.219,
    3.268, 3.313, 3.354, 3.391, 3.426, 3.458, 3.489, 3.517, 3.544,
)  # fmt: skip
_Q_10: Final = (
    1.645, 2.052, 2.291, 2.460, 2.589, 2.693, 2.780, 2.855, 2.920, 2.978,
    3.030, 3.077, 3.120, 3.159, 3.196, 3.230, 3.261, 3.291, 3.319,
)  # fmt: skip


@dataclass(frozen=True)
class Friedman:
    """Outcome of the test over all experiments.

    Parameters
    ----------
    n : int
        Units.
    mean_ranks : tuple of float
        Of each experiment; 1 is best.
    chi_square, p_chi_square : float
        Corrected for ties.
    f, p_value : float
        Iman and Davenport's.
    kendall_w : float
        Agreement of the units, in [0, 1].
    critical_difference : float
        Mean ranks closer than this are not told apart at 5 %.
    cliques : tuple of tuple of int
        Largest sets of experiments that are not told apart, best first; each of at least two.
    """

    n: int
    mean_ranks: tuple[float, ...]
    chi_square: float
    p_chi_square: float
    f: float
    p_value: float
    kendall_w: float
    critical_difference: float
    cliques: tuple[tuple[int, ...], ...]


def friedman(scores: NDArray[np.float64]) -> Friedman:
    """Compare experiments by their ranks within each unit.

    Parameters
    ----------
    scores : ndarray of float64, shape (experiment, unit)
        Higher is better; at least three experiments and two units.
    """
    from scipy.special import chdtrc, fdtrc

    k, n = scores.shape
    columns = np.round(scores, _DIGITS).T
    ranks = np.stack([mid_ranks(-column) for column in columns])
    means = ranks.mean(axis=0)
    ties = sum(float((sizes**3 - sizes).sum()) for sizes in map(_tie_sizes, columns))
    scale = 1.0 - ties / (n * k * (k * k - 1))
    plain = 12.0 * n / (k * (k + 1)) * float(((means - (k + 1) / 2.0) ** 2).sum())
    chi_square = plain / scale if scale > 0 else 0.0
    room = n * (k - 1) - chi_square
    f = math.inf if room <= 1e-9 else (n - 1) * chi_square / room
    p_value = 0.0 if math.isinf(f) else float(fdtrc(k - 1, (k - 1) * (n - 1), f))
    reach = critical_difference(k, n)
    return Friedman(
        n=n,
        mean_ranks=tuple(float(one) for one in means),
        chi_square=chi_square,
        p_chi_square=float(chdtrc(k - 1, chi_square)),
        f=f if math.isfinite(f) else float(np.finfo(float).max),
        p_value=p_value,
        kendall_w=chi_square / (n * (k - 1)),
        critical_difference=reach,
        cliques=cliques(means, reach),
    )


def critical_difference(k: int, n: int, level: float = 0.05) -> float:
    """Return Nemenyi's critical difference, ``q sqrt(k (k + 1) / (6 n))``.

    Parameters
    ----------
    k : int
        Experiments, 2 to 20.
    n : int
        Units.
    level : float
        0.05 or 0.10.

    Examples
    --------
    >>> round(critical_difference(4, 14), 2), round(critical_difference(4, 14, 0.10), 2)
    (1.25, 1.12)
    """
    table = _Q_05 if level == 0.05 else _Q_10
    return table[k - 2] * math.sqrt(k * (k + 1) / (6.0 * n))


def cliques(mean_ranks: NDArray[np.float64], reach: float) -> tuple[tuple[int, ...], ...]:
    """Return the largest sets of experiments whose mean ranks lie within `reach`.

    Parameters
    ----------
    mean_ranks : ndarray of float64, shape (experiment,)
    reach : float

    Examples
    --------
    >>> cliques(np.array([1.0, 3.5, 1.8, 2.6]), 1.0)
    ((0, 2), (2, 3), (3, 1))
    """
    order = np.argsort(mean_ranks, kind="stable")
    found: list[tuple[int, ...]] = []
    last_end = 0
    for start in range(len(order)):
        near = mean_ranks[order] - mean_ranks[order[start]] < reach
        end = int(np.flatnonzero(near)[-1]) + 1
        if end - start >= 2 and end > last_end:
            found.append(tuple(int(one) for one in order[start:end]))
            last_end = end
    return tuple(found)


def _tie_sizes(column: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.unique(column, return_counts=True)[1].astype(np.float64)
