"""Values that others have published, that TA-Lib gives, or that a few lines of Python give."""

import numpy as np
import pytest
import talib

from sonde.markets.core.indicators.adx import adx
from sonde.markets.core.indicators.atr import atr
from sonde.markets.core.indicators.awesome import awesome
from sonde.markets.core.indicators.bollinger import bollinger
from sonde.markets.core.indicators.cci import cci
from sonde.markets.core.indicators.cmf import cmf
from sonde.markets.core.indicators.donchian import donchian
from sonde.markets.core.indicators.ema import ema
from sonde.markets.core.indicators.keltner import keltner
from sonde.markets.core.indicators.macd import macd
from sonde.markets.core.indicators.obv import obv
from sonde.markets.core.indicators.roc import roc
from sonde.markets.core.indicators.rsi import rsi
from sonde.markets.core.indicators.sma import sma
from sonde.markets.core.indicators.stochastic import stochastic
from sonde.markets.core.indicators.supertrend import supertrend
from sonde.markets.core.indicators.vwap import vwap
from sonde.markets.core.indicators.williams_r import williams_r
from sonde.markets.core.indicators.windows import rolling_deviation
from tests.unit.markets.core.candle_making import random_walk

WALK = random_walk(700, seed=21)
HLC = (WALK.high, WALK.low, WALK.close)

# StockCharts ChartSchool, "Relative Strength Index (RSI)", its worked example.
RSI_CLOSES = (
    *(44.3389, 44.0902, 44.1497, 43.6124, 44.3278, 44.8264, 45.0955, 45.4245, 45.8433, 46.0826),
    *(45.8931, 46.0328, 45.6140, 46.2820, 46.2820, 46.0028, 46.0328, 46.4116, 46.2222, 45.6439),
    *(46.2122, 46.2521, 45.7137, 46.4515, 45.7835, 45.3548, 44.0288, 44.1783, 44.2181, 44.5672),
    *(43.4205, 42.6628, 43.1314),
)
RSI_VALUES = (
    *(70.53, 66.32, 66.55, 69.41, 66.36, 57.97, 62.93, 63.26, 56.06, 62.38, 54.71, 50.42),
    *(39.99, 41.46, 41.87, 45.46, 37.30, 33.08, 37.77),
)
# StockCharts ChartSchool, "Moving Averages - Simple and Exponential", its worked example.
EMA_CLOSES = (
    *(22.27, 22.19, 22.08, 22.17, 22.18, 22.13, 22.23, 22.43, 22.24, 22.29, 22.15, 22.39, 22.38),
    *(22.61, 23.36, 24.05, 23.75, 23.83, 23.95, 23.63, 23.82, 23.87, 23.65, 23.19, 23.10, 23.33),
    *(22.68, 23.10, 22.40, 22.17),
)
EMA_VALUES = (
    *(22.22, 22.21, 22.24, 22.27, 22.33, 22.52, 22.80, 22.97, 23.13, 23.28, 23.34, 23.43),
    *(23.51, 23.53, 23.47, 23.40, 23.39, 23.26, 23.23, 23.08, 22.92),
)
SMA_VALUES = (22.22, 22.21, 22.23, 22.26, 22.31, 22.42, 22.61, 22.77, 22.91, 23.08, 23.21)


def test_rsi_as_published():
    np.testing.assert_allclose(rsi(RSI_CLOSES)[14:], RSI_VALUES, atol=0.0051)


def test_means_as_published():
    np.testing.assert_allclose(ema(EMA_CLOSES, 10)[9:], EMA_VALUES, atol=0.0051)
    # the table's means were made from prices of four decimals
    np.testing.assert_allclose(sma(EMA_CLOSES, 10)[9:20], SMA_VALUES, atol=0.0075)


@pytest.mark.parametrize(
    ("ours", "theirs"),
    [
        (lambda: rsi(WALK.close), lambda: talib.RSI(WALK.close, 14)),
        (lambda: williams_r(*HLC), lambda: talib.WILLR(*HLC, 14)),
        (lambda: roc(WALK.close), lambda: talib.ROC(WALK.close, 12)),
        (lambda: awesome(*HLC[:2]), lambda: talib.AO(*HLC[:2])),
        (lambda: cci(*HLC), lambda: talib.CCI(*HLC, 20)),
        (lambda: sma(WALK.close), lambda: talib.SMA(WALK.close, 20)),
        (lambda: ema(WALK.close), lambda: talib.EMA(WALK.close, 20)),
        (lambda: bollinger(WALK.close)[0], lambda: talib.BBANDS(WALK.close, 20)[0]),
        (lambda: bollinger(WALK.close)[1], lambda: talib.BBANDS(WALK.close, 20)[2]),
        (lambda: atr(*HLC), lambda: talib.ATR(*HLC, 14)),
        (lambda: obv(WALK.close, WALK.volume), lambda: talib.OBV(WALK.close, WALK.volume)),
        (lambda: cmf(*HLC, WALK.volume), lambda: talib.CMF(*HLC, WALK.volume, 20)),
        (lambda: donchian(*HLC[:2])[0], lambda: talib.DONCHIAN(*HLC[:2])[0]),
    ],
)
def test_as_talib_from_the_first_value_on(ours, theirs):
    np.testing.assert_allclose(ours(), theirs(), rtol=1e-7, atol=1e-7)


@pytest.mark.parametrize(
    ("ours", "theirs"),
    [
        (lambda: stochastic(*HLC)[0], lambda: talib.STOCHF(*HLC, 14, 3)[0]),
        (lambda: stochastic(*HLC)[1], lambda: talib.STOCHF(*HLC, 14, 3)[1]),
        (lambda: macd(WALK.close)[0], lambda: talib.MACD(WALK.close)[0]),
        (lambda: macd(WALK.close)[1], lambda: talib.MACD(WALK.close)[1]),
        (lambda: macd(WALK.close)[2], lambda: talib.MACD(WALK.close)[2]),
        (lambda: adx(*HLC)[0], lambda: talib.ADX(*HLC, 14)),
        (lambda: adx(*HLC)[1], lambda: talib.PLUS_DI(*HLC, 14)),
        (lambda: adx(*HLC)[2], lambda: talib.MINUS_DI(*HLC, 14)),
        (lambda: keltner(*HLC)[0] - keltner(*HLC)[2], lambda: 2 * talib.ATR(*HLC, 10)),
        (lambda: keltner(*HLC)[2], lambda: talib.EMA(WALK.close, 20)),
        (lambda: supertrend(*HLC)[0], lambda: talib.SUPERTREND(*HLC)[0]),
        (lambda: supertrend(*HLC)[1], lambda: talib.SUPERTREND(*HLC)[1]),
    ],
)
def test_as_talib_once_the_beginning_is_forgotten(ours, theirs):
    np.testing.assert_allclose(ours()[600:], theirs()[600:], rtol=1e-7, atol=1e-7)


def test_macd_line_is_the_difference_of_two_published_means():
    line, signal, rest = macd(EMA_CLOSES, 5, 10, 4)
    np.testing.assert_allclose(line, ema(EMA_CLOSES, 5) - ema(EMA_CLOSES, 10))
    assert signal[12] == pytest.approx(line[9:13].mean())
    assert rest[13] == pytest.approx(line[13] - (signal[12] + 0.4 * (line[13] - signal[12])))


def test_adx_by_wilders_own_words():
    """Written from the book, bar by bar, with nothing of ours."""
    period, rows = 14, range(1, len(WALK.close))
    moves = []
    for k in rows:
        rise, fall = WALK.high[k] - WALK.high[k - 1], WALK.low[k - 1] - WALK.low[k]
        true_range = max(
            WALK.high[k] - WALK.low[k],
            abs(WALK.high[k] - WALK.close[k - 1]),
            abs(WALK.low[k] - WALK.close[k - 1]),
        )
        moves.append(
            (
                rise if rise > max(fall, 0) else 0.0,
                fall if fall > max(rise, 0) else 0.0,
                true_range,
            )
        )
    sums = [sum(each[i] for each in moves[:period]) for i in range(3)]
    indices = []
    for k in range(period, len(moves) + 1):
        plus, minus = 100 * sums[0] / sums[2], 100 * sums[1] / sums[2]
        indices.append(100 * abs(plus - minus) / (plus + minus))
        if k < len(moves):
            sums = [sums[i] - sums[i] / period + moves[k][i] for i in range(3)]
    mean = sum(indices[:period]) / period
    expected = [mean]
    for index in indices[period:]:
        mean = (mean * (period - 1) + index) / period
        expected.append(mean)
    np.testing.assert_allclose(adx(*HLC)[0][2 * period - 1 :], expected)


def test_chaikins_money_flow_by_hand():
    high, low, close, volume = [4.0, 6.0, 5.0], [2.0, 2.0, 5.0], [3.5, 2.0, 5.0], [10.0, 30.0, 7.0]
    # places: +0.5, -1, and 0 for the bar without range
    np.testing.assert_allclose(
        cmf(high, low, close, volume, 3), [np.nan, np.nan, (5 - 30 + 0) / 47]
    )


def test_awesome_oscillator_by_hand():
    high, low = [2.0, 4.0, 8.0, 6.0], [0.0, 2.0, 4.0, 6.0]
    np.testing.assert_allclose(  # middles 1, 3, 6, 6
        awesome(high, low, 2, 3), [np.nan, np.nan, 4.5 - 10 / 3, 6.0 - 5.0]
    )


def test_stochastic_by_hand():
    k, d = stochastic([5.0, 6.0, 7.0], [1.0, 2.0, 3.0], [3.0, 6.0, 4.0], 2, 1, 2)
    np.testing.assert_allclose(k, [np.nan, 100.0, 40.0])
    np.testing.assert_allclose(d, [np.nan, np.nan, 70.0])


def test_vwap_begins_anew_at_midnight():
    hours = np.array([22, 23, 24, 25]) * 3_600_000
    price = [10.0, 13.0, 50.0, 60.0]
    found = vwap(hours, price, price, price, [2.0, 1.0, 0.0, 3.0])
    np.testing.assert_allclose(found, [10.0, 11.0, np.nan, 60.0])


def test_a_small_deviation_of_large_prices_keeps_its_digits():
    prices = 1e9 + np.tile([0.25, 0.75], 30)
    np.testing.assert_allclose(rolling_deviation(prices, 20)[19:], 0.25, rtol=1e-12)
