"""Decisions: columns that fit each other, cut and silenced; and the log of signals made of them."""

import numpy as np
import pytest

from sonde.markets.core.strategies.catalogue import STRATEGIES
from sonde.markets.core.strategies.decisions import Decisions
from sonde.markets.core.strategies.protocol import decided
from sonde.markets.core.strategies.signals import signals_of
from sonde.platform.core.errors import Invalid
from tests.unit.markets.core.candle_making import HOUR_MS, closing_at, random_walk


def test_columns_are_typed_copied_and_read_only():
    flags, stop = np.array([True, False]), np.array([5.0, np.nan])
    wish = Decisions.of(2, enter_long=flags, stop_price=stop, indicators={"x": [1, 2]})
    flags[1], stop[0] = True, 9.0
    assert wish.n == 2
    assert wish.enter_long.tolist() == [True, False]
    assert wish.stop_price[0] == 5.0
    assert wish.indicators["x"].dtype == np.float64
    with pytest.raises(ValueError, match="read-only"):
        wish.enter_long[0] = False


@pytest.mark.parametrize(
    ("columns", "words"),
    [
        ({"enter_long": [True]}, "enter_short .* shape|exit_long .* shape|one value for each"),
        ({"enter_long": [1, 0]}, "must hold True and False"),
        ({"stop_price": [True, False]}, "must hold numbers"),
        ({"stop_price": ["a", "b"]}, "must hold numbers"),
        ({"stop_price": [0.0, 1.0]}, "stop_price .* above 0"),
        ({"target_price": [np.inf, 1.0]}, "target_price .* above 0"),
        ({"size_fraction": [1.5, 1.0]}, "above 0 and at most 1"),
        ({"confidence": [0.5, -0.1]}, "0 to 1"),
        ({"reason": [0, 1], "reason_names": ("one",)}, "no name"),
        ({"indicators": {"x": [1.0]}}, "Column x .* one value for each of the 2 bars"),
    ],
)
def test_columns_that_do_not_fit_are_refused(columns, words):
    with pytest.raises(Invalid, match=words):
        Decisions.of(2, **columns)


def test_cut_and_silenced():
    wish = Decisions.of(
        4,
        enter_long=np.ones(4, bool),
        reason=np.zeros(4, int),
        reason_names=("why",),
        indicators={"x": np.arange(4.0)},
    )
    cut = wish.until(2)
    assert cut.n == 2
    assert cut.indicators["x"].tolist() == [0, 1]
    assert wish.silent_before(3).enter_long.tolist() == [False, False, False, True]
    assert wish.silent_before(9).enter_long.any() == False  # noqa: E712  # numpy's own


class Forgetful:
    """A strategy that answers with too few rows."""

    name, title, words, parameters = "forgetful", "Forgetful", "Forgets.", ()

    def check(self, settings):
        """Accept."""

    def warm_up(self, settings):
        """Return nothing."""
        return 0

    def decide(self, candles, settings):
        """Forget the last row."""
        return Decisions.of(candles.n - 1)


def test_rows_that_are_missing_are_noticed():
    with pytest.raises(Invalid, match="forgetful answered with 4 rows for 5 candles"):
        decided(Forgetful(), random_walk(5), {})


def test_the_log_tells_what_was_said_when_and_why():
    candles = closing_at([10, 10, 10, 12, 12, 8, 8, 8, 14])
    wish = decided(STRATEGIES["sma-cross"], candles, {"fast": 2, "slow": 3, "sides": "both"})
    log = signals_of("sma-cross", candles, wish)
    assert [(each.open_time_ms // HOUR_MS, each.action) for each in log] == [
        (3, "exit_short"),
        (3, "enter_long"),
        (5, "exit_long"),
        (5, "enter_short"),
        (8, "exit_short"),
        (8, "enter_long"),
    ]
    first = log[0]
    assert first.known_at_ms == first.open_time_ms + HOUR_MS
    assert first.instrument == "test:BTCUSDT"
    assert first.timeframe == "1h"
    assert first.reason == "fast mean crossed above slow"
    assert signals_of("sma-cross", candles, wish, first=6) == log[4:]
    with pytest.raises(Invalid, match="8 decisions for 9 candles"):
        signals_of("sma-cross", candles, wish.until(8))


def test_a_wish_that_stands_is_one_signal():
    candles = random_walk(5)
    log = signals_of("buy-and-hold", candles, decided(STRATEGIES["buy-and-hold"], candles, {}))
    assert [(each.action, each.open_time_ms) for each in log] == [("enter_long", 0)]
    assert signals_of("none", random_walk(0), Decisions.of(0)) == ()


def test_defect_07_signals_hold_real_prices_and_indicators():
    """The same candles give the same signals, with the candle's price and what was computed."""
    candles = random_walk(600, seed=70)
    logs = [signals_of("rsi", candles, decided(STRATEGIES["rsi"], candles, {})) for _ in range(2)]
    assert logs[0] == logs[1]
    assert logs[0]
    wish = decided(STRATEGIES["rsi"], candles, {})
    for each in logs[0]:
        row = each.open_time_ms // HOUR_MS
        assert each.close == candles.close[row]
        assert each.indicators == {"rsi": wish.indicators["rsi"][row]}
    other = random_walk(600, seed=71)
    assert signals_of("rsi", other, decided(STRATEGIES["rsi"], other, {})) != logs[0]
