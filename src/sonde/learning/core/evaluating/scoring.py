"""Macro-F1 and accuracy with their intervals, just as an experiment's own score is made."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sonde.learning.core.evaluating.grouped import GroupDraws, interval
from sonde.learning.core.evaluation import aggregate


@dataclass(frozen=True)
class Score:
    """What was told of some samples is worth.

    Parameters
    ----------
    macro_f1, accuracy : float
    macro_f1_interval, accuracy_interval : tuple of float, optional
        Over groups.
    recalls : ndarray of float64, shape (class,)
        NaN for a class without samples.
    """

    macro_f1: float
    macro_f1_interval: tuple[float, float] | None
    accuracy: float
    accuracy_interval: tuple[float, float] | None
    recalls: NDArray[np.float64]


def score(
    labels: NDArray[np.integer],
    told: NDArray[np.integer],
    folds: NDArray[np.integer],
    n_classes: int,
    draws: GroupDraws,
) -> Score:
    """Judge what was told: mean of the folds where each tests every class, else pooled.

    Parameters
    ----------
    labels, told, folds : ndarray of int, shape (sample,)
    n_classes : int
    draws : GroupDraws

    Examples
    --------
    >>> from sonde.learning.core.evaluating.grouped import draw_groups
    >>> labels, groups = np.array([0, 0, 1, 1]), np.array(["a", "b", "c", "d"])
    >>> found = score(labels, np.array([0, 0, 1, 0]), np.zeros(4, int), 2,
    ...               draw_groups(groups, labels, 200))
    >>> found.accuracy, round(found.macro_f1, 4), found.recalls.tolist()
    (0.75, 0.7333, [1.0, 0.5])
    """
    n_groups, n_folds = len(draws.names), int(folds.max(initial=0)) + 1
    shape = (n_groups, n_folds, n_classes, n_classes)
    cells = np.ravel_multi_index((draws.position, folds, labels, told), shape)
    counts = np.bincount(cells, minlength=int(np.prod(shape))).reshape(shape).astype(float)
    per_fold = counts.sum(axis=0)
    is_mean = bool((per_fold.sum(axis=2) > 0).all())
    drawn = np.tensordot(draws.weights, counts, axes=1)
    hits = np.trace(drawn, axis1=2, axis2=3).sum(axis=1)
    with np.errstate(invalid="ignore", divide="ignore"):
        accuracies = hits / drawn.sum(axis=(1, 2, 3))
        pooled = per_fold.sum(axis=0)
        recalls = np.diagonal(pooled) / pooled.sum(axis=1)
    return Score(
        macro_f1=float(aggregate(per_fold[None], is_mean)[0]),
        macro_f1_interval=interval(aggregate(drawn, is_mean)),
        accuracy=float(np.trace(pooled) / pooled.sum()),
        accuracy_interval=interval(accuracies),
        recalls=recalls,
    )
