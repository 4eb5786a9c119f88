"""A ridge classifier on many features, solved in its dual form.

The penalty is the one that does best on groups held out inside the training samples, and so is the
temperature of the softmax behind it.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

import numpy as np
from numpy.typing import NDArray

from sonde.learning.core.fitting.calibration import fit_temperature, inner_folds
from sonde.learning.core.models.interruption import run_interruptibly
from sonde.learning.core.problem import Problem

_INNER_FOLDS = 3
_PENALTIES = np.logspace(-1, 6, 15)


@dataclass(frozen=True)
class RidgeStep:
    """A learned linear step, in its dual form.

    Parameters
    ----------
    dual : ndarray of float64, shape (training sample, trained class)
        The weights are ``features.T @ dual``.
    intercepts : ndarray of float64, shape (trained class,)
    temperature : float
    classes : ndarray of intp, shape (trained class,)
    """

    dual: NDArray[np.float64]
    intercepts: NDArray[np.float64]
    temperature: float
    classes: NDArray[np.intp]


def ridge_step(
    problem: Problem,
    chosen: NDArray[np.intp],
    features: NDArray[np.float32],
    seed: int,
    on_poll: Callable[[], None],
) -> RidgeStep:
    """Solve for one target of +-1 per class; penalty and temperature from held-out groups.

    Parameters
    ----------
    problem : Problem
    chosen : ndarray of intp, shape (sample,)
        The training samples.
    features : ndarray of float32, shape (sample, feature)
        Theirs, standardised.
    seed : int
    on_poll : callable
        Called every quarter of a second; raises to stop.

    Returns
    -------
    RidgeStep
    """
    classes, positions = np.unique(problem.labels[chosen], return_inverse=True)
    targets = np.where(positions[:, None] == np.arange(len(classes)), 1.0, -1.0)
    kernel = run_interruptibly(lambda: np.asarray(features @ features.T, dtype=float), on_poll)
    held_out = np.zeros((len(_PENALTIES), *targets.shape))
    seen = np.zeros(len(chosen), dtype=np.bool_)
    for train, test in inner_folds(problem, chosen, _INNER_FOLDS, seed):
        solve = partial(_solve, kernel[np.ix_(train, train)], targets[train])
        for number, dual in enumerate(run_interruptibly(solve, on_poll)):
            held_out[number, test] = kernel[np.ix_(test, train)] @ dual + targets[train].mean(0)
        seen[test] = True
    best = len(_PENALTIES) // 2
    if seen.any():
        best = int(np.argmax([_balanced(d[seen], positions[seen]) for d in held_out]))
    dual = run_interruptibly(lambda: _solve(kernel, targets), on_poll)[best]
    return RidgeStep(
        dual=dual,
        intercepts=targets.mean(axis=0),
        temperature=fit_temperature(held_out[best][seen], positions[seen]),
        classes=classes.astype(np.intp),
    )


def _solve(kernel: NDArray[np.float64], targets: NDArray[np.float64]) -> list[NDArray[np.float64]]:
    """Return the dual coefficients ``(K + a I)^-1 (y - mean y)`` for every penalty ``a``."""
    values, vectors = np.linalg.eigh(kernel)
    turned = vectors.T @ (targets - targets.mean(axis=0))
    values = np.maximum(values, 0.0)[:, None]
    return [vectors @ (turned / (values + penalty)) for penalty in _PENALTIES]


def _balanced(decisions: NDArray[np.float64], positions: NDArray[np.intp]) -> float:
    """Return the mean over classes of the share that is decided right."""
    right = decisions.argmax(axis=1) == positions
    return float(np.mean([right[positions == label].mean() for label in np.unique(positions)]))
