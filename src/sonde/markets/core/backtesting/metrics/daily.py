"""Equity at the end of each day (UTC), from equity at the close of each bar."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sonde.markets.core.backtesting.results import Account

DAY_MS = 86_400_000


@dataclass(frozen=True)
class DailyEquity:
    """Equity at the end of each calendar day, in UTC.

    Parameters
    ----------
    day_ms : ndarray of int64, shape (day,)
        Beginning of each day, milliseconds UTC; no day is left out.
    equity : ndarray of float64, shape (day,)
        In the account's currency; a day without a bar keeps that of the day before.
    initial : float
        Equity before the first bar, in the account's currency.
    """

    day_ms: NDArray[np.int64]
    equity: NDArray[np.float64]
    initial: float

    @property
    def n(self) -> int:
        """Number of calendar days."""
        return int(self.day_ms.size)

    @property
    def returns(self) -> NDArray[np.float64]:
        """Simple return of each day, shape (day,); the first one counts from `initial`."""
        before = np.concatenate(([self.initial], self.equity[:-1]))
        return np.divide(
            self.equity - before, before, out=np.zeros_like(self.equity), where=before > 0
        )


def settled_equity(run: Account) -> NDArray[np.float64]:
    """Return equity at each bar's close, the last one after what was still open had been closed.

    Parameters
    ----------
    run : Run or Together

    Returns
    -------
    ndarray of float64, shape (bar,)
        In the account's currency.
    """
    equity = run.equity()
    if equity.size:
        equity[-1] = float(run.start + run.net_profit)
    return equity


def daily_equity(
    close_time_ms: NDArray[np.int64], equity: NDArray[np.float64], initial: float
) -> DailyEquity:
    """Take the last equity of each day.

    A bar belongs to the day in which it closes; one that closes at midnight ends the day before.

    Parameters
    ----------
    close_time_ms : ndarray of int64, shape (bar,)
        Times at which the bars close, strictly increasing, milliseconds UTC.
    equity : ndarray of float64, shape (bar,)
        At each bar's close, in the account's currency.
    initial : float
        Before the first bar.

    Returns
    -------
    DailyEquity

    Examples
    --------
    >>> hours = np.arange(1, 49, dtype=np.int64) * 3_600_000
    >>> days = daily_equity(hours, np.arange(101.0, 149.0), 100.0)
    >>> days.equity.tolist()
    [124.0, 148.0]
    >>> [round(value, 6) for value in days.returns.tolist()]
    [0.24, 0.193548]
    """
    if close_time_ms.size == 0:
        return DailyEquity(np.empty(0, np.int64), np.empty(0), initial)
    number = (close_time_ms - 1) // DAY_MS
    days = np.arange(number[0], number[-1] + 1)
    last = np.searchsorted(number, days, side="right") - 1
    return DailyEquity(days * DAY_MS, np.asarray(equity, np.float64)[last], initial)
