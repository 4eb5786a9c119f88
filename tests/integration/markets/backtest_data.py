"""Stored prices that go up and down, and how a backtest is asked for and run."""

from dataclasses import replace
from decimal import Decimal

import numpy as np

from sonde.markets.core.candles import Provenance
from sonde.markets.core.instruments import inferred_instrument
from sonde.markets.core.prices.columns import PriceColumns
from sonde.markets.core.timeframes import Timeframe
from sonde.markets.services import price_store
from sonde.markets.services.backtests import asking, results
from sonde.markets.services.backtests.asking import Wish
from sonde.platform.services.work import unit_of_work
from sonde.platform.tasks.running import run_job

BEGIN_MS = 1_704_067_200_000
HOUR_MS = 3_600_000


def wavy(n, hours=1, seed=0):
    """Return candles of a wave with a drift, on a grid of cents; a seed makes it a rough one."""
    time = np.arange(n)
    middle = 100.0 + 0.01 * time + 8.0 * np.sin(time / 9.0)
    if seed:
        steps = np.random.default_rng(seed).normal(0.0, 0.8, n)
        middle = 100.0 + np.abs(np.cumsum(steps))
    middle = np.round(middle, 2)
    opening = np.concatenate((middle[:1], middle[:-1]))
    high, low = np.maximum(opening, middle), np.minimum(opening, middle)
    times = BEGIN_MS + hours * HOUR_MS * time.astype(np.int64)
    return PriceColumns(times, opening, high, low, middle, np.full(n, 10.5))


def store(ports, actor, n=1500, symbol="BTCUSDT", kind="spot", hours=1, seed=0):
    """Store candles for a person and return their series."""
    bars = wavy(n, hours, seed)
    instrument = inferred_instrument(symbol, bars, venue="binance")
    if kind == "perpetual":
        instrument = replace(
            instrument, kind=kind, max_leverage=Decimal(20), funding_interval_ms=8 * HOUR_MS
        )
    source = Provenance("binance", "file", "wave.csv", "ab" * 32, 0)
    with unit_of_work(ports):
        candles = bars.candles(instrument, Timeframe(f"{hours}h"), source)
        return price_store.append_candles(actor, candles, is_inferred=True).series


def answered(ports, actor, kind="backtest", **wish):
    """Ask, run the job as a worker does, and return what came."""
    given = {"symbol": "BTCUSDT", "strategy": "sma-cross", "settings": {"fast": 5, "slow": 20}}
    with unit_of_work(ports):
        asked = asking.ask(actor, kind, Wish(**{**given, **wish}))
    assert asked.state == "queued"
    assert run_job(ports, asked.job_id, "test worker") == "succeeded"
    with unit_of_work(ports):
        return results.get(actor, asked.backtest_id)
