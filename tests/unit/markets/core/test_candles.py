"""Candles: what is accepted, parts of them, exact ticks."""

from decimal import Decimal

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sonde.markets.core.candles import Candles, Provenance
from sonde.markets.core.instruments import FEE_PRESETS, Instrument
from sonde.markets.core.timeframes import Timeframe
from sonde.platform.core.errors import Invalid

HOUR = 3_600_000
BTC = Instrument(
    "binance",
    "BTCUSDT",
    "BTC",
    "USDT",
    Decimal("0.01"),
    Decimal("0.00001"),
    Decimal(5),
    FEE_PRESETS["binance"],
)
SOURCE = Provenance("binance", "file", "btc.csv", "ab", 5)


def candles(**changed):
    columns = {
        "open_time_ms": np.array([0, 1, 2, 5]) * HOUR,
        "open": np.array([10.0, 11.0, 12.0, 11.5]),
        "high": np.array([11.5, 12.0, 12.25, 11.5]),
        "low": np.array([9.0, 10.5, 11.0, 11.0]),
        "close": np.array([11.0, 12.0, 11.5, 11.01]),
        "volume": np.array([1.5, 0.0, 2.25, 0.00001]),
        **changed,
    }
    return Candles(BTC, Timeframe("1h"), source=SOURCE, **columns)


def test_arrays_are_read_only_and_nobody_elses():
    mine = np.array([10.0, 11.0, 12.0, 11.5])
    bars = candles(open=mine)
    mine[0] = 99.0
    assert bars.open[0] == 10.0
    with pytest.raises(ValueError, match="read-only"):
        bars.close[0] = 1.0


def test_parts_are_views_named_by_open_time():
    bars = candles()
    assert bars.n == 4
    first = bars.until(2)
    assert first.n == 2
    assert np.shares_memory(first.close, bars.close)
    middle = bars.between(HOUR, 5 * HOUR)
    assert middle.open_time_ms.tolist() == [HOUR, 2 * HOUR]
    assert middle.close_time_ms.tolist() == [2 * HOUR, 3 * HOUR]
    assert bars.between(9 * HOUR, HOUR).n == 0
    with pytest.raises(Invalid, match="There are 4 bars"):
        bars.until(5)


@pytest.mark.parametrize(
    ("column", "values", "words"),
    [
        ("open_time_ms", [0, HOUR, HOUR, 5 * HOUR], "Row 2, column open_time_ms: not after"),
        ("open_time_ms", [0, HOUR, 2 * HOUR, 5 * HOUR + 1], "no bar of 1h opens then"),
        ("open_time_ms", [0.0, 1.0, 2.0, 3.0], "whole milliseconds"),
        ("open", [10.0, np.nan, 12.0, 11.5], "Row 1, column open: not a price"),
        ("low", [9.0, 0.0, 11.0, 11.0], "Row 1, column low: not a price above 0"),
        ("volume", [1.0, 1.0, -1.0, 1.0], "Row 2, column volume: not a volume"),
        ("high", [11.5, 12.0, 11.75, 11.5], "Row 2, column high: below open or close"),
        ("low", [9.0, 10.5, 11.0, 11.2], "Row 3, column low: above open or close"),
        ("close", [11.0, 12.0], "Column close has not one value for every bar"),
    ],
)
def test_what_is_no_candle_is_refused_by_row_and_column(column, values, words):
    with pytest.raises(Invalid, match=words):
        candles(**{column: np.array(values)})


def test_ticks_are_exact():
    whole = candles().ticks()
    assert whole.close.tolist() == [1100, 1200, 1150, 1101]
    assert whole.volume.tolist() == [150_000, 0, 225_000, 1]
    assert whole.n == 4


@given(st.integers(1, 2**53 - 1), st.sampled_from(["0.01", "0.05", "0.00000001", "0.5", "25"]))
def test_every_price_on_the_grid_comes_back_as_its_count(count, tick):
    price = float(count * Decimal(tick))
    coarse = Instrument("file", "X", "X", "USD", Decimal(tick), Decimal(1), Decimal(0), BTC.fees)
    flat = np.array([price])
    bars = Candles(
        coarse, Timeframe("1h"), np.array([0]), flat, flat, flat, flat, np.array([1.0]), SOURCE
    )
    p, _ = Decimal(tick).as_integer_ratio()
    if count * p >= 2**50:
        with pytest.raises(Invalid, match="too large to be exact"):
            bars.ticks()
    else:
        assert bars.ticks().close.tolist() == [count]


@pytest.mark.parametrize(
    ("column", "value", "words"),
    [
        ("close", 11.001, "Row 0, column close: 11.001 is not on the tick grid of 0.01"),
        ("volume", 1.000001, "Row 0, column volume: .* not on the step grid of 0.00001"),
    ],
)
def test_what_is_off_the_grid_is_refused(column, value, words):
    bars = candles()
    changed = getattr(bars, column).copy()
    changed[0] = value
    with pytest.raises(Invalid, match=words):
        candles(**{column: changed}).ticks()
