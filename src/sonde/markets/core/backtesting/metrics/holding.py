"""The line of who bought at the first open and held, and the strategy measured against it."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sonde.markets.core.backtesting.metrics.daily import DailyEquity
from sonde.markets.core.backtesting.metrics.figure import Figure, missing
from sonde.markets.core.backtesting.metrics.growth import DAYS_A_YEAR, FEWEST_DAYS


@dataclass(frozen=True)
class AgainstHolding:
    """The strategy against buying and holding.

    Parameters
    ----------
    total_return : Figure
        Of holding, as a fraction, with both fees paid.
    beta : Figure
        How much of holding's daily return the strategy takes part in.
    alpha : Figure
        Annual return (365 days) beyond that part.
    correlation : Figure
        Of the daily returns.
    """

    total_return: Figure
    beta: Figure
    alpha: Figure
    correlation: Figure


def holding_line(
    first_open: float, close: NDArray[np.float64], initial: float, fee: float
) -> NDArray[np.float64]:
    """Return the equity of buying with everything at the first open and holding.

    The entry's fee is paid at once; the exit's is taken from the last point, as a backtest closes
    what is open at its end.

    Parameters
    ----------
    first_open : float
        Price of the first bar's open; above 0.
    close : ndarray of float64, shape (bar,)
    initial : float
        Equity before, in the account's currency.
    fee : float
        Taker fee, as a fraction.

    Returns
    -------
    ndarray of float64, shape (bar,)

    Examples
    --------
    >>> holding_line(10.0, np.array([11.0, 12.0]), 100.0, 0.0).tolist()
    [110.0, 120.0]
    """
    line = initial / (first_open * (1.0 + fee)) * close
    if line.size:
        line[-1] *= 1.0 - fee
    return line


def against_holding(strategy: DailyEquity, holding: DailyEquity) -> AgainstHolding:
    """Set daily returns against those of holding.

    Parameters
    ----------
    strategy, holding : DailyEquity
        Of the same days.

    Returns
    -------
    AgainstHolding

    Notes
    -----
    Least squares of one on the other (M. Jensen, 1968), without a risk-free rate; alpha is the
    daily constant times 365.
    """
    if holding.n == 0:
        none = missing("no bars")
        return AgainstHolding(none, none, none, none)
    total = Figure(float(holding.equity[-1] / holding.initial - 1.0))
    if holding.n < FEWEST_DAYS:
        none = missing(f"needs {FEWEST_DAYS} days, there are {holding.n}")
        return AgainstHolding(total, none, none, none)
    own, market = strategy.returns, holding.returns
    wide = float(market.var())
    if wide <= 1e-30:
        none = missing("the price never moved")
        return AgainstHolding(total, none, none, none)
    together = float(np.mean((own - own.mean()) * (market - market.mean())))
    beta = together / wide
    spread = float(own.std())
    return AgainstHolding(
        total,
        Figure(beta),
        Figure(float(own.mean() - beta * market.mean()) * DAYS_A_YEAR),
        Figure(together / (spread * wide**0.5))
        if spread > 1e-15
        else missing("equity never moved"),
    )
