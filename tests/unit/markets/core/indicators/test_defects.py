"""Faults that the original's indicators had; each is a promise not to repeat it."""

import numpy as np
import pytest
import talib

from sonde.markets.core.indicators.awesome import awesome
from sonde.markets.core.indicators.cmf import cmf
from sonde.markets.core.indicators.features import feature_columns
from tests.unit.markets.core.candle_making import random_walk, real_candles

WALK = random_walk(400, seed=16)
FEATURES = feature_columns(WALK)


@pytest.mark.parametrize("name", list(FEATURES))
def test_defect_16_no_feature_is_a_constant(name):
    values = FEATURES[name][~np.isnan(FEATURES[name])]
    assert len(np.unique(values)) > 100


def test_defect_16_the_band_is_no_share_of_the_close():
    ratio = FEATURES["bb_high"][19:] / WALK.close[19:]
    assert ratio.std() > 1e-3


def test_defect_16_williams_r_stays_in_its_bounds():
    values = FEATURES["williams_r"][13:]
    assert values.min() >= -100
    assert values.max() <= 0
    assert values.min() < -90
    assert values.max() > -10


def test_defect_16_money_flow_is_not_the_accumulation_line():
    found = cmf(WALK.high, WALK.low, WALK.close, WALK.volume, 20)
    line = talib.AD(WALK.high, WALK.low, WALK.close, WALK.volume)
    assert np.nanmax(np.abs(found)) <= 1
    # a window of the line's growth over the window's volume is what Chaikin divides
    growth = (line[20:] - line[:-20]) / np.convolve(WALK.volume, np.ones(20), "valid")[1:]
    np.testing.assert_allclose(found[20:], growth, rtol=1e-9, atol=1e-9)


def test_defect_16_awesome_oscillator_is_no_macd():
    found = awesome(WALK.high, WALK.low)
    middles = (WALK.high + WALK.low) / 2
    expected = talib.SMA(middles, 5) - talib.SMA(middles, 34)
    np.testing.assert_allclose(found, expected, rtol=1e-9, atol=1e-9)
    assert np.nanmax(np.abs(found - talib.MACD(WALK.close, 5, 34, 5)[0])) > 0.1


def test_defect_16_the_missing_start_is_missing():
    """Nothing is filled backwards: the first rows of what needs a past hold no number."""
    undefined = {
        "rsi": 14,
        "stoch_k": 13,
        "stoch_d": 15,
        "williams_r": 13,
        "roc": 12,
        "ao": 33,
        "macd": 25,
        "macd_signal": 33,
        "macd_diff": 33,
        "adx": 27,
        "cci": 19,
        "sma_20": 19,
        "ema_20": 19,
        "bb_high": 19,
        "bb_low": 19,
        "atr": 14,
        "cmf": 19,
    }
    for name, column in FEATURES.items():
        rows = undefined.get(name, 0)
        assert np.isnan(column[:rows]).all(), name
        assert not np.isnan(column[rows:]).any(), name


@pytest.mark.real_data
def test_defect_16_on_recorded_hours(real_data):
    columns = feature_columns(real_candles(real_data, 5000))
    for name, column in columns.items():
        assert len(np.unique(column[~np.isnan(column)])) > 1000, name
    assert np.nanmin(columns["williams_r"]) >= -100
    assert np.nanmax(columns["williams_r"]) <= 0
