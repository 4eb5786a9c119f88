"""Stored prices for tests of the desk: they move by 0.2 % only, so that no stop is hit."""

import dataclasses
from decimal import Decimal

import numpy as np

from sonde.markets.core.candles import Provenance
from sonde.markets.core.instruments import inferred_instrument
from sonde.markets.core.timeframes import Timeframe
from sonde.markets.services import price_store
from tests.unit.markets.core.prices.samples import BEGIN, HOUR, columns

BTC, ETH = "binance:BTCUSDT", "binance:ETHUSDT"


def stored(actor, symbol, price):
    """Store 3,000 hours of a symbol around a price; return their series."""
    close = np.round(price * (1 + 0.002 * np.sin(np.arange(3_000) / 9)), 2)
    bars = columns(BEGIN + HOUR * np.arange(3_000), close)
    source = Provenance("binance", "file", f"{symbol}.csv", "ab" * 32, 0)
    inferred = inferred_instrument(symbol, bars, venue="binance")
    instrument = dataclasses.replace(inferred, step=Decimal("0.00001"))
    return price_store.append_candles(
        actor, bars.candles(instrument, Timeframe("1h"), source)
    ).series
