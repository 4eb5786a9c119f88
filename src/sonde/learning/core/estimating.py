"""What a training will cost, before it begins: from the work there is and the pace of earlier runs.

An estimate says what it is based on. Without an earlier run of the same model it is a first guess
from the multiplications that the network needs, good within about a factor of three.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from sonde.learning.core.certificate import SplitCertificate

_MACS_PER_S = 6e9
_CLASSICAL_SAMPLES_PER_S = 400.0
_SPREAD_OF_A_GUESS = 3.0
_SPREAD_OF_RUNS = 1.5


@dataclass(frozen=True)
class Work:
    """How much there is to compute.

    Parameters
    ----------
    n_fits : int
        Folds, the leaky comparison's folds, and the final model.
    n_samples : int
        Windows that one fit learns from, about.
    n_epochs : int
        Passes over them; 1 for models that are not trained in epochs.
    training_macs : int
        Multiplications with an addition for one window, there and back; 0 where nobody counts.
    """

    n_fits: int
    n_samples: int
    n_epochs: int
    training_macs: int

    @property
    def size(self) -> float:
        """All of it in one number: multiplications, or samples where nobody counts those."""
        return float(self.n_fits * self.n_samples * self.n_epochs * max(self.training_macs, 1))


@dataclass(frozen=True)
class PastRun:
    """An earlier training of the same model: its work and the seconds it took."""

    work: Work
    seconds: float


@dataclass(frozen=True)
class Estimate:
    """What a training will cost.

    Parameters
    ----------
    certificate : SplitCertificate
        What its score will be worth.
    work : Work
    window_shape : tuple of int
        Channels and samples.
    low_s, high_s : float
        The time it will take, in seconds.
    n_runs : int
        Earlier runs behind the time; 0 for a first guess.
    n_parameters, macs, activation_bytes : int, optional
        Of a deep network: learned numbers, multiplications of one window, memory of one window on
        the way back. None for the others.
    n_before : int
        Trainings that run or wait already.
    """

    certificate: SplitCertificate
    work: Work
    window_shape: tuple[int, int]
    low_s: float
    high_s: float
    n_runs: int
    n_parameters: int | None
    macs: int | None
    activation_bytes: int | None
    n_before: int = 0


def seconds_of(work: Work, past: Sequence[PastRun]) -> tuple[float, float]:
    """Return the range of seconds that some work takes.

    Parameters
    ----------
    work : Work
    past : sequence of PastRun
        Of the same model.

    Returns
    -------
    low, high : float
        Seconds.

    Examples
    --------
    >>> before = PastRun(Work(1, 100, 1, 0), 10.0)
    >>> low, high = seconds_of(Work(2, 100, 1, 0), [before, before])
    >>> low < 20.0 < high
    True
    """
    paces = [one.work.size / one.seconds for one in past if one.seconds > 0.0]
    if paces:
        middle = float(np.median(paces))
        slowest = min(*paces, middle / _SPREAD_OF_RUNS)
        return work.size / max(*paces, middle * _SPREAD_OF_RUNS), work.size / slowest
    pace = _MACS_PER_S if work.training_macs else _CLASSICAL_SAMPLES_PER_S
    middle = work.size / pace
    return middle / _SPREAD_OF_A_GUESS, middle * _SPREAD_OF_A_GUESS
