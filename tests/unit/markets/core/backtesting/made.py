"""Runs and trades made by hand."""

import numpy as np

from sonde.markets.core.backtesting.results import Fills, OrderCounts, Run, Totals, Trades
from sonde.markets.core.candles import Candles
from sonde.markets.core.money import Currency

UNIT = 10**8
HOUR_MS = 3_600_000


def trades_of(results, **columns) -> Trades:
    """Return trades with these results; every other column has a plain default."""
    n = len(results)
    entry = np.arange(n, dtype=np.int64) * 10 * HOUR_MS
    net = np.round(np.array(results, dtype=float) * UNIT).astype(np.int64)
    given = {
        "entry_time_ms": entry,
        "exit_time_ms": entry + 4 * HOUR_MS,
        "side": np.ones(n, np.int8),
        "quantity_steps": np.full(n, 1000),
        "entry_price": np.full(n, 100.0),
        "exit_price": np.full(n, 101.0),
        "gross_units": net + UNIT,
        "fees_units": np.full(n, UNIT),
        "slippage_units": np.zeros(n, np.int64),
        "funding_units": np.zeros(n, np.int64),
        "net_units": net,
        "exit_reason": np.zeros(n, np.int8),
        "bars_held": np.full(n, 4),
        "mae": np.zeros(n),
        "mfe": np.zeros(n),
        "ambiguous": np.zeros(n, bool),
        "symbol": np.full(n, "XUSDT"),
        **{name: np.asarray(values) for name, values in columns.items()},
    }
    return Trades(**given)


def no_fills() -> Fills:
    """Return fills without a row."""
    ints = {name: np.empty(0, np.int64) for name in Fills.__dataclass_fields__}
    ints |= {
        "side": np.empty(0, np.int8),
        "reason": np.empty(0, np.int8),
        "maker": np.empty(0, bool),
    }
    return Fills(**ints)


def run_of(candles: Candles, equity, trades: Trades, start: int = 10_000) -> Run:
    """Return a run with this equity at each close."""
    units = np.round(np.asarray(equity, dtype=float) * UNIT).astype(np.int64)
    return Run(
        instrument=candles.instrument,
        currency=Currency("USDT"),
        timeframe_ms=candles.timeframe.ms,
        start_units=start * UNIT,
        open_time_ms=candles.open_time_ms,
        equity_units=units,
        position_steps=np.where(np.arange(candles.n) % 2 == 0, 0, 5),
        cash_units=units,
        fills=no_fills(),
        trades=trades,
        totals=Totals(0, 0, 0, 0, int(units[-1]) - start * UNIT),
        orders=OrderCounts(2, 1, 1, 0, 0),
        ambiguous_bars=3,
        closed_at_end=1,
    )
