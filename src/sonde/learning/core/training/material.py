"""What a training learns from: windows when they are asked for, labels, teacher and targets."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sonde.learning.core.fitting.fit_run import SoftTargets
from sonde.learning.core.problem import Problem, ReadWindows
from sonde.learning.core.training.augmentations.catalogue import Batch

_TEACHER_BATCH = 32


@dataclass(frozen=True)
class Material:
    """Windows and what is known about them.

    Parameters
    ----------
    read : callable
        From sample indices to windows; may be called from two threads.
    labels : ndarray of float32, shape (sample, class)
        One-hot.
    teacher : ndarray of float32, shape (sample, class)
        Softened distributions; no columns where there is no teacher.
    targets : ndarray of float32, shape (sample, target)
        Standardised, NaN where unknown.
    """

    read: ReadWindows
    labels: NDArray[np.float32]
    teacher: NDArray[np.float32]
    targets: NDArray[np.float32]

    def batch(self, indices: NDArray[np.intp]) -> Batch:
        """Return the windows of some samples with all that is known about them."""
        return Batch(
            self.read(indices), self.labels[indices], self.teacher[indices], self.targets[indices]
        )


def one_hot(labels: NDArray[np.intp], n_classes: int) -> NDArray[np.float32]:
    """Return labels as distributions, shape (sample, class).

    Examples
    --------
    >>> one_hot(np.array([1]), 3).tolist()
    [[0.0, 1.0, 0.0]]
    """
    return np.eye(n_classes, dtype=np.float32)[labels]


def auxiliary_targets(
    problem: Problem, names: Sequence[str], teaching: NDArray[np.intp]
) -> NDArray[np.float32]:
    """Return numeric attributes with zero mean and unit spread over the teaching samples.

    A number may be followed by its unit, as in ``1797 rpm``.

    Parameters
    ----------
    problem : Problem
    names : sequence of str
        Attributes of the problem; one that it does not have, or a value that is no number, is
        unknown.
    teaching : ndarray of intp
        Samples that mean and spread are taken of.

    Returns
    -------
    ndarray of float32, shape (sample, target)
        NaN where unknown.
    """
    columns = np.full((len(problem), len(names)), np.nan)
    for column, name in enumerate(names):
        if name in problem.attributes:
            columns[:, column] = [_number(text) for text in problem.attributes[name].tolist()]
        known = columns[teaching, column]
        known = known[np.isfinite(known)]
        if len(known):
            spread = float(known.std())
            columns[:, column] = (columns[:, column] - known.mean()) / (spread or 1.0)
    return columns.astype(np.float32)


def _number(text: object) -> float:
    try:
        number = float(str(text).split()[0])
    except (IndexError, ValueError):
        return float("nan")
    return number if np.isfinite(number) else float("nan")


def ask_teacher(
    teacher: SoftTargets,
    samples: NDArray[np.intp],
    shape: tuple[int, int],
    on_batch: Callable[[], None],
) -> NDArray[np.float64]:
    """Return what a teacher says of the teaching samples, asked in small batches.

    Parameters
    ----------
    teacher : callable
    samples : ndarray of intp
        Those it is asked about; the others have zeros.
    shape : tuple of int
        Samples and classes of the whole problem.
    on_batch : callable
        Called before each batch; may raise.

    Returns
    -------
    ndarray of float64, shape (sample, class)
    """
    said = np.zeros(shape)
    for start in range(0, len(samples), _TEACHER_BATCH):
        on_batch()
        asked = samples[start : start + _TEACHER_BATCH]
        said[asked] = teacher(asked)
    return said
