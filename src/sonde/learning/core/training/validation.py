"""The part of the training side that watches over the training; groups are never torn."""

import numpy as np
from numpy.typing import NDArray

from sonde.learning.core.fitting.calibration import inner_folds
from sonde.learning.core.problem import Problem
from sonde.learning.core.splits.policy import indivisible_units, labels_of_units


def inner_split(
    problem: Problem, indices: NDArray[np.intp], fraction: float, seed: int
) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Divide training samples by group into those that teach and those that watch.

    About `fraction` of each class's groups watch, at least one where a class can spare one; of
    the possible parts the one with most classes is taken, then the one nearest to the fraction.

    Parameters
    ----------
    problem : Problem
    indices : ndarray of intp, shape (sample,)
    fraction : float
        In [0, 0.5]; 0 lets every sample teach.
    seed : int

    Returns
    -------
    teaching, watching : ndarray of intp
        Of `indices`, ascending; nothing watches where no group can be spared.
    """
    nobody = np.zeros(0, dtype=np.intp)
    ordered = np.sort(indices)
    if fraction <= 0.0:
        return ordered, nobody
    n_folds = max(2, min(round(1.0 / fraction), _least_units(problem, ordered)))
    folds = inner_folds(problem, ordered, n_folds, seed)
    if not folds:
        return ordered, nobody

    def worth(watching: NDArray[np.intp]) -> tuple[int, float]:
        n_classes = len(np.unique(problem.labels[ordered[watching]]))
        return n_classes, -abs(len(watching) / len(ordered) - fraction)

    teaching, watching = max(folds, key=lambda fold: worth(fold[1]))
    return ordered[teaching], ordered[watching]


def _least_units(problem: Problem, indices: NDArray[np.intp]) -> int:
    """Return the number of groups of the class that has the fewest of them, beyond one."""
    units = indivisible_units(problem)
    names, labels, _ = labels_of_units(problem, units)
    mine = labels[np.isin(names, units[indices])]
    counts = np.bincount(mine)
    several = counts[counts > 1]
    return int(several.min()) if len(several) else 1
