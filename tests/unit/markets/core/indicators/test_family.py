"""What holds for every indicator: one value, however it is computed, and never from the future."""

import json

import numpy as np
import pytest
from hypothesis import given, settings

from sonde.markets.core.indicators.catalogue import FEATURES, INDICATORS, indicator_named
from sonde.markets.core.indicators.features import RunningFeatures, feature_columns
from sonde.markets.core.indicators.indicator import candle_bars
from sonde.platform.core.errors import Invalid, NotFound
from tests.unit.markets.core.candle_making import (
    any_candles,
    closing_at,
    random_walk,
    real_candles,
    scaled,
)

EVERY = pytest.mark.parametrize("name", list(INDICATORS))
SHORT = {
    "macd": {"fast": 3, "slow": 7, "signal": 4},
    "awesome": {"fast": 3, "slow": 8},
    "ichimoku": {"conversion": 3, "base": 5, "span": 9},
    "keltner": {"period": 6, "range_period": 4},
    "stochastic": {"period": 5, "smooth": 3, "signal": 2},
}

# What a change of the unit does to an output; the others do not notice.
OF_PRICE = {
    *("open", "high", "low", "close", "ao", "macd", "macd_signal", "macd_diff", "sma", "ema"),
    *("bb_high", "bb_low", "bb_middle", "atr", "vwap", "supertrend"),
    *("keltner_high", "keltner_low", "keltner_middle"),
    *("donchian_high", "donchian_low", "donchian_middle"),
    *("ichimoku_conversion", "ichimoku_base", "ichimoku_a", "ichimoku_b"),
}
OF_VOLUME = {"volume", "obv"}
BOUNDS = {
    "rsi": (0, 100),
    "stoch_k": (0, 100),
    "stoch_d": (0, 100),
    "williams_r": (-100, 0),
    "roc": (-100, np.inf),
    "adx": (0, 100),
    "plus_di": (0, 100),
    "minus_di": (0, 100),
    "atr": (0, np.inf),
    "cmf": (-1, 1),
    "supertrend_direction": (-1, 1),
}


def chosen(name):
    """Settings short enough for short candles."""
    if name in SHORT:
        return SHORT[name]
    has_period = any(each.name == "period" for each in INDICATORS[name].parameters)
    return {"period": 5} if has_period else {}


def told_in_turn(name, candles):
    running = INDICATORS[name].start(chosen(name))
    rows = [running.update(bar) for bar in candle_bars(candles)]
    outputs = INDICATORS[name].outputs
    return dict(zip(outputs, np.array(rows).reshape(-1, len(outputs)).T, strict=True))


def same(one, other, size):
    np.testing.assert_array_equal(np.isnan(one), np.isnan(other))
    np.testing.assert_allclose(one, other, rtol=1e-9, atol=1e-9 * size)


def size_of(output, candles):
    if output in OF_PRICE:
        return float(candles.close.max(initial=1))
    return float(candles.volume.sum()) if output in OF_VOLUME else 100.0


@EVERY
@settings(max_examples=15)
@given(candles=any_candles())
def test_acceptance_bar_by_bar_equals_all_at_once(name, candles):
    batch, running = INDICATORS[name].batch(candles, chosen(name)), told_in_turn(name, candles)
    for output, column in batch.items():
        assert column.shape == (candles.n,)
        same(column, running[output], size_of(output, candles))


@EVERY
def test_acceptance_no_row_knows_a_later_one(name):
    """The data is cut at every bar; not one bit of what came before may change."""
    candles = random_walk(130, seed=5)
    whole = INDICATORS[name].batch(candles, {})
    for k in range(candles.n + 1):
        for output, column in INDICATORS[name].batch(candles.until(k), {}).items():
            np.testing.assert_array_equal(column, whole[output][:k])


@EVERY
def test_what_it_remembers_can_be_written_down(name):
    candles = random_walk(120, seed=3)
    bars = candle_bars(candles)
    whole = INDICATORS[name].start({})
    expected = [whole.update(bar) for bar in bars]
    for cut in (0, 1, 30, 70):
        first = INDICATORS[name].start({})
        for bar in bars[:cut]:
            first.update(bar)
        written = json.dumps(first.state(), allow_nan=False)
        second = INDICATORS[name].resume({}, json.loads(written))
        np.testing.assert_array_equal([second.update(bar) for bar in bars[cut:]], expected[cut:])


@EVERY
@settings(max_examples=10)
@given(candles=any_candles(low_n=30))
def test_another_unit_of_money_or_coin_changes_no_meaning(name, candles):
    price, volume = 2.0**-21, 2.0**20  # powers of two, so that no tie is decided by rounding
    before = INDICATORS[name].batch(candles, chosen(name))
    after = INDICATORS[name].batch(scaled(candles, price, volume), chosen(name))
    for output, column in before.items():
        factor = price if output in OF_PRICE else volume if output in OF_VOLUME else 1.0
        np.testing.assert_allclose(column * factor, after[output], rtol=1e-13)


@EVERY
def test_the_beginning_is_forgotten_when_it_says_so(name):
    indicator, candles = INDICATORS[name], random_walk(900, seed=8)
    rows = indicator.warm_up({})
    if rows is None:
        assert name in {"obv", "vwap", "supertrend"}
        return
    start = 37
    late = candles.between(int(candles.open_time_ms[start]), 2**60)
    whole, shorter = indicator.batch(candles, {}), indicator.batch(late, {})
    for output in indicator.outputs:
        told, truly = whole[output][start:], shorter[output]
        assert not np.isnan(truly[rows:]).any()
        np.testing.assert_allclose(
            told[rows:], truly[rows:], rtol=1e-9, atol=1e-11 * size_of(output, candles)
        )


@EVERY
@settings(max_examples=15)
@given(candles=any_candles())
def test_bounds(name, candles):
    for output, column in INDICATORS[name].batch(candles, chosen(name)).items():
        low, high = BOUNDS.get(output, (-np.inf, np.inf))
        values = column[~np.isnan(column)]
        assert np.all((values >= low) & (values <= high))
        assert np.all(np.isfinite(values))


@EVERY
def test_every_indicator_says_what_it_is(name):
    indicator = INDICATORS[name]
    assert indicator.name == name
    assert indicator.title
    assert indicator.words.endswith(".")
    assert indicator.source
    for parameter in indicator.parameters:
        assert parameter.accept(parameter.default) == parameter.default
        assert parameter.words.endswith(".")


def test_outputs_are_unique():
    outputs = [output for each in INDICATORS.values() for output in each.outputs]
    assert len(outputs) == len(set(outputs))


def test_acceptance_the_23_features_in_the_order_of_the_original():
    assert " ".join(FEATURES) == (
        "open high low close volume rsi stoch_k stoch_d williams_r roc ao macd macd_signal "
        "macd_diff adx cci sma_20 ema_20 bb_high bb_low atr obv cmf"
    )
    columns = feature_columns(random_walk(60))
    assert list(columns) == list(FEATURES)


def test_all_23_together_bar_by_bar():
    candles = random_walk(150, seed=11)
    columns, running = feature_columns(candles), RunningFeatures()
    rows = []
    for k, bar in enumerate(candle_bars(candles)):
        if k == 75:
            state = json.loads(json.dumps(running.state(), allow_nan=False))
            running = RunningFeatures()
            running.restore(state)
        rows.append(running.update(bar))
    for name, column in columns.items():
        size = np.nanmax(np.abs(column))
        same(column, np.array([row[name] for row in rows]), size)


@pytest.mark.real_data
def test_acceptance_bar_by_bar_equals_all_at_once_on_recorded_hours(real_data):
    candles = real_candles(real_data, 4000)
    bars = candle_bars(candles)
    for indicator in INDICATORS.values():
        running = indicator.start({})
        rows = np.array([running.update(bar) for bar in bars])
        for column, told in zip(indicator.batch(candles, {}).values(), rows.T, strict=True):
            same(column, told, np.nanmax(np.abs(column)))


def test_a_wild_price_leaves_no_trace_in_a_window():
    prices = np.full(60, 0.1)
    prices[20] = 1e12
    for name in ("sma", "bollinger", "cmf", "awesome"):
        candles = closing_at(prices)
        for column in INDICATORS[name].batch(candles, {}).values():
            np.testing.assert_allclose(column[-1], 0.0 if name in {"cmf", "awesome"} else 0.1)


def test_a_market_that_never_moves_has_no_oscillation():
    candles = closing_at(np.full(80, 0.1))
    for name in ("rsi", "stochastic", "williams_r", "cci"):
        for column in INDICATORS[name].batch(candles, {}).values():
            assert np.isnan(column).all()
    assert INDICATORS["adx"].batch(candles, {})["adx"][-1] == 0
    assert INDICATORS["cmf"].batch(candles, {})["cmf"][-1] == 0


@pytest.mark.parametrize("value", [0, -1, 1.5, "many", True, float("nan"), 1e9, None])
def test_a_period_that_is_none_is_refused(value):
    with pytest.raises(Invalid, match="whole number"):
        INDICATORS["rsi"].batch(random_walk(5), {"period": value})


def test_settings_that_do_not_go_together_are_refused():
    with pytest.raises(Invalid, match="fast must be below slow, not 26 and 12"):
        INDICATORS["macd"].start({"fast": 26, "slow": 12})
    with pytest.raises(Invalid, match="no setting 'length'; there is: period"):
        INDICATORS["sma"].start({"length": 3})


def test_an_unknown_indicator_and_a_foreign_state_are_refused():
    with pytest.raises(NotFound, match="no indicator 'rsj'"):
        indicator_named("rsj")
    with pytest.raises(Invalid, match="no state of RunningSma"):
        INDICATORS["sma"].resume({}, INDICATORS["rsi"].start({}).state())
    with pytest.raises(Invalid, match="no state"):
        RunningFeatures().restore({})


def test_columns_of_different_lengths_are_refused():
    with pytest.raises(Invalid, match="columns of one length"):
        INDICATORS["atr"].compute([1.0, 2.0], [1.0], [1.0, 2.0])
