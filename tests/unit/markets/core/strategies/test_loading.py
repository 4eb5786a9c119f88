"""Strategies that somebody wrote: what is accepted, what is said to faults, and the walls."""

import io

import numpy as np
import pytest

from sonde.markets.core.strategies.decisions import Decisions
from sonde.markets.core.strategies.jailed import answer
from sonde.markets.core.strategies.loading import SOURCE_BYTES, JailLimits, load_strategy
from sonde.markets.core.strategies.packing import (
    packed_decisions,
    packed_question,
    unpacked_decisions,
    unpacked_question,
)
from sonde.markets.core.strategies.protocol import decided, settings_for
from sonde.platform.core.errors import Invalid
from tests.unit.markets.core.candle_making import random_walk

SOURCE = '''
from sonde.markets.core.indicators.sma import sma
from sonde.markets.core.parameters import Parameter
from sonde.markets.core.strategies.decisions import Decisions
from sonde.platform.core.errors import Invalid

class Above:
    """Long above the mean."""

    name = "above-mean"
    title = "Above its mean"
    words = "Is long while the close is above its mean."
    parameters = (Parameter("period", "Period", "int", 2, 200, 20, "Bars of the mean."),)

    def check(self, settings):
        if settings["period"] == 13:
            raise Invalid("Thirteen bars bring bad luck.")

    def warm_up(self, settings):
        return settings["period"] - 1

    def decide(self, candles, settings):
        print("said on the way")
        mean = sma(candles.close, settings["period"])
        up, down = candles.close > mean, candles.close < mean
        return Decisions.of(candles.n, enter_long=up, exit_long=down, indicators={"sma": mean})
'''
CANDLES = random_walk(60, seed=6)
QUICK = JailLimits(memory_bytes=256 << 20, cpu_s=3, wall_s=60)


def asked(question, source=SOURCE, candles=None, **settings):
    """Ask without walls: the child's code in this process."""
    packed = packed_question(
        {"question": question, "source": source, "settings": settings}, candles
    )
    return answer(io.BytesIO(packed), {}, 0)


def test_a_strategy_of_ones_own_decides_as_a_shipped_one():
    strategy = load_strategy(SOURCE)
    assert (strategy.name, strategy.title) == ("above-mean", "Above its mean")
    assert strategy.parameters[0].default == 20
    assert len(strategy.sha256) == 64
    wish = decided(strategy, CANDLES, {"period": "5"})
    mean = np.convolve(CANDLES.close, np.ones(5) / 5, "valid")
    assert wish.enter_long[4:].tolist() == (CANDLES.close[4:] > mean).tolist()
    np.testing.assert_allclose(wish.indicators["sma"][4:], mean)
    with pytest.raises(Invalid, match="bad luck"):
        settings_for(strategy, {"period": 13})


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("open('/etc/passwd')", "Line 23 of the strategy failed: PermissionError"),
        ("__import__('socket').socket()", "PermissionError|ModuleNotFoundError|ImportError"),
        ("[0] * 10**10", "MemoryError"),
        ("exec('while True: pass')", "without an answer.* 3 s of processor time"),
        ("raise SystemExit", "without an answer"),
        (r"__import__('os').write(1, b'\x02' + bytes(7) + b'{}')", "answer makes no sense"),
    ],
)
def test_the_walls_hold(line, words):
    strategy = load_strategy(SOURCE.replace('print("said on the way")', line), QUICK)
    with pytest.raises(Invalid, match=words):
        strategy.decide(CANDLES, {"period": 5})


@pytest.mark.parametrize(
    ("source", "words"),
    [
        ("import os\n", "Line 1: a strategy cannot import 'os'; it can import from: collections"),
        ("\nfrom sonde.platform.core import jail", "Line 2: a strategy cannot import"),
        ("from . import x", "cannot import '.'"),
        ("x = 1 / 0", "Line 1 of the strategy failed: ZeroDivisionError: division by zero"),
        ("class A(:", "Line 1 of the strategy failed: SyntaxError"),
        ("x = 1", "exactly one class .* it holds 0"),
        (SOURCE + SOURCE.replace("class Above", "class Twice"), "it holds 2"),
        (SOURCE.replace("title =", "heading ="), "lacks: title"),
        (SOURCE.replace("def warm_up", "def warming"), "lacks: warm_up"),
        (SOURCE.replace("parameters = (", "parameters = (3, "), "tuple of Parameter"),
    ],
)
def test_what_is_no_strategy_is_told_so_with_the_line(source, words):
    with pytest.raises(Invalid, match=words):
        asked("describe", source)


@pytest.mark.parametrize(
    ("question", "change", "words"),
    [
        ("warm_up", ('settings["period"] - 1', "-3"), "whole number of bars, not -3"),
        ("decide", ('print("said on the way")', "return 5"), "Decisions, not int"),
        ("decide", ('print("said on the way")', "missing"), "Line 23 .* NameError"),
        ("decide", ("candles.n,", "3,"), "one value for each of the 60 bars"),
        ("decide", ("candles.close > mean", "mean"), "must hold True and False"),
    ],
)
def test_answers_that_make_no_sense_are_refused(question, change, words):
    with pytest.raises(Invalid, match=words):
        asked(question, SOURCE.replace(*change), CANDLES, period=5)


def test_check_may_be_left_out_and_is_asked_where_it_is_not():
    assert asked("check", SOURCE.replace("def check", "def checked"), period=13) == ({}, [])
    with pytest.raises(Invalid, match="bad luck"):
        asked("check", period=13)
    assert asked("warm_up", period=7)[0] == {"rows": 6}


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (("above-mean", "Above Mean"), "lower-case words with hyphens"),
        (("above-mean", "sma-cross"), "name of a shipped strategy"),
        (('"Above its mean"', '""'), "title of a strategy is one line"),
    ],
)
def test_names_that_cannot_be_are_refused(change, words):
    with pytest.raises(Invalid, match=words):
        load_strategy(SOURCE.replace(*change))


def test_a_source_that_is_too_long_is_refused_unread():
    with pytest.raises(Invalid, match="at most 64 kB"):
        load_strategy("#" * (SOURCE_BYTES + 1))


def test_questions_and_answers_cross_unchanged():
    question, candles = unpacked_question(
        io.BytesIO(packed_question({"question": "decide"}, CANDLES))
    )
    assert question == {"question": "decide"}
    assert candles.instrument == CANDLES.instrument
    assert candles.source == CANDLES.source
    for name in ("open_time_ms", "open", "high", "low", "close", "volume"):
        np.testing.assert_array_equal(getattr(candles, name), getattr(CANDLES, name))
    wish = Decisions.of(
        3,
        enter_short=np.array([True, False, True]),
        stop_price=np.array([1.5, np.nan, 2.0]),
        reason=np.array([0, -1, 1]),
        reason_names=("a", "b"),
        indicators={"x": np.arange(3.0)},
    )
    facts, arrays = packed_decisions(wish)
    back = unpacked_decisions(facts, tuple(arrays))
    np.testing.assert_array_equal(back.enter_short, wish.enter_short)
    np.testing.assert_array_equal(back.stop_price, wish.stop_price)
    np.testing.assert_array_equal(back.reason, wish.reason)
    np.testing.assert_array_equal(back.indicators["x"], wish.indicators["x"])
    assert back.target_price is None
    with pytest.raises(Invalid, match="makes no sense"):
        unpacked_decisions(facts, tuple(arrays[:-1]))
