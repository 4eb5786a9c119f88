"""Sets of classes that hold the true one with a promised chance (conformal prediction).

LAC: Sadinle, Lei and Wasserman 2019. APS: Romano, Sesia and Candes 2020. RAPS: Angelopoulos et al.
2021. The promise holds where calibration and test samples are exchangeable; windows of one group
are not, so the threshold for a group always comes from other groups.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

METHODS: Final = ("lac", "aps", "raps")


@dataclass(frozen=True)
class SetConfig:
    """How sets are made.

    Parameters
    ----------
    method : {"lac", "aps", "raps"}
    alpha : float
        Share of true classes that may be missed.
    penalty : float
        Of RAPS, for each class beyond `free`.
    free : int
        Classes that RAPS does not penalise.
    seed : int
        Of the random tie of APS and RAPS.
    """

    method: str = "lac"
    alpha: float = 0.1
    penalty: float = 0.1
    free: int = 1
    seed: int = 0


def scores(probabilities: NDArray[np.float64], config: SetConfig) -> NDArray[np.float64]:
    """Return how strange each class would be for each sample.

    LAC: 1 - p. APS: the probability of all classes above it, and of itself times a uniform draw.
    RAPS: APS and `penalty` for each rank beyond `free`.

    Parameters
    ----------
    probabilities : ndarray of float64, shape (sample, class)
    config : SetConfig

    Returns
    -------
    ndarray of float64, shape (sample, class)

    Examples
    --------
    >>> scores(np.array([[0.75, 0.25]]), SetConfig("lac")).tolist()
    [[0.25, 0.75]]
    """
    if config.method == "lac":
        return 1.0 - probabilities
    order = np.argsort(-probabilities, axis=1, kind="stable")
    ranked = np.take_along_axis(probabilities, order, axis=1)
    tie = np.random.default_rng(config.seed).uniform(size=(len(probabilities), 1))
    strange = np.cumsum(ranked, axis=1) - tie * ranked
    if config.method == "raps":
        beyond = np.maximum(np.arange(1, probabilities.shape[1] + 1) - config.free, 0)
        strange = strange + config.penalty * beyond
    answer = np.empty_like(strange)
    np.put_along_axis(answer, order, strange, axis=1)
    return answer


def threshold(true_scores: NDArray[np.float64], alpha: float) -> float:
    """Return the score up to which a class belongs into the set.

    The ceil((n + 1) (1 - alpha))-th smallest score of the true classes; infinite where there are
    too few samples to promise anything but the full set.

    Parameters
    ----------
    true_scores : ndarray of float64, shape (sample,)
    alpha : float

    Examples
    --------
    >>> threshold(np.arange(1.0, 10.0), 0.1)
    9.0
    >>> threshold(np.arange(1.0, 9.0), 0.1)
    inf
    """
    rank = int(np.ceil((len(true_scores) + 1) * (1.0 - alpha) - 1e-9))
    if rank > len(true_scores):
        return float("inf")
    return float(np.sort(true_scores)[rank - 1])


def prediction_sets(
    probabilities: NDArray[np.float64],
    labels: NDArray[np.integer],
    hands: NDArray[np.intp],
    config: SetConfig,
) -> tuple[NDArray[np.bool_], NDArray[np.float64]]:
    """Return the set of every sample, its threshold learned from the other hands.

    Parameters
    ----------
    probabilities : ndarray of float64, shape (sample, class)
    labels : ndarray of int, shape (sample,)
    hands : ndarray of intp, shape (sample,)
    config : SetConfig

    Returns
    -------
    sets : ndarray of bool, shape (sample, class)
        Never empty: the most probable class is always in.
    thresholds : ndarray of float64, shape (hand,)
    """
    strange = scores(probabilities, config)
    true = strange[np.arange(len(labels)), labels]
    sets = np.zeros(probabilities.shape, dtype=np.bool_)
    found = []
    for hand in np.unique(hands):
        mine = hands == hand
        found.append(threshold(true[~mine], config.alpha))
        sets[mine] = strange[mine] <= found[-1]
    sets[np.arange(len(sets)), probabilities.argmax(axis=1)] = True
    return sets, np.array(found)
