"""What holds for every shipped strategy, and what each of them is for."""

import numpy as np
import pytest
from hypothesis import given, settings

from sonde.markets.core.indicators.catalogue import INDICATORS
from sonde.markets.core.strategies.catalogue import STRATEGIES, strategy_named
from sonde.markets.core.strategies.decisions import FLAGS
from sonde.markets.core.strategies.protocol import decided, settings_for
from sonde.platform.core.errors import Invalid, NotFound
from tests.unit.markets.core.candle_making import (
    any_candles,
    candles_of,
    closing_at,
    random_walk,
    real_candles,
    real_minutes,
)

EVERY = pytest.mark.parametrize("name", list(STRATEGIES))
SHORT = {
    "sma-cross": {"fast": 2, "slow": 5},
    "ema-cross": {"fast": 2, "slow": 5},
    "rsi": {"period": 4},
    "macd": {"fast": 3, "slow": 6, "signal": 3},
    "bollinger": {"period": 5, "width": 1.0},
    "breakout": {"entry": 6, "exit": 3, "stop_ranges": 2},
    "buy-and-hold": {},
}


def both(name):
    return SHORT[name] if name == "buy-and-hold" else {**SHORT[name], "sides": "both"}


def rows(flags):
    return np.flatnonzero(flags).tolist()


def columns(decisions):
    numbers = {} if decisions.stop_price is None else {"stop": decisions.stop_price}
    return {
        **{name: getattr(decisions, name) for name in FLAGS},
        **numbers,
        **decisions.indicators,
    }


@EVERY
def test_every_strategy_says_what_it_does(name):
    strategy = STRATEGIES[name]
    assert strategy.name == name
    assert strategy.title
    assert strategy.words.endswith(".")
    assert strategy.check(settings_for(strategy, {})) is None
    for parameter in strategy.parameters:
        assert parameter.accept(parameter.default) == parameter.default


@EVERY
@settings(max_examples=15)
@given(candles=any_candles())
def test_no_decision_knows_a_later_bar(name, candles):
    strategy = STRATEGIES[name]
    chosen = settings_for(strategy, both(name))
    whole = columns(strategy.decide(candles, chosen))
    for k in range(candles.n + 1):
        for column, values in columns(strategy.decide(candles.until(k), chosen)).items():
            np.testing.assert_array_equal(values, whole[column][:k])


@EVERY
def test_after_its_warm_up_the_beginning_does_not_matter(name):
    strategy, candles = STRATEGIES[name], random_walk(1600, seed=12)
    chosen = settings_for(strategy, {} if name == "buy-and-hold" else {"sides": "both"})
    first = strategy.warm_up(chosen)
    whole = strategy.decide(candles, chosen)
    for start in (1, 17, 250, 600):
        late = strategy.decide(candles.between(int(candles.open_time_ms[start]), 2**60), chosen)
        for flag in FLAGS:
            np.testing.assert_array_equal(
                getattr(late, flag)[first:], getattr(whole, flag)[start + first :]
            )
    assert whole.enter_long[first:].any()


@EVERY
@settings(max_examples=10)
@given(candles=any_candles())
def test_nobody_enters_both_ways_at_once(name, candles):
    wish = decided(STRATEGIES[name], candles, both(name))
    assert not np.any(wish.enter_long & wish.enter_short)
    assert not np.any(wish.enter_long & wish.exit_long)
    assert not np.any(wish.enter_short & wish.exit_short)
    warm_up = STRATEGIES[name].warm_up(settings_for(STRATEGIES[name], both(name)))
    assert not any(getattr(wish, flag)[:warm_up].any() for flag in FLAGS)


@EVERY
def test_a_market_that_never_moves_gives_no_signal(name):
    candles = closing_at(np.full(600, 0.1))
    wish = decided(STRATEGIES[name], candles, both(name))
    entries = wish.enter_long | wish.enter_short
    assert entries.all() if name == "buy-and-hold" else not entries.any()


def test_sides():
    candles = random_walk(300, seed=7)
    given = SHORT["sma-cross"]
    turns = decided(STRATEGIES["sma-cross"], candles, {**given, "sides": "both"})
    long = decided(STRATEGIES["sma-cross"], candles, given)
    short = decided(STRATEGIES["sma-cross"], candles, {**given, "sides": "short"})
    assert rows(long.enter_long) == rows(turns.enter_long) == rows(short.exit_short)
    assert rows(short.enter_short) == rows(turns.enter_short) == rows(long.exit_long)
    assert not long.enter_short.any()
    assert not short.enter_long.any()


def test_sma_cross_by_hand():
    closes = [10, 10, 10, 12, 12, 8, 8, 8, 14]
    # fast 2:      10, 10, 11, 12, 10, 8, 8, 11
    # slow 3:          10, 32/3, 34/3, 32/3, 28/3, 8, 10
    wish = decided(STRATEGIES["sma-cross"], closing_at(closes), {"fast": 2, "slow": 3})
    assert rows(wish.enter_long) == [3, 8]  # row 7: equal; row 8: above, having been at it
    assert rows(wish.exit_long) == [5]
    assert wish.reason_names[int(wish.reason[3])] == "fast mean crossed above slow"


def test_rsi_buys_what_leaves_oversold():
    closes = [100, 99, 98, 97, 96, 95, 99, 103, 107, 111, 108, 104]
    wish = STRATEGIES["rsi"].decide(
        closing_at(closes), settings_for(STRATEGIES["rsi"], {"period": 3})
    )
    index = wish.indicators["rsi"]
    assert rows(wish.enter_long) == [k for k in range(4, 12) if index[k] > 30 >= index[k - 1]]
    assert rows(wish.exit_long) == [k for k in range(4, 12) if index[k] < 70 <= index[k - 1]]
    assert rows(wish.enter_long) == [6]
    assert len(rows(wish.exit_long)) == 1


def test_bollinger_buys_from_below_and_leaves_at_the_middle():
    closes = [100, 101, 100, 101, 100, 90, 97, 101, 102]
    wish = decided(STRATEGIES["bollinger"], closing_at(closes), {"period": 5, "width": 1.5})
    assert rows(wish.enter_long) == [6]
    assert rows(wish.exit_long)[0] == 7


def test_breakout_looks_at_the_bars_before():
    high = [10.0, 11, 12, 11, 13, 14, 13, 12, 9]
    low = [each - 1 for each in high]
    close = [9.5, 10.5, 11.5, 10.5, 12.5, 13.5, 12.5, 11.5, 8.5]
    candles = candles_of(close, high, low, close, np.ones(9))
    wish = decided(STRATEGIES["breakout"], candles, {"entry": 3, "exit": 2})
    assert rows(wish.enter_long) == [4, 5]  # 12.5 > 12 and 13.5 > 13
    assert rows(wish.exit_long) == [7, 8]  # 11.5 < 12 and 8.5 < 11
    assert wish.stop_price is None


def test_breakout_sets_its_stop_beside_the_close():
    candles = random_walk(900, seed=3)
    wish = decided(
        STRATEGIES["breakout"], candles, {"entry": 10, "exit": 5, "stop_ranges": 3, "sides": "both"}
    )
    assert wish.enter_long.any()
    assert wish.enter_short.any()
    assert np.all(wish.stop_price[wish.enter_long] < candles.close[wish.enter_long])
    assert np.all(wish.stop_price[wish.enter_short] > candles.close[wish.enter_short])


def test_buy_and_hold_always_wants_in():
    assert decided(STRATEGIES["buy-and-hold"], random_walk(4), {}).enter_long.all()


def test_what_a_strategy_saw_is_the_indicator():
    """Defect 7 of the original: its signals came from random indicators and prices."""
    candles = random_walk(200, seed=2)
    wish = decided(STRATEGIES["rsi"], candles, {})
    np.testing.assert_array_equal(
        wish.indicators["rsi"], INDICATORS["rsi"].batch(candles, {})["rsi"]
    )


@pytest.mark.parametrize(
    ("name", "given", "words"),
    [
        ("sma-cross", {"fast": 50, "slow": 20}, "fewer bars than the slow one: fast is 50"),
        ("ema-cross", {"fast": 20, "slow": 20}, "fewer bars than the slow one"),
        ("macd", {"fast": 30}, "fast is 30, slow is 26"),
        ("rsi", {"oversold": 80}, "Oversold must lie below overbought: oversold is 80"),
        ("breakout", {"exit": 30}, "at most as many bars as the entry range: exit is 30"),
        ("bollinger", {"width": 0}, "Width .* between 0.1 and 10, not 0"),
        ("sma-cross", {"sides": "sideways"}, "one of long, short, both"),
        ("buy-and-hold", {"fast": 3}, "nothing to set"),
    ],
)
def test_settings_that_make_no_sense_are_refused(name, given, words):
    with pytest.raises(Invalid, match=words):
        decided(STRATEGIES[name], random_walk(3), given)


def test_an_unknown_strategy_is_refused():
    with pytest.raises(NotFound, match="no strategy 'sma'; there is: sma-cross"):
        strategy_named("sma")


@pytest.mark.real_data
def test_acceptance_sma_cross_enters_as_often_as_other_engines_do(real_data):
    """On five years of hours and a month of minutes: what four other engines trade."""
    for candles, entries in ((real_candles(real_data), 527), (real_minutes(real_data), 503)):
        wish = decided(STRATEGIES["sma-cross"], candles, {})
        assert int(wish.enter_long.sum()) == entries
