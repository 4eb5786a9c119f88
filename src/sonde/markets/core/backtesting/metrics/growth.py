"""What the account made, how much it moved, and one set against the other.

Annualised from daily equity with 365 days, because these markets never close. Under 30 days there
is no annual figure: a month of minutes is no year.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sonde.markets.core.backtesting.bootstrap import Bootstrap, percentile_interval
from sonde.markets.core.backtesting.metrics.daily import DAY_MS, DailyEquity
from sonde.markets.core.backtesting.metrics.figure import Figure, missing, ratio

DAYS_A_YEAR = 365
FEWEST_DAYS = 30
_STILL = "equity never moved"


@dataclass(frozen=True)
class Growth:
    """Return and risk over the whole period; fractions, not percent.

    Parameters
    ----------
    total_return : Figure
        Last equity over the initial one, less 1.
    cagr, volatility, sharpe, sortino, calmar, omega : Figure
        Compound annual growth; annual standard deviation; mean over deviation, over downside
        deviation; growth over the deepest drawdown; gains over losses of daily returns.
    mean_daily : Figure
        Mean daily return with its stationary-bootstrap interval.
    days : int
        Calendar days behind these figures.
    """

    total_return: Figure
    cagr: Figure
    volatility: Figure
    sharpe: Figure
    sortino: Figure
    calmar: Figure
    omega: Figure
    mean_daily: Figure
    days: int


def sharpe_ratio(returns: NDArray[np.float64], axis: int = -1) -> NDArray[np.float64]:
    """Return mean over standard deviation of returns, not annualised, without a risk-free rate.

    Parameters
    ----------
    returns : ndarray of float64
        Simple returns of equal periods along `axis`.
    axis : int

    Returns
    -------
    ndarray of float64
        0 where the returns do not move.

    Notes
    -----
    W. F. Sharpe, "The Sharpe ratio", Journal of Portfolio Management 21 (1994); deviation with
    n - 1.

    Examples
    --------
    >>> round(float(sharpe_ratio(np.array([0.01, 0.03, 0.02]))), 6)
    2.0
    """
    mean = np.asarray(returns.mean(axis=axis))
    spread = np.asarray(returns.std(axis=axis, ddof=1))
    moving = spread > 1e-15
    return np.divide(mean, spread, out=np.zeros_like(mean), where=moving)


def growth(daily: DailyEquity, max_drawdown: float, bootstrap: Bootstrap | None) -> Growth:
    """Return what the account made and how much it moved.

    Parameters
    ----------
    daily : DailyEquity
    max_drawdown : float
        Deepest drawdown as a positive fraction of the peak, from every bar.
    bootstrap : Bootstrap or None
        Draws the intervals; None leaves them out.

    Returns
    -------
    Growth

    Notes
    -----
    Sortino: F. Sortino and L. Price (1994), target 0, root mean square of the losing days over
    all days. Omega: C. Keating and W. Shadwick (2002), threshold 0. Calmar: T. Young (1991), over
    the whole period.
    """
    total = ratio(float(daily.equity[-1]) if daily.n else daily.initial, daily.initial, "no equity")
    total_return = missing("no bars") if daily.n == 0 else _less_one(total)
    if daily.n < FEWEST_DAYS:
        none = missing(f"needs {FEWEST_DAYS} days, there are {daily.n}")
        return Growth(total_return, *(none,) * 7, days=daily.n)
    returns = daily.returns
    annual = _cagr(daily)
    return Growth(
        total_return=total_return,
        cagr=annual,
        volatility=Figure(float(returns.std(ddof=1)) * DAYS_A_YEAR**0.5),
        sharpe=_sharpe(returns, bootstrap),
        sortino=_sortino(returns),
        calmar=annual
        if annual.value is None
        else ratio(annual.value, max_drawdown, "equity never fell"),
        omega=ratio(
            float(returns[returns > 0].sum()), float(-returns[returns < 0].sum()), "no losing day"
        ),
        mean_daily=_mean(returns, bootstrap),
        days=daily.n,
    )


def _less_one(figure: Figure) -> Figure:
    return figure if figure.value is None else Figure(figure.value - 1.0)


def _cagr(daily: DailyEquity) -> Figure:
    years = (daily.day_ms[-1] - daily.day_ms[0] + DAY_MS) / DAY_MS / DAYS_A_YEAR
    last = float(daily.equity[-1])
    if last <= 0 or daily.initial <= 0:
        return missing("the account was lost")
    return Figure(float((last / daily.initial) ** (1.0 / years) - 1.0))


def _sharpe(returns: NDArray[np.float64], bootstrap: Bootstrap | None) -> Figure:
    if returns.std() <= 1e-15:
        return missing(_STILL)
    scale = DAYS_A_YEAR**0.5
    value = float(sharpe_ratio(returns)) * scale
    if bootstrap is None:
        return Figure(value)
    low, high = percentile_interval(sharpe_ratio(bootstrap.draw(returns)) * scale)
    return Figure(value, low=low, high=high)


def _mean(returns: NDArray[np.float64], bootstrap: Bootstrap | None) -> Figure:
    value = float(returns.mean())
    if bootstrap is None:
        return Figure(value)
    low, high = percentile_interval(bootstrap.draw(returns).mean(axis=1))
    return Figure(value, low=low, high=high)


def _sortino(returns: NDArray[np.float64]) -> Figure:
    downside = float(np.sqrt(np.mean(np.minimum(returns, 0.0) ** 2)))
    found = ratio(float(returns.mean()), downside, "no losing day")
    return found if found.value is None else Figure(found.value * DAYS_A_YEAR**0.5)
