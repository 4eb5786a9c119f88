"""Run a strategy's decisions over candles through the engine."""

from dataclasses import replace

from sonde.markets.core.backtesting.conducting import Driven, conduct
from sonde.markets.core.backtesting.lanes import Course, Lane
from sonde.markets.core.backtesting.results import (
    EXIT_REASONS,
    Fills,
    OrderCounts,
    Run,
    Totals,
    Trades,
)
from sonde.markets.core.backtesting.settings import BacktestSettings, Funding, Sizing
from sonde.markets.core.backtesting.trips import fills_of, trades_of
from sonde.markets.core.candles import Candles
from sonde.markets.core.engine.listings import Costs
from sonde.markets.core.strategies.decisions import Decisions

__all__ = [
    "EXIT_REASONS",
    "BacktestSettings",
    "Costs",
    "Fills",
    "Funding",
    "OrderCounts",
    "Run",
    "Sizing",
    "Totals",
    "Trades",
    "run",
]


def run(
    candles: Candles,
    decisions: Decisions,
    settings: BacktestSettings,
    detail: Candles | None = None,
    course: Course | None = None,
) -> Run:
    """Run decisions over candles, by the rules of ``docs/guide/markets-fills.md``.

    Parameters
    ----------
    candles : Candles
        At least one bar.
    decisions : Decisions
        One row per bar; row k is acted on at the open of bar k + 1 at the earliest.
    settings : BacktestSettings
    detail : Candles, optional
        Finer bars of the same instrument; where they are there, they stand in for a bar.
    course : Course, optional
        These candles and this detail, if they have been laid out already.

    Returns
    -------
    Run

    Raises
    ------
    Invalid
        If candles, decisions and detail do not belong together or the leverage is not allowed.
    AmountTooLarge
        If an amount does not fit into int64.

    Examples
    --------
    >>> from decimal import Decimal
    >>> import numpy as np
    >>> from sonde.markets.core.candles import Provenance
    >>> from sonde.markets.core.instruments import FEE_PRESETS, FeeSchedule, Instrument
    >>> from sonde.markets.core.timeframes import Timeframe
    >>> btc = Instrument("x", "BTCUSDT", "BTC", "USDT", Decimal("0.01"), Decimal("0.001"),
    ...                  Decimal(0), FeeSchedule(Decimal(0), Decimal("0.001")))
    >>> prices = np.array([100.0, 100.0, 110.0, 120.0])
    >>> candles = Candles(btc, Timeframe("1m"), np.arange(4) * 60_000, prices, prices, prices,
    ...                   prices, np.ones(4), Provenance("x", "file", "x.csv", "", 0))
    >>> wishes = Decisions.of(4, enter_long=np.array([True, False, False, False]),
    ...                       exit_long=np.array([False, False, True, False]))
    >>> done = run(candles, wishes, BacktestSettings(start=Decimal(1000)))
    >>> len(done.trades), done.fees, done.net_profit
    (1, Decimal('2.19780000'), Decimal('197.60220000'))
    """
    lane = Lane(candles, decisions, detail, settings.funding)
    return _run_of(candles, conduct((lane,), replace(settings, funding=None), course))


def _run_of(candles: Candles, done: Driven) -> Run:
    """Return what the driver left behind of one instrument."""
    one, extremes = candles.instrument, (candles.high, candles.low)
    return Run(
        instrument=one,
        currency=done.currency,
        timeframe_ms=candles.timeframe.ms,
        start_units=done.start_units,
        open_time_ms=candles.open_time_ms,
        equity_units=done.marks[0],
        position_steps=done.marks[2],
        cash_units=done.marks[1],
        fills=fills_of(done.rows),
        trades=trades_of(done.rows, float(one.tick), one.symbol, extremes),
        totals=done.totals,
        orders=done.orders,
        ambiguous_bars=done.ambiguous_bars,
        closed_at_end=done.closed_at_end,
        held_back=done.held_back,
    )
