"""How long a machine will last: a growing indicator, its limit, and how sure the answer is.

The indicator stands at a level ``phi`` while the machine is well; from the onset of the damage on
its excess grows exponentially, ``log(S - phi) = theta + beta t + e`` (Gebraeel, Lawley, Li and
Ryan, "Residual-life distributions from component degradation signals: a Bayesian approach", IIE
Transactions 37, 2005). ``theta``, ``beta`` and the variance of ``e`` have a conjugate normal
inverse gamma prior, either vague or learned from machines of the same kind that have run to
failure. The remaining life is the distribution of the time at which the line reaches the limit,
given that it has not reached it yet.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sonde.platform.core.errors import Invalid

SHORTEST_BASELINE = 8
FEWEST_GROWING = 5
_ONSET_SIGMAS = 4.0
_ONSET_IN_A_ROW = 3
_N_DRAWS = 4000
_SEED = 20_050


@dataclass(frozen=True)
class Prior:
    """What is believed of a machine's growth before it is watched.

    Parameters
    ----------
    mean : (float, float)
        Of ``theta`` (logarithm of the excess at onset) and ``beta`` (growth per unit of time).
    precision : ndarray of float64, shape (2, 2)
        In units of one over the variance of ``e``.
    shape, rate : float
        Of the inverse gamma distribution of that variance.
    """

    mean: tuple[float, float]
    precision: NDArray[np.float64]
    shape: float
    rate: float


VAGUE = Prior((0.0, 0.0), np.diag([1e-6, 1e-6]), 0.5, 0.005)


@dataclass(frozen=True)
class RemainingLife:
    """When the limit will be reached, counted from the last value.

    Parameters
    ----------
    median, low, high : float
        In the unit of the times; `high` is infinite where growth is not certain.
    level : float
        Share of machines that the interval is meant to hold.
    onset : float
        Time at which growth began.
    n_growing : int
        Values from the onset on.
    straight_line : float
        The control: a straight line through the same values, extended to the limit; infinite where
        it does not rise.
    """

    median: float
    low: float
    high: float
    level: float
    onset: float
    n_growing: int
    straight_line: float


@dataclass(frozen=True)
class _Growth:
    """The values from the onset on, as a straight line in the logarithm of the excess."""

    start: float
    times: NDArray[np.float64]
    logarithms: NDArray[np.float64]
    level: float


def find_onset(values: NDArray[np.floating], n_baseline: int = SHORTEST_BASELINE) -> int | None:
    """Return the index from which an indicator has left its baseline, None while it has not.

    Parameters
    ----------
    values : ndarray of float, shape (time,)
        Oldest first.
    n_baseline : int
        How many values at the beginning are taken as healthy.

    Notes
    -----
    The first of three values in a row above the baseline's median by four robust standard
    deviations (1.4826 times the median absolute deviation).

    Examples
    --------
    >>> find_onset(np.array([1.0, 1.1, 0.9, 1.0, 1.1, 0.9, 1.0, 1.0, 1.1, 3.0, 3.2, 3.5]))
    9
    """
    middle, spread = _baseline(values, n_baseline)
    above = values > middle + _ONSET_SIGMAS * spread
    above[:n_baseline] = False
    run = np.lib.stride_tricks.sliding_window_view(above, _ONSET_IN_A_ROW).all(axis=1)
    found = np.flatnonzero(run) if len(above) >= _ONSET_IN_A_ROW else np.empty(0)
    return int(found[0]) if len(found) else None


def _baseline(values: NDArray[np.floating], n_baseline: int) -> tuple[float, float]:
    if n_baseline < SHORTEST_BASELINE or len(values) < n_baseline:
        raise Invalid(
            f"The baseline needs at least {SHORTEST_BASELINE} values; there are "
            f"{min(len(values), n_baseline)}.",
            field="baseline",
        )
    healthy = np.asarray(values[:n_baseline], dtype=np.float64)
    middle = float(np.median(healthy))
    spread = 1.4826 * float(np.median(np.abs(healthy - middle)))
    return middle, max(spread, 1e-3 * max(abs(middle), 1e-12))


def _growth(
    times: NDArray[np.float64], values: NDArray[np.float64], n_baseline: int
) -> _Growth | None:
    onset = find_onset(values, n_baseline)
    if onset is None:
        return None
    middle, spread = _baseline(values, n_baseline)
    later = slice(onset, None)
    excess = values[later] - middle
    clear = excess > 2 * spread
    return _Growth(
        start=float(times[onset]),
        times=times[later][clear] - times[onset],
        logarithms=np.log(excess[clear]),
        level=middle,
    )


def learn_prior(
    histories: Sequence[tuple[NDArray[np.float64], NDArray[np.float64]]],
    n_baseline: int = SHORTEST_BASELINE,
) -> Prior:
    """Learn a prior from machines of the same kind that have run to failure.

    Parameters
    ----------
    histories : sequence of (times, values)
        Each of shape (time,); at least five must have grown.
    n_baseline : int

    Raises
    ------
    Invalid
        If fewer than five histories show growth.
    """
    lines, variances = [], []
    for times, values in histories:
        growth = _growth(times, values, n_baseline)
        if growth is None or len(growth.times) < FEWEST_GROWING:
            continue
        design = np.stack([np.ones_like(growth.times), growth.times], axis=1)
        line, *_ = np.linalg.lstsq(design, growth.logarithms, rcond=None)
        lines.append(line)
        left = growth.logarithms - design @ line
        variances.append(float(left @ left) / (len(left) - 2))
    if len(lines) < 5:
        raise Invalid(
            f"A prior needs five machines that have run to failure; there are {len(lines)}.",
            field="histories",
        )
    table = np.array(lines)
    variance = float(np.mean(variances))
    scatter = np.cov(table.T) + 1e-12 * np.eye(2)
    shape = 3.0
    return Prior(
        (float(table[:, 0].mean()), float(table[:, 1].mean())),
        np.asarray(np.linalg.inv(scatter / variance), dtype=np.float64),
        shape,
        variance * (shape - 1),
    )


def remaining_life(
    times: NDArray[np.float64],
    values: NDArray[np.float64],
    limit: float,
    *,
    prior: Prior = VAGUE,
    level: float = 0.9,
    n_baseline: int = SHORTEST_BASELINE,
) -> RemainingLife | None:
    """Estimate the time until an indicator reaches a limit.

    Parameters
    ----------
    times : ndarray of float64, shape (time,)
        Increasing; any unit, such as hours.
    values : ndarray of float64, shape (time,)
        The indicator, larger is worse.
    limit : float
        Value at which the machine counts as failed.
    prior : Prior
    level : float
        In (0, 1).
    n_baseline : int

    Returns
    -------
    RemainingLife or None
        None while no growth is seen; zeros where the limit is passed already.

    Raises
    ------
    Invalid
        If the times do not increase, the limit is not above the baseline, or there are too few
        values.

    Examples
    --------
    An excess that doubles every 10 hours from 1, without noise:

    >>> hours = np.arange(60.0)
    >>> grown = np.where(hours < 20, 1.0, 1.0 + 2 ** ((hours - 20) / 10))
    >>> found = remaining_life(hours, grown, 1.0 + 2**5)
    >>> round(found.median, 1)
    11.0
    """
    _check(times, values, level)
    growth = _growth(times, values, n_baseline)
    if growth is None or len(growth.times) < FEWEST_GROWING:
        return None
    if limit <= growth.level:
        raise Invalid(
            f"The limit {limit:g} must lie above the healthy level {growth.level:.3g}.",
            field="limit",
        )
    now = float(times[-1]) - growth.start
    target = np.log(limit - growth.level)
    left = _crossings(growth, prior, float(target)) - now
    left = left[left > 0]
    straight = _straight(growth, times, values, limit)
    if not len(left) or float(values[-1]) >= limit:
        return RemainingLife(
            0.0, 0.0, 0.0, level, growth.start, len(growth.times), max(straight, 0.0)
        )
    edge = (1 - level) / 2
    low, median, high = np.quantile(left, [edge, 0.5, 1 - edge], method="inverted_cdf")
    return RemainingLife(
        float(median),
        float(low),
        float(high),
        level,
        growth.start,
        len(growth.times),
        max(straight, 0.0),
    )


def _check(times: NDArray[np.float64], values: NDArray[np.float64], level: float) -> None:
    if times.shape != values.shape or times.ndim != 1:
        raise Invalid("Times and values must be rows of equal length.", field="values")
    if len(times) > 1 and not (np.diff(times) > 0).all():
        raise Invalid("The times must increase.", field="times")
    if not (np.isfinite(times).all() and np.isfinite(values).all()):
        raise Invalid("Times and values must be finite.", field="values")
    if not 0 < level < 1:
        raise Invalid(f"The level lies between 0 and 1, not {level:g}.", field="level")


def _crossings(growth: _Growth, prior: Prior, target: float) -> NDArray[np.float64]:
    """Draw from the posterior the times, counted from the onset, at which the limit is reached."""
    design = np.stack([np.ones_like(growth.times), growth.times], axis=1)
    mean = np.array(prior.mean)
    precision = prior.precision + design.T @ design
    moment = prior.precision @ mean + design.T @ growth.logarithms
    centre = np.linalg.solve(precision, moment)
    shape = prior.shape + len(growth.times) / 2
    rate = prior.rate + 0.5 * float(
        growth.logarithms @ growth.logarithms + mean @ prior.precision @ mean - centre @ moment
    )
    rng = np.random.default_rng(_SEED)
    variance = max(rate, 1e-12) / rng.gamma(shape, size=_N_DRAWS)
    root = np.linalg.cholesky(np.linalg.inv(precision))
    lines = centre + np.sqrt(variance)[:, None] * (rng.standard_normal((_N_DRAWS, 2)) @ root.T)
    rising = lines[:, 1] > 0
    crossing = np.full(_N_DRAWS, np.inf)
    crossing[rising] = (target - lines[rising, 0]) / lines[rising, 1]
    return crossing


def _straight(
    growth: _Growth, times: NDArray[np.float64], values: NDArray[np.float64], limit: float
) -> float:
    grown = times >= growth.start
    slope, height = np.polyfit(times[grown], values[grown], 1) if grown.sum() > 1 else (0.0, 0.0)
    return float((limit - height) / slope - times[-1]) if slope > 0 else float("inf")
