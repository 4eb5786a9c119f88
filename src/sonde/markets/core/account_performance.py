"""What an account's closed trades made of its money, day by day, and how sure that is."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sonde.markets.core.backtesting.bootstrap import Bootstrap
from sonde.markets.core.backtesting.metrics.daily import DAY_MS, DailyEquity, daily_equity
from sonde.markets.core.backtesting.metrics.figure import Figure, missing, ratio
from sonde.markets.core.backtesting.metrics.growth import Growth, growth
from sonde.markets.core.backtesting.metrics.periods import Period, Span, period_table
from sonde.markets.core.trade_analytics import TradeAnalytics

_NO_TRADES = "no trades"


@dataclass(frozen=True)
class Performance:
    """An account over time; open positions are in none of it.

    Parameters
    ----------
    growth : Growth
        From the balance at the end of each day, first entry to last exit.
    daily : DailyEquity
    exit_time_ms : ndarray of int64, shape (trade,)
    exposure : Figure
        Share of the time from first entry to last exit in which a trade was open.
    trades_per_day : Figure
    turnover : Figure
        Money that was entered with, over the mean balance.
    """

    growth: Growth
    daily: DailyEquity
    exit_time_ms: NDArray[np.int64]
    exposure: Figure
    trades_per_day: Figure
    turnover: Figure

    def table(self, span: Span) -> tuple[Period, ...]:
        """Return what each day, week or month brought."""
        return period_table(self.daily, self.exit_time_ms, span)


def performance(
    analytics: TradeAnalytics, entered: NDArray[np.float64], bootstrap: Bootstrap | None = None
) -> Performance:
    """Return what closed trades made of an account's money over time.

    Parameters
    ----------
    analytics : TradeAnalytics
    entered : ndarray of float64, shape (trade,)
        What each trade was entered with: price times quantity, in the account's currency.
    bootstrap : Bootstrap or None
        Draws the intervals of Sharpe ratio and mean daily return; None leaves them out.

    Returns
    -------
    Performance
    """
    trades, start = analytics.closed, analytics.start
    entries, exits = trades.entry_time_ms, trades.exit_time_ms
    if not len(exits):
        none, daily = missing(_NO_TRADES), daily_equity(exits, analytics.balance, start)
        return Performance(growth(daily, 0.0, None), daily, exits, none, none, none)
    # a moment at midnight ends the day before; the first entry begins its own
    times = np.concatenate(([int(entries.min()) + 1], exits))
    equity = np.concatenate(([start], analytics.balance))
    daily = daily_equity(times, equity, start)
    span_ms = float(exits[-1] - entries.min())
    return Performance(
        growth=growth(daily, analytics.closed_equity.fraction, bootstrap),
        daily=daily,
        exit_time_ms=exits,
        exposure=ratio(float(covered_ms(entries, exits)), span_ms, "no time passed"),
        trades_per_day=ratio(float(len(exits)), span_ms / DAY_MS, "no time passed"),
        turnover=ratio(float(entered.sum()), float(equity.mean()), "no money"),
    )


def covered_ms(begin_ms: NDArray[np.int64], end_ms: NDArray[np.int64]) -> int:
    """Return how much time lies in at least one of some stretches.

    Parameters
    ----------
    begin_ms, end_ms : ndarray of int64, shape (stretch,)
        Milliseconds; no stretch ends before it begins.

    Returns
    -------
    int

    Examples
    --------
    >>> covered_ms(np.array([0, 5, 20]), np.array([10, 8, 30]))
    20
    """
    if not begin_ms.size:
        return 0
    order = np.argsort(begin_ms, kind="stable")
    begin, reach = begin_ms[order], np.maximum.accumulate(end_ms[order])
    before = np.concatenate((begin[:1], reach[:-1]))
    return int(np.maximum(reach - np.maximum(begin, before), 0).sum())
