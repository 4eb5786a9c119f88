"""From decision values to probabilities: a softmax whose one temperature is learned on groups.

Temperature scaling (Guo et al. 2017, "On calibration of modern neural networks") keeps the order of
the classes. The temperature is learned on decisions about groups that the inner model never saw.
"""

from typing import Final

import numpy as np
from numpy.typing import NDArray

from sonde.learning.core.problem import Problem
from sonde.learning.core.splits.policy import deal, indivisible_units, labels_of_units

LEAST_TOLD: Final = 1e-3


def probabilities(
    decisions: NDArray[np.float64], temperature: float, classes: NDArray[np.intp], n_classes: int
) -> NDArray[np.float64]:
    """Return class probabilities; classes that were not in training have none.

    Parameters
    ----------
    decisions : ndarray of float64, shape (sample, trained class)
    temperature : float
        Above zero; large means unsure.
    classes : ndarray of intp, shape (trained class,)
    n_classes : int

    Returns
    -------
    ndarray of float64, shape (sample, class)

    Examples
    --------
    >>> probabilities(np.array([[0.0, 0.0]]), 1.0, np.array([0, 2]), 3).tolist()
    [[0.5, 0.0, 0.5]]
    """
    from scipy.special import softmax

    full = np.zeros((len(decisions), n_classes))
    full[:, classes] = softmax(decisions / temperature, axis=1)
    return full


def tempered(told: NDArray[np.float64], temperature: float) -> NDArray[np.float64]:
    """Return told probabilities at another temperature; the order of the classes stays.

    A probability below a thousandth (a forest's zero votes) counts as a thousandth.

    Parameters
    ----------
    told : ndarray of float64, shape (sample, class)
    temperature : float
        Above zero; large means unsure.

    Returns
    -------
    ndarray of float64, shape (sample, class)

    Examples
    --------
    >>> tempered(np.array([[0.9, 0.1]]), 2.0).round(6).tolist()
    [[0.75, 0.25]]
    """
    scaled = np.log(np.maximum(told, LEAST_TOLD)) / temperature
    scaled = np.exp(scaled - scaled.max(axis=1, keepdims=True))
    answer: NDArray[np.float64] = scaled / scaled.sum(axis=1, keepdims=True)
    return answer


def fit_temperature(
    decisions: NDArray[np.float64], positions: NDArray[np.intp], sureness: float = 1.0
) -> float:
    """Return the temperature with the smallest log loss.

    Parameters
    ----------
    decisions : ndarray of float64, shape (sample, class)
    positions : ndarray of intp, shape (sample,)
        The column of the true class.
    sureness : float
        Share of the truth that lies on the true class; the others share the rest (Platt 1999), so
        that few samples, all of them right, do not make the model sure for ever.

    Returns
    -------
    float
        Between 0.01 and 100; 1 where there is nothing to learn from.
    """
    from scipy.optimize import minimize_scalar
    from scipy.special import logsumexp

    if not len(decisions):
        return 1.0

    def loss(log_temperature: float) -> float:
        scaled = decisions / np.exp(log_temperature)
        true = scaled[np.arange(len(scaled)), positions]
        if sureness < 1.0:
            others = (scaled.sum(axis=1) - true) / max(scaled.shape[1] - 1, 1)
            true = sureness * true + (1.0 - sureness) * others
        return float(np.mean(logsumexp(scaled, axis=1) - true))

    found = minimize_scalar(loss, bounds=(np.log(0.01), np.log(100.0)), method="bounded")
    return float(np.exp(found.x))


def inner_folds(
    problem: Problem, indices: NDArray[np.intp], n_folds: int, seed: int
) -> list[tuple[NDArray[np.intp], NDArray[np.intp]]]:
    """Divide training samples by group once more; only folds that train on every class.

    Parameters
    ----------
    problem : Problem
    indices : ndarray of intp, shape (sample,)
    n_folds : int
    seed : int

    Returns
    -------
    list of (train, test)
        Positions within `indices`.
    """
    units = indivisible_units(problem)
    names, labels, _ = labels_of_units(problem, units)
    mine = np.isin(names, units[indices])
    hands = np.zeros(len(names), dtype=np.intp)
    hands[mine] = deal(labels[mine], n_folds, np.random.default_rng(seed))
    hand = hands[np.searchsorted(names, units[indices])]
    wanted = len(np.unique(problem.labels[indices]))
    folds = []
    for number in range(n_folds):
        train, test = np.flatnonzero(hand != number), np.flatnonzero(hand == number)
        if len(test) and len(np.unique(problem.labels[indices[train]])) == wanted:
            folds.append((train, test))
    return folds


def subsample(
    problem: Problem, indices: NDArray[np.intp], most: int, seed: int
) -> NDArray[np.intp]:
    """Return at most `most` of `indices`, every class thinned alike.

    Parameters
    ----------
    problem : Problem
    indices : ndarray of intp, shape (sample,)
    most : int
    seed : int

    Returns
    -------
    ndarray of intp
        In ascending order.
    """
    if len(indices) <= most:
        return np.sort(indices)
    random = np.random.default_rng(seed)
    kept = []
    for label in np.unique(problem.labels[indices]):
        mine = random.permutation(indices[problem.labels[indices] == label])
        kept.append(mine[: max(1, most * len(mine) // len(indices))])
    return np.sort(np.concatenate(kept))
