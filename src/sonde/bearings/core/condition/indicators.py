"""How well a figure follows the health of machines, and one figure made of several.

Monotonicity, trendability and prognosability follow Coble and Hines, "Identifying optimal
prognostic parameters from data: a genetic algorithms approach", PHM Society (2009).
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sonde.platform.core.errors import Invalid

_RESAMPLED = 100


@dataclass(frozen=True)
class Merit:
    """How good a health indicator is; each figure lies from 0 (useless) to 1 (perfect).

    Parameters
    ----------
    monotonicity : float
        Whether it only rises or only falls.
    trendability : float
        Whether it takes the same course on every machine; NaN for one machine alone.
    prognosability : float
        Whether it ends at the same value on every machine; NaN for one machine alone.
    """

    monotonicity: float
    trendability: float
    prognosability: float


def merit(histories: Sequence[NDArray[np.floating]]) -> Merit:
    """Judge an indicator by its histories on machines that ran to failure.

    Parameters
    ----------
    histories : sequence of ndarray of float, shape (time,)
        One for each machine, from new to failed; at least two values each.

    Returns
    -------
    Merit

    Raises
    ------
    Invalid
        If there is no history, or one has fewer than two values.

    Notes
    -----
    - monotonicity: mean over machines of ``|n(+) - n(-)| / (n - 1)`` over successive differences;
    - trendability: the smallest absolute correlation between two machines, on a common scale of
      life;
    - prognosability: ``exp(-std(last) / mean |first - last|)``.

    Examples
    --------
    >>> rising = np.linspace(0.0, 1.0, 20)
    >>> found = merit([rising, 2 * rising[:10]])
    >>> found.monotonicity, found.trendability, round(found.prognosability, 3)
    (1.0, 1.0, 0.973)
    """
    if not histories or min(len(one) for one in histories) < 2:
        raise Invalid("Every history needs at least two values.", field="histories")
    rows = [np.asarray(one, dtype=np.float64) for one in histories]
    monotonicity = float(
        np.mean([abs(float(np.sign(np.diff(one)).sum())) / (len(one) - 1) for one in rows])
    )
    if len(rows) == 1:
        return Merit(monotonicity, float("nan"), float("nan"))
    return Merit(monotonicity, _trendability(rows), _prognosability(rows))


def _trendability(rows: list[NDArray[np.float64]]) -> float:
    life = np.linspace(0, 1, _RESAMPLED)
    common = np.stack([np.interp(life, np.linspace(0, 1, len(one)), one) for one in rows])
    moves = common.std(axis=1) > 0
    if not moves.all():
        return 0.0
    return float(np.clip(np.abs(np.corrcoef(common)).min(), 0, 1).round(12))


def _prognosability(rows: list[NDArray[np.float64]]) -> float:
    first = np.array([one[0] for one in rows])
    last = np.array([one[-1] for one in rows])
    travel = float(np.abs(first - last).mean())
    return float(np.exp(-last.std() / travel)) if travel > 0 else 0.0


@dataclass(frozen=True)
class Baseline:
    """What a machine looks like while it is well.

    Parameters
    ----------
    names : tuple of str
        The figures that are looked at.
    mean : ndarray of float64, shape (figure,)
    whitening : ndarray of float64, shape (figure, figure)
        Root of the inverse covariance, shrunk towards its diagonal.
    n_values : int
    """

    names: tuple[str, ...]
    mean: NDArray[np.float64]
    whitening: NDArray[np.float64]
    n_values: int


def learn_baseline(names: tuple[str, ...], healthy: NDArray[np.floating]) -> Baseline:
    """Learn what is normal from measurements of the healthy machine.

    Parameters
    ----------
    names : tuple of str
    healthy : ndarray of float, shape (time, figure)
        At least five measurements.

    Raises
    ------
    Invalid
        If there are fewer than five, or a value is not finite.
    """
    if len(healthy) < 5:
        raise Invalid("A baseline needs at least five measurements.", field="baseline")
    if not np.isfinite(healthy).all():
        raise Invalid("The baseline holds values that are no numbers.", field="baseline")
    values = np.asarray(healthy, dtype=np.float64)
    centred = values - values.mean(axis=0)
    spread = centred.std(axis=0)
    floor = 1e-6 * np.maximum(np.abs(values).max(axis=0), 1e-12)
    covariance = centred.T @ centred / (len(values) - 1)
    share = min(1.0, values.shape[1] / len(values))
    diagonal = np.diag(np.maximum(spread, floor) ** 2)
    mixed = (1 - share) * covariance + share * diagonal + np.diag(floor**2)
    scale, axes = np.linalg.eigh(mixed)
    return Baseline(
        names, values.mean(axis=0), axes / np.sqrt(np.maximum(scale, 1e-300)), len(values)
    )


def health_indicator(baseline: Baseline, values: NDArray[np.floating]) -> NDArray[np.float64]:
    """Return how far measurements lie from the healthy machine, about 1 while it is well.

    Parameters
    ----------
    baseline : Baseline
    values : ndarray of float, shape (time, figure)

    Returns
    -------
    ndarray of float64, shape (time,)
        Mahalanobis distance over the square root of the number of figures.

    Examples
    --------
    >>> rng = np.random.default_rng(0)
    >>> well = rng.normal(5.0, 0.1, size=(50, 2))
    >>> known = learn_baseline(("rms", "kurtosis"), well)
    >>> near, far = health_indicator(known, np.array([[5.0, 5.0], [6.0, 5.0]]))
    >>> bool(near < 1), bool(6 < far < 9)
    (True, True)
    """
    away = (np.asarray(values, dtype=np.float64) - baseline.mean) @ baseline.whitening
    return np.asarray(np.sqrt((away**2).mean(axis=1)))
