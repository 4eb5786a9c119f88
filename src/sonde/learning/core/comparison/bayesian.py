"""Bayesian signed rank test with a region of practical equivalence.

Benavoli, Corani, Demsar and Zaffalon (2017): the differences get Dirichlet weights, with a prior
unit at zero of strength one half; the mean of two differences drawn by these weights is below the
region, inside or above it.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

_PRIOR: Final = 0.5
_EDGE: Final = 1e-12


@dataclass(frozen=True)
class Bayesian:
    """Probabilities of three statements that exclude each other; they sum to 1.

    Parameters
    ----------
    rope : float
        Differences up to this count as equal.
    p_first, p_equal, p_second : float
        The first is better, the two are practically equal, the second is better.
    """

    rope: float
    p_first: float
    p_equal: float
    p_second: float


def bayesian_signed_rank(
    differences: NDArray[np.float64], rope: float, *, n_draws: int = 4000, seed: int = 0
) -> Bayesian:
    """Return how probable it is that either is better, or that they are practically equal.

    Parameters
    ----------
    differences : ndarray of float64, shape (unit,)
        First experiment less the second.
    rope : float
        Not negative.
    n_draws : int
        Of the posterior.
    seed : int
    """
    values = np.append(differences, 0.0)
    strengths = np.append(np.ones(len(differences)), _PRIOR)
    # weights of equal values sum to a Dirichlet again
    known, place = np.unique(np.round(values, 12), return_inverse=True)
    alpha = np.bincount(place.ravel(), weights=strengths)
    random = np.random.default_rng(seed)
    below = np.searchsorted(known, -2.0 * rope - known - _EDGE, side="left")
    upto = np.searchsorted(known, 2.0 * rope - known + _EDGE, side="right")
    counts = np.zeros(3)
    for size in _portions(n_draws, len(known)):
        weights = random.dirichlet(alpha, size=size)
        sums = np.concatenate([np.zeros((size, 1)), np.cumsum(weights, axis=1)], axis=1)
        second = (weights * sums[:, below]).sum(axis=1)
        first = 1.0 - (weights * sums[:, upto]).sum(axis=1)
        thirds = np.stack([first, 1.0 - first - second, second])
        # draws without a winner are shared among the largest
        largest = thirds >= thirds.max(axis=0) - _EDGE
        counts += (largest / largest.sum(axis=0)).sum(axis=1)
    p_first, p_equal, p_second = (counts / n_draws).tolist()
    return Bayesian(rope, p_first, p_equal, p_second)


def _portions(n_draws: int, n_values: int) -> list[int]:
    """Return how many draws to make at a time, so that memory stays small."""
    most = max(1, 2_000_000 // n_values)
    whole, rest = divmod(n_draws, most)
    return [most] * whole + ([rest] if rest else [])
