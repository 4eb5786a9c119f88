"""What a running training tells: curves, log lines, and what a person may ask of it."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from sonde.learning.core.experiments import ExperimentSummary
from sonde.platform.core.jobs import Job

POINT = np.dtype([("step", "<i4"), ("value", "<f8"), ("at", "<f8")])
LEVELS = ("debug", "info", "warning", "error")
SYSTEM = "system/"
_SMALLER_IS_BETTER = ("loss", "gradient", "seconds", "error")


class Wish(StrEnum):
    """What a person asked of a training that runs."""

    NOTHING = ""
    PAUSE = "pause"
    STOP = "stop"


class Action(StrEnum):
    """What can be done to a training that is not finished."""

    PAUSE = "pause"
    RESUME = "resume"
    STOP = "stop"
    CANCEL = "cancel"


@dataclass(frozen=True)
class Curve:
    """One metric over the steps of one part of a training.

    Parameters
    ----------
    experiment_id, key : str
    part : str
        Such as ``"fold 1"``; empty for what concerns the whole training.
    steps : ndarray of int64, shape (point,)
        Growing.
    values : ndarray of float64, shape (point,)
    at : ndarray of float64, shape (point,)
        Seconds since 1970, UTC.
    n_points : int
        How many there were before the curve was thinned.
    """

    experiment_id: str
    key: str
    part: str
    steps: NDArray[np.int64]
    values: NDArray[np.float64]
    at: NDArray[np.float64]
    n_points: int


@dataclass(frozen=True)
class Metric:
    """The latest and the best value of one metric of one experiment.

    Parameters
    ----------
    key : str
    value, step, at : float, int, datetime
        The latest one, over all parts.
    best_value, best_step : float, int
    """

    key: str
    value: float
    step: int
    at: datetime
    best_value: float
    best_step: int


@dataclass(frozen=True)
class LogLine:
    """One line of a training's log."""

    id: int
    at: datetime
    level: str
    part: str
    text: str


@dataclass(frozen=True)
class PartProgress:
    """How far one part of a training is.

    Parameters
    ----------
    name : str
        Such as ``"fold 1"``.
    title : str
        What is held out, such as ``"7 mil"``.
    fraction : float
        In [0, 1].
    macro_f1 : float, optional
        Of what was held out, as soon as it is known.
    """

    name: str
    title: str
    fraction: float
    macro_f1: float | None = None


@dataclass(frozen=True)
class RunView:
    """A training as people see it while it runs.

    Parameters
    ----------
    summary : ExperimentSummary
    job : Job, optional
        None once it is forgotten.
    wish : Wish
    parts : tuple of PartProgress
    may_control : bool
        Whether the looking person may pause, stop and cancel it.
    """

    summary: ExperimentSummary
    job: Job | None
    wish: Wish
    parts: tuple[PartProgress, ...]
    may_control: bool


def smaller_is_better(key: str) -> bool:
    """Say whether the best value of a metric is its smallest.

    Examples
    --------
    >>> smaller_is_better("validation/loss"), smaller_is_better("validation/macro_f1")
    (True, False)
    """
    return any(word in key for word in _SMALLER_IS_BETTER)


def thinned(curve: Curve, n_points: int) -> Curve:
    """Return at most `n_points` points of a curve, the extrema of every stretch among them.

    The curve is cut into stretches of equally many points. Of each the points with the smallest
    and the largest value are kept, and of the whole the first and the last, so that no extremum
    is lost or moved. What is no number is passed over where there are numbers beside it.

    Parameters
    ----------
    curve : Curve
    n_points : int
        At least 4.

    Examples
    --------
    >>> steps = np.arange(1000)
    >>> curve = Curve("", "loss", "", steps, np.where(steps == 777, 9.0, 0.0), steps * 1.0, 1000)
    >>> thin = thinned(curve, 20)
    >>> len(thin.steps) <= 20, 777 in thin.steps
    (True, True)
    """
    n = len(curve.steps)
    if n <= n_points:
        return curve
    n_stretches = max(1, (n_points - 2) // 2)
    width = -(-n // n_stretches)
    whole = np.full(n_stretches * width, np.nan)
    whole[:n] = curve.values
    stretches = whole.reshape(n_stretches, width)
    starts = np.arange(n_stretches) * width
    low = starts + np.where(np.isnan(stretches), np.inf, stretches).argmin(axis=1)
    high = starts + np.where(np.isnan(stretches), -np.inf, stretches).argmax(axis=1)
    chosen = np.unique(np.concatenate([[0], low, high, [n - 1]]))
    chosen = chosen[chosen < n]
    return replace(
        curve, steps=curve.steps[chosen], values=curve.values[chosen], at=curve.at[chosen]
    )


def points_of(content: Sequence[bytes]) -> NDArray[np.void]:
    """Return the points of stored blocks, in their order.

    Parameters
    ----------
    content : sequence of bytes

    Examples
    --------
    >>> points_of([np.array([(1, 0.5, 0.0)], POINT).tobytes()])["step"].tolist()
    [1]
    """
    points: NDArray[np.void] = np.frombuffer(b"".join(content), dtype=POINT)
    return points
