"""The bar that is not over: from finer bars, and from prices as they come."""

from decimal import Decimal

import numpy as np

from sonde.markets.core.candles import Candles, Provenance
from sonde.markets.core.growing import GrowingBar, grown, open_time_of
from sonde.markets.core.instruments import FEE_PRESETS, Instrument
from sonde.markets.core.timeframes import Timeframe

MINUTE, HOUR = Timeframe("1m"), Timeframe("1h")
BTC = Instrument(
    "x",
    "BTCUSDT",
    "BTC",
    "USDT",
    Decimal("0.01"),
    Decimal("0.001"),
    Decimal(5),
    FEE_PRESETS["replay"],
)


def minutes(n, first=0):
    times = (first + np.arange(n, dtype=np.int64)) * MINUTE.ms
    close = 100.0 + np.arange(n)
    source = Provenance("x", "file", "minutes.csv", "", 0)
    values = (close - 0.5, close + 1, close - 1, close, np.full(n, 2.0))
    return Candles(BTC, MINUTE, times, *values, source)


def test_a_bar_holds_the_finer_bars_of_its_own_time_and_the_newest_price():
    bars = minutes(90)
    found = grown(bars, HOUR.ms, 300.0)
    inside = bars.between(HOUR.ms, 2 * HOUR.ms)
    assert (found.open, found.low) == (inside.open[0], inside.low.min())
    assert (found.high, found.close, found.volume) == (300.0, 300.0, 60.0)


def test_without_finer_bars_it_is_the_price_alone():
    alone = GrowingBar(HOUR.ms, 7.0, 7.0, 7.0, 7.0)
    assert grown(None, HOUR.ms, 7.0) == alone
    assert grown(minutes(60), HOUR.ms, 7.0) == alone


def test_it_grows_with_every_price():
    bar = grown(None, 0, 10.0)
    for price in (12.0, 9.0, 11.0):
        bar = bar.at(price)
    assert (bar.open, bar.high, bar.low, bar.close) == (10.0, 12.0, 9.0, 11.0)


def test_a_close_belongs_to_the_bar_that_it_ends_and_a_trade_to_the_one_that_begins():
    assert open_time_of(HOUR, 2 * HOUR.ms, is_close=True) == HOUR.ms
    assert open_time_of(HOUR, 2 * HOUR.ms, is_close=False) == 2 * HOUR.ms
    week = Timeframe("1w")
    assert open_time_of(week, week.anchor_ms + 5, is_close=True) == week.anchor_ms
