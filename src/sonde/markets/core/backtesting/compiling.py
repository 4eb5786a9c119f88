"""Compile the engine once, so that the first backtest of a new process does not wait for it."""

from decimal import Decimal

import numpy as np

from sonde.markets.core.backtesting.running import BacktestSettings, run
from sonde.markets.core.candles import Candles, Provenance
from sonde.markets.core.engine.engine import Engine
from sonde.markets.core.engine.layout import Bar
from sonde.markets.core.engine.listings import EngineSettings, Listing
from sonde.markets.core.engine.orders import OrderRequest
from sonde.markets.core.instruments import FEE_PRESETS, Instrument, account_currency
from sonde.markets.core.strategies.decisions import Decisions
from sonde.markets.core.timeframes import Timeframe


def fill_cache() -> int:
    """Run every compiled step once; numba keeps the machine code beside the source.

    Returns
    -------
    int
        How many events and fills that made; the same every time.

    Examples
    --------
    >>> fill_cache()
    11
    """
    some = Instrument(
        "file",
        "XUSDT",
        "X",
        "USDT",
        Decimal("0.01"),
        Decimal("0.001"),
        Decimal(0),
        FEE_PRESETS["file"],
    )
    engine = Engine(EngineSettings(account_currency(some), (Listing(some),)))
    engine.transfer(10**12)
    number = engine.submit(OrderRequest(some.key, "limit", 1, 1_000, limit=90))
    engine.modify(number, limit=95)
    waiting = engine.submit(OrderRequest(some.key, "market", 1, 1_000), is_pending=True)
    engine.activate(waiting)
    engine.on_bar(some.key, Bar(0, 100, 110, 99, 105, 0), 60_000)
    engine.on_quote(some.key, 60_000, (104, 106, 105))
    engine.cancel(number)
    engine.close_all(some.key)
    prices = np.array([100.0, 101.0, 102.0])
    source = Provenance("file", "file", "made", "", 0)
    candles = Candles(
        some, Timeframe("1m"), np.arange(3) * 60_000, *(prices,) * 4, np.ones(3), source
    )
    done = run(candles, Decisions.of(3, enter_long=prices < 101), BacktestSettings())
    return sum(entry.kind == "event" for entry in engine.journal) + len(done.fills)
