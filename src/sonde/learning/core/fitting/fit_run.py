"""What a fit may do while it runs, beside saying how far it is."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sonde.learning.core.fitting.specification import Progress

SoftTargets = Callable[[NDArray[np.intp]], NDArray[np.float64]]


def _log(_step: int, _values: Mapping[str, float]) -> None:
    return


def _note(_message: str) -> None:
    return


def _kept() -> bytes | None:
    return None


def _keep(_state: bytes) -> None:
    return


def _never() -> bool:
    return False


def _keep_file(_name: str, _content: bytes) -> None:
    return


@dataclass(frozen=True)
class FitRun:
    """The ways of a fit to its surroundings; called like a plain progress function.

    Parameters
    ----------
    on_progress : callable
        Told often, with the fraction done in [0, 1]; raises to stop the work. It also waits while
        the person has paused the training.
    log : callable
        From a step (such as the epoch, counted from 1) and metrics by name.
    note : callable
        A line for the run's log.
    kept : callable
        Returns the state that this very fit kept last, or None.
    keep : callable
        Keeps the state (optimiser, schedule, random states) to go on from after a kill.
    keep_file : callable
        Keeps a file beside the run, such as the weights of an epoch, by name.
    wants_stop : callable
        Whether the person asked to stop now and keep the best.
    teacher : callable, optional
        Soft targets of training samples, shape (sample, class), for distillation.
    """

    on_progress: Progress
    log: Callable[[int, Mapping[str, float]], None] = _log
    note: Callable[[str], None] = _note
    kept: Callable[[], bytes | None] = _kept
    keep: Callable[[bytes], None] = _keep
    keep_file: Callable[[str, bytes], None] = _keep_file
    wants_stop: Callable[[], bool] = _never
    teacher: SoftTargets | None = None

    def __call__(self, fraction: float) -> None:
        """Tell how far the fit is."""
        self.on_progress(fraction)


def soft_targets(
    told: NDArray[np.float64], indices: NDArray[np.intp], n_samples: int
) -> SoftTargets:
    """Return what a teacher says of the samples that it was asked about, by their index.

    Parameters
    ----------
    told : ndarray of float64, shape (asked sample, class)
    indices : ndarray of intp, shape (asked sample,)
    n_samples : int
        Of the whole problem.

    Examples
    --------
    >>> soft_targets(np.array([[0.2], [0.4]]), np.array([3, 7]), 9)(np.array([7])).tolist()
    [[0.4]]
    """
    rows = np.full(n_samples, len(told), dtype=np.intp)
    rows[indices] = np.arange(len(indices))
    return lambda asked: told[rows[asked]]


def as_fit_run(progress: Progress) -> FitRun:
    """Return `progress` itself where it is a FitRun, else a run that only tells its progress."""
    return progress if isinstance(progress, FitRun) else FitRun(progress)
