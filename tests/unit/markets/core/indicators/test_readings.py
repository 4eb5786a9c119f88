"""What the newest bar's features say where there is no number."""

import json

import numpy as np

from sonde.markets.core.indicators.catalogue import FEATURES
from sonde.markets.core.indicators.features import feature_columns
from sonde.markets.core.indicators.readings import bars_needed, latest_readings
from tests.unit.markets.core.candle_making import candles_of, closing_at, random_walk


def by_name(candles):
    return {each.name: each for each in latest_readings(candles)}


def test_numbers_where_there_are_some():
    candles = random_walk(80, seed=2)
    found, columns = by_name(candles), feature_columns(candles)
    assert list(found) == list(FEATURES)
    assert all(found[name].value == column[-1] for name, column in columns.items())
    assert all(each.reason == "" for each in found.values())


def test_as_many_bars_are_needed_as_it_says():
    candles = random_walk(60, seed=4)
    for name, needed in bars_needed().items():
        assert by_name(candles.until(needed))[name].value is not None, name
        if needed > 1:
            before = by_name(candles.until(needed - 1))[name]
            assert before.value is None, name
            assert before.reason == f"needs {needed} bars, there are {needed - 1}"


def test_nothing_is_made_up_for_a_market_that_stands_still():
    found = by_name(closing_at(np.full(60, 3.0)))
    assert found["rsi"].value is None
    assert found["rsi"].reason == "not defined: prices did not move in the bars that it looks at"
    assert found["sma_20"].value == 3.0
    price = random_walk(60, seed=1)
    still = candles_of(price.open, price.high, price.low, price.close, np.zeros(60))
    assert by_name(still)["cmf"].reason.startswith("not defined: nothing was traded")


def test_no_candles_give_no_numbers_and_json_takes_the_answer():
    found = latest_readings(random_walk(0))
    assert {each.value for each in found} == {None}
    json.dumps([vars(each) for each in found], allow_nan=False)
