"""Planted look-ahead is found, honest strategies are left alone."""

import numpy as np
import pytest

from sonde.markets.core.backtesting.lookahead import choose_cuts, look_ahead
from sonde.markets.core.backtesting.recursive import recursive
from sonde.markets.core.strategies.catalogue import STRATEGIES
from sonde.markets.core.strategies.decisions import Decisions
from sonde.platform.core.errors import Invalid
from tests.unit.markets.core.backtesting import planted

_WALK = planted.random_walk(600)
_LONG = planted.random_walk(1600, seed=4)


def _look(rule, needs: int = 20, candles=_WALK):
    return look_ahead(planted.Planted("p", rule, needs), candles, {}, np.random.default_rng(1), 120)


@pytest.mark.parametrize("bug", planted.PLANTED)
def test_acceptance_planted_look_ahead_is_found(bug: str) -> None:
    report = _look(planted.PLANTED[bug])
    assert report.looks_ahead
    assert report.repeatable
    first = report.differences[0]
    assert first.bar < first.known_bars < _WALK.n
    assert first.time_ms == _WALK.open_time_ms[first.bar]


@pytest.mark.parametrize("name", planted.HONEST)
def test_acceptance_no_false_alarm_on_honest_strategies(name: str) -> None:
    report = _look(planted.HONEST[name])
    assert not report.looks_ahead
    assert len(report.cuts) > 80


def test_column_and_first_bar_are_named() -> None:
    stop = {each.column: each for each in _look(planted.future_stop).differences}
    assert set(stop) == {"stop_price"}
    assert stop["stop_price"].told < stop["stop_price"].truly
    centred = {each.column for each in _look(planted.centred_mean).differences}
    assert "indicator centred" in centred


def test_only_the_leaking_bar_is_named() -> None:
    """A strategy that looks at bar 300 from bar 290 differs there and nowhere before."""

    def peek(candles):
        flags = np.zeros(candles.n, dtype=bool)
        flags[290:291] = candles.n > 300
        return Decisions.of(candles.n, enter_long=flags)

    (found,) = _look(peek).differences
    assert (found.column, found.bar, found.told, found.truly) == ("enter_long", 290, 1.0, 0.0)


def test_a_strategy_that_throws_dice_is_not_judged() -> None:
    generator = np.random.default_rng(1)
    report = _look(lambda c: Decisions.of(c.n, enter_long=generator.random(c.n) > 0.5))
    assert not report.repeatable


def test_a_strategy_that_needs_more_bars_is_asked_elsewhere() -> None:
    def patient(candles):
        if candles.n < 50:
            raise Invalid("Needs 50 bars.")
        return planted.shift_of_minus_one(candles)

    report = _look(patient)
    assert report.refused > 0
    assert report.looks_ahead


def test_a_strategy_that_refuses_every_cut_is_told() -> None:
    def whole(candles):
        if candles.n < _WALK.n:
            raise Invalid("Needs all bars.")
        return planted.honest_cross(candles)

    with pytest.raises(Invalid, match="accepts none"):
        _look(whole)


def test_too_few_bars_are_refused() -> None:
    with pytest.raises(Invalid, match="at least 3 bars"):
        _look(planted.honest_cross, candles=_WALK.until(2))


def test_cuts_lie_inside_and_follow_decisions() -> None:
    flags = np.zeros(100, dtype=bool)
    flags[[40, 77]] = True
    cuts = choose_cuts(Decisions.of(100, exit_long=flags), 5, 30, np.random.default_rng(1))
    assert {41, 78} <= set(cuts)
    assert min(cuts) >= 1
    assert max(cuts) < 100


@pytest.mark.parametrize("name", STRATEGIES)
def test_acceptance_no_false_alarm_on_the_shipped_strategies(name: str) -> None:
    strategy = STRATEGIES[name]
    report = look_ahead(strategy, _LONG, {}, np.random.default_rng(2), 90)
    assert report.repeatable
    assert report.differences == ()
    assert len(report.cuts) - report.refused > 40
    assert recursive(strategy, _LONG, {}, (111, 402)).is_enough
