"""Prices for benchmarks of the served desk."""

import time
from decimal import Decimal

import numpy as np

from benchmarks.served import Served
from sonde.markets.core.candles import Candles, Provenance
from sonde.markets.core.instruments import FEE_PRESETS, Instrument
from sonde.markets.core.timeframes import Timeframe
from sonde.markets.services import accounts, price_store
from sonde.platform.services.work import unit_of_work

HOUR_MS = 3_600_000
BITCOIN = Instrument(
    *("binance", "BTCUSDT", "BTC", "USDT", Decimal("0.01"), Decimal("0.00001"), Decimal(5)),
    FEE_PRESETS["binance"],
)


def store_hours(product: Served, hours: int = 500) -> None:
    """Store the last hours of BTCUSDT, from 100 to 149, and open the first account."""
    ended_ms = time.time_ns() // 1_000_000 // HOUR_MS * HOUR_MS
    times = ended_ms - HOUR_MS * np.arange(hours, 0, -1)
    prices = np.round(np.linspace(100, 149, hours), 2)
    source = Provenance("binance", "file", "made.csv", "", 0)
    known = Candles(BITCOIN, Timeframe("1h"), times, *(prices,) * 4, np.ones(hours), source)
    with unit_of_work(product.ports):
        price_store.append_candles(product.actor, known)
        accounts.first(product.actor)
