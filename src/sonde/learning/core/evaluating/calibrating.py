"""Does a told probability come true: reliability, its error, and two ways to mend it by group.

Temperature scaling: Guo et al. 2017, "On calibration of modern neural networks". Isotonic
regression: Zadrozny and Elkan 2002, one class against the rest, then divided by their sum.
Both are cross-fitted: what mends the probabilities of a group was learned from other groups.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from sonde.learning.core.fitting.calibration import LEAST_TOLD, fit_temperature, tempered

N_BINS: Final = 10
_SMALLEST: Final = 1e-7

Mend = Callable[[NDArray[np.float64]], NDArray[np.float64]]


@dataclass(frozen=True)
class Reliability:
    """What was told and what came true, in even bins of the told probability.

    Parameters
    ----------
    counts : ndarray of int64, shape (bin,)
    told, came_true : ndarray of float64, shape (bin,)
        Mean told probability of the most probable class, and the share of right ones; NaN where
        a bin is empty.
    """

    counts: NDArray[np.int64]
    told: NDArray[np.float64]
    came_true: NDArray[np.float64]

    @property
    def error(self) -> float:
        """The expected calibration error: mean distance of the two, weighted by count."""
        gaps = np.nan_to_num(np.abs(self.told - self.came_true))
        return float((self.counts * gaps).sum() / max(self.counts.sum(), 1))


def bins_of(probabilities: NDArray[np.float64], n_bins: int = N_BINS) -> NDArray[np.intp]:
    """Return the bin of each sample by its largest probability.

    Parameters
    ----------
    probabilities : ndarray of float64, shape (sample, class)
    n_bins : int
    """
    most = probabilities.max(axis=1)
    return np.clip(np.ceil(most * n_bins - 1e-12).astype(np.intp) - 1, 0, n_bins - 1)


def reliability(
    probabilities: NDArray[np.float64], labels: NDArray[np.integer], n_bins: int = N_BINS
) -> Reliability:
    """Compare what was told with what came true.

    Parameters
    ----------
    probabilities : ndarray of float64, shape (sample, class)
    labels : ndarray of int, shape (sample,)
    n_bins : int

    Examples
    --------
    >>> told = np.array([[0.8, 0.2], [0.8, 0.2], [0.8, 0.2], [0.8, 0.2], [0.8, 0.2]])
    >>> round(reliability(told, np.array([0, 0, 0, 0, 1])).error, 6)
    0.0
    >>> round(reliability(told, np.array([0, 0, 1, 1, 1])).error, 6)
    0.4
    """
    place = bins_of(probabilities, n_bins)
    right = probabilities.argmax(axis=1) == labels
    counts = np.bincount(place, minlength=n_bins)
    told = np.bincount(place, weights=probabilities.max(axis=1), minlength=n_bins)
    true = np.bincount(place, weights=right, minlength=n_bins)
    with np.errstate(invalid="ignore", divide="ignore"):
        return Reliability(counts.astype(np.int64), told / counts, true / counts)


def log_loss(probabilities: NDArray[np.float64], labels: NDArray[np.integer]) -> float:
    """Return the mean negative logarithm of the true class's probability.

    Parameters
    ----------
    probabilities : ndarray of float64, shape (sample, class)
    labels : ndarray of int, shape (sample,)

    Examples
    --------
    >>> round(log_loss(np.array([[0.5, 0.5]]), np.array([0])), 4)
    0.6931
    """
    true = probabilities[np.arange(len(labels)), labels]
    return float(-np.log(np.maximum(true, _SMALLEST)).mean())


def brier(probabilities: NDArray[np.float64], labels: NDArray[np.integer]) -> float:
    """Return the mean squared distance to the truth, between 0 and 2 (Brier 1950).

    Parameters
    ----------
    probabilities : ndarray of float64, shape (sample, class)
    labels : ndarray of int, shape (sample,)

    Examples
    --------
    >>> brier(np.array([[0.0, 1.0]]), np.array([0]))
    2.0
    """
    truth = np.zeros_like(probabilities)
    truth[np.arange(len(labels)), labels] = 1.0
    return float(((probabilities - truth) ** 2).sum(axis=1).mean())


def by_temperature(
    probabilities: NDArray[np.float64], labels: NDArray[np.integer], sureness: float = 1.0
) -> tuple[Mend, float]:
    """Learn one temperature; the order of the classes stays.

    A probability below a thousandth (a forest's zero votes) counts as a thousandth.

    Parameters
    ----------
    probabilities : ndarray of float64, shape (sample, class)
    labels : ndarray of int, shape (sample,)
    sureness : float
        See `sonde.learning.core.fitting.calibration.fit_temperature`.

    Returns
    -------
    mend : callable
    temperature : float
        Above 1 where the model was too sure.
    """
    decisions = np.log(np.maximum(probabilities, LEAST_TOLD))
    temperature = fit_temperature(decisions, labels.astype(np.intp), sureness)
    return (lambda told: tempered(told, temperature)), temperature


def by_isotonic(probabilities: NDArray[np.float64], labels: NDArray[np.integer]) -> Mend:
    """Learn a rising step function for each class against the rest.

    Parameters
    ----------
    probabilities : ndarray of float64, shape (sample, class)
    labels : ndarray of int, shape (sample,)

    Returns
    -------
    callable
        A class that was never seen keeps its told probability.
    """
    ladders = [
        isotonic(probabilities[:, label], (labels == label).astype(float))
        if (labels == label).any()
        else None
        for label in range(probabilities.shape[1])
    ]

    def mend(told: NDArray[np.float64]) -> NDArray[np.float64]:
        columns = [
            told[:, label] if ladder is None else np.interp(told[:, label], *ladder)
            for label, ladder in enumerate(ladders)
        ]
        mended = np.stack(columns, axis=1)
        total = mended.sum(axis=1, keepdims=True)
        answer: NDArray[np.float64] = np.where(
            total > 0, mended / np.where(total > 0, total, 1), told
        )
        return answer

    return mend


def isotonic(
    scores: NDArray[np.float64], targets: NDArray[np.float64]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return the rising function nearest to the targets, as points to interpolate between.

    Pool adjacent violators (Ayer et al. 1955): least squares among all functions that never fall.

    Parameters
    ----------
    scores, targets : ndarray of float64, shape (sample,)

    Returns
    -------
    x, y : ndarray of float64, shape (point,)

    Examples
    --------
    >>> isotonic(np.array([1.0, 2.0, 3.0]), np.array([0.0, 1.0, 0.5]))[1].tolist()
    [0.0, 0.75, 0.75]
    """
    x, place = np.unique(scores, return_inverse=True)
    weight = np.bincount(place).astype(float)
    mean = np.bincount(place, weights=targets) / weight
    blocks: list[list[float]] = []
    for value, heavy in zip(mean.tolist(), weight.tolist(), strict=True):
        blocks.append([value, heavy, 1])
        while len(blocks) > 1 and blocks[-2][0] >= blocks[-1][0]:
            last, before = blocks.pop(), blocks.pop()
            total = last[1] + before[1]
            pooled = (last[0] * last[1] + before[0] * before[1]) / total
            blocks.append([pooled, total, last[2] + before[2]])
    y = np.repeat([one[0] for one in blocks], [int(one[2]) for one in blocks])
    return x, y


def cross_fit(
    probabilities: NDArray[np.float64],
    labels: NDArray[np.integer],
    hands: NDArray[np.intp],
    learn: Callable[[NDArray[np.float64], NDArray[np.integer]], Mend],
) -> NDArray[np.float64]:
    """Mend the probabilities of each hand with what was learned from the other hands.

    Parameters
    ----------
    probabilities : ndarray of float64, shape (sample, class)
    labels : ndarray of int, shape (sample,)
    hands : ndarray of intp, shape (sample,)
        See `sonde.learning.core.evaluating.grouped.group_hands`.
    learn : callable
    """
    mended = np.empty_like(probabilities)
    for hand in np.unique(hands):
        mine = hands == hand
        mended[mine] = learn(probabilities[~mine], labels[~mine])(probabilities[mine])
    return mended
