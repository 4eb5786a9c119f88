"""Everything that is said about one run."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sonde.markets.core.backtesting.bootstrap import Bootstrap
from sonde.markets.core.backtesting.metrics.breakdown import Breakdown, breakdown
from sonde.markets.core.backtesting.metrics.daily import (
    DAY_MS,
    DailyEquity,
    daily_equity,
    settled_equity,
)
from sonde.markets.core.backtesting.metrics.drawdown import Drawdown, drawdown
from sonde.markets.core.backtesting.metrics.figure import Figure, missing, ratio
from sonde.markets.core.backtesting.metrics.growth import Growth, growth
from sonde.markets.core.backtesting.metrics.holding import (
    AgainstHolding,
    against_holding,
    holding_line,
)
from sonde.markets.core.backtesting.metrics.periods import Period, Span, period_table
from sonde.markets.core.backtesting.metrics.trading import Trading, trading
from sonde.markets.core.backtesting.results import Run, Together
from sonde.markets.core.candles import Candles
from sonde.platform.core.errors import Invalid


@dataclass(frozen=True)
class Activity:
    """How much the strategy was in the market.

    Parameters
    ----------
    exposure : Figure
        Share of bars that closed with a position.
    turnover : Figure
        Traded value over the mean equity.
    trades_per_day : Figure
        Closed trades for each day of the period.
    rejected, expired, ambiguous_bars, closed_at_end : int
    """

    exposure: Figure
    turnover: Figure
    trades_per_day: Figure
    rejected: int
    expired: int
    ambiguous_bars: int
    closed_at_end: int


@dataclass(frozen=True)
class Report:
    """Figures of one run; whatever cannot be said carries its reason.

    Parameters
    ----------
    growth : Growth
    drawdown : Drawdown
    trading : Trading
    parts : Breakdown
    activity : Activity
    against_holding : AgainstHolding
    equity, holding : ndarray of float64, shape (bar,)
        At each close, in the account's currency; the last after everything is closed.
    daily : DailyEquity
    exit_time_ms : ndarray of int64, shape (trade,)
    """

    growth: Growth
    drawdown: Drawdown
    trading: Trading
    parts: Breakdown
    activity: Activity
    against_holding: AgainstHolding
    equity: NDArray[np.float64]
    holding: NDArray[np.float64]
    daily: DailyEquity
    exit_time_ms: NDArray[np.int64]

    def table(self, span: Span) -> tuple[Period, ...]:
        """Return what each day, week or month brought."""
        return period_table(self.daily, self.exit_time_ms, span)


def measure(run: Run, candles: Candles, fee: float, bootstrap: Bootstrap | None = None) -> Report:
    """Return every figure of a run.

    Parameters
    ----------
    run : Run
    candles : Candles
        Those that were run over.
    fee : float
        Taker fee of the holding line, as a fraction.
    bootstrap : Bootstrap or None
        Draws the intervals of Sharpe ratio and mean return; None leaves them out.

    Returns
    -------
    Report

    Raises
    ------
    Invalid
        If the candles are not those of the run.
    """
    if not np.array_equal(run.open_time_ms, candles.open_time_ms):
        raise Invalid("These candles are not those that the backtest ran over.", field="candles")
    initial = float(run.start)
    holding = (
        holding_line(float(candles.open[0]), candles.close, initial, fee)
        if run.n_bars
        else (np.empty(0))
    )
    return _figures(run, holding, bootstrap)


def measure_together(
    run: Together, every: Sequence[Candles], fee: float, bootstrap: Bootstrap | None = None
) -> Report:
    """Return every figure of a run of several instruments.

    Parameters
    ----------
    run : Together
    every : sequence of Candles
        Of each of its instruments, in their order.
    fee : float
        Taker fee of the holding line, as a fraction.
    bootstrap : Bootstrap or None

    Returns
    -------
    Report
        Holding means an equal part of the money in each, bought at its first open.
    """
    part = float(run.start) / len(every)
    holding = np.zeros(run.n_bars)
    for candles in every:
        line = holding_line(float(candles.open[0]), candles.close, part, fee)
        place = np.searchsorted(candles.open_time_ms, run.open_time_ms, "right") - 1
        holding += np.where(place < 0, part, line[np.maximum(place, 0)])
    return _figures(run, holding, bootstrap)


def _figures(
    run: Run | Together, holding: NDArray[np.float64], bootstrap: Bootstrap | None
) -> Report:
    closes_ms = run.open_time_ms + run.timeframe_ms
    equity, initial = settled_equity(run), float(run.start)
    daily = daily_equity(closes_ms, equity, initial)
    fell = drawdown(closes_ms, equity, initial)
    return Report(
        growth=growth(daily, fell.fraction, bootstrap),
        drawdown=fell,
        trading=trading(run.trades, run.currency.decimals),
        parts=breakdown(run.trades, run.currency.decimals),
        activity=_activity(run, equity),
        against_holding=against_holding(daily, daily_equity(closes_ms, holding, initial)),
        equity=equity,
        holding=holding,
        daily=daily,
        exit_time_ms=run.trades.exit_time_ms,
    )


def _traded(run: Run | Together) -> float:
    """Return the value of all fills, in the account's currency."""
    if isinstance(run, Run):
        worth = np.array([float(run.instrument.tick) * float(run.instrument.step)])
        which = np.zeros(len(run.fills), np.int64)
    else:
        worth = np.array([float(one.tick) * float(one.step) for one in run.instruments])
        which = run.fill_instrument
    return float(
        np.sum(run.fills.ticks * run.fills.quantity_steps.astype(np.float64) * worth[which])
    )


def _activity(run: Run | Together, equity: NDArray[np.float64]) -> Activity:
    traded = _traded(run)
    held = run.position_steps if isinstance(run, Run) else run.open_positions
    in_market = Figure(float(np.mean(held != 0))) if run.n_bars else missing("no bars")
    span_ms = (
        float(run.open_time_ms[-1] + run.timeframe_ms - run.open_time_ms[0]) if run.n_bars else 0.0
    )
    return Activity(
        exposure=in_market,
        turnover=ratio(traded, float(equity.mean()) if run.n_bars else 0.0, "no equity"),
        trades_per_day=ratio(float(len(run.trades)), span_ms / DAY_MS, "no bars"),
        rejected=run.orders.rejected,
        expired=run.orders.expired,
        ambiguous_bars=run.ambiguous_bars,
        closed_at_end=run.closed_at_end,
    )
