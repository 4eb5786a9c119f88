"""Run a strategy's decisions over several instruments that share one account."""

from collections.abc import Sequence
from dataclasses import fields

import numpy as np

from sonde.markets.core.backtesting.conducting import Driven, conduct
from sonde.markets.core.backtesting.lanes import Lane, extremes_of
from sonde.markets.core.backtesting.results import Together, Trades
from sonde.markets.core.backtesting.settings import BacktestSettings
from sonde.markets.core.backtesting.trips import fills_of, trades_of
from sonde.markets.core.engine.layout import E_INSTRUMENT, E_KIND, EV_FILL, FIRST_INSTRUMENT


def run_together(lanes: Sequence[Lane], settings: BacktestSettings) -> Together:
    """Run the decisions of several instruments through one account.

    Inside a bar instruments are walked one after the other in the order given; at its close they
    decide in that order, and an entry spends only what those before it left.

    Parameters
    ----------
    lanes : sequence of Lane
        Of one timeframe and one quote currency.
    settings : BacktestSettings

    Returns
    -------
    Together

    Raises
    ------
    Invalid
        If the lanes do not fit together or an instrument does not allow the leverage.
    AmountTooLarge
        If an amount does not fit into int64.
    """
    done = conduct(lanes, settings)
    is_fill = done.rows[:, E_KIND] == EV_FILL
    return Together(
        instruments=tuple(lane.candles.instrument for lane in lanes),
        currency=done.currency,
        timeframe_ms=lanes[0].candles.timeframe.ms,
        start_units=done.start_units,
        open_time_ms=done.opens,
        equity_units=done.marks[0],
        cash_units=done.marks[1],
        position_steps=done.marks[2:],
        fills=fills_of(done.rows),
        fill_instrument=done.rows[is_fill, E_INSTRUMENT] - FIRST_INSTRUMENT,
        trades=_trades(lanes, done),
        totals=done.totals,
        orders=done.orders,
        ambiguous_bars=done.ambiguous_bars,
        closed_at_end=done.closed_at_end,
        held_back=done.held_back,
    )


def _trades(lanes: Sequence[Lane], done: Driven) -> Trades:
    """Return the trades of all instruments in the order of their exits."""
    parts = []
    for number, lane in enumerate(lanes):
        rows = done.rows[done.rows[:, E_INSTRUMENT] == FIRST_INSTRUMENT + number]
        one = lane.candles.instrument
        extremes = extremes_of(lane, done.opens)
        parts.append(trades_of(rows, float(one.tick), one.symbol, extremes))
    joined = {
        each.name: np.concatenate([getattr(part, each.name) for part in parts])
        for each in fields(Trades)
    }
    order = np.argsort(joined["exit_time_ms"], kind="stable")
    return Trades(**{name: column[order] for name, column in joined.items()})
