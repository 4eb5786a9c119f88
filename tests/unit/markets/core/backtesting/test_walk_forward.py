"""Windows that never overlap, and a result that is made of tests only."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sonde.markets.core.backtesting.search_points import grid_points
from sonde.markets.core.backtesting.settings import BacktestSettings
from sonde.markets.core.backtesting.sweep import sweep
from sonde.markets.core.backtesting.walk_forward import (
    WalkForward,
    WalkForwardPlan,
    part_of,
    separation,
    walk_forward,
    windows,
)
from sonde.markets.core.strategies.catalogue import strategy_named
from sonde.platform.core.errors import Invalid
from tests.unit.markets.core.backtesting.planted import random_walk

_WALK = random_walk(900, seed=5)
_CROSS = strategy_named("sma-cross")
_POINTS = grid_points(_CROSS, {"fast": [3, 8], "slow": [13, 21]}, {})
_PLAN = WalkForwardPlan(train=300, test=150, purge=20, embargo=10)


@pytest.fixture(scope="module")
def walked() -> WalkForward:
    return walk_forward(_WALK, _CROSS, _POINTS, BacktestSettings(), _PLAN, measure="net_profit")


@given(
    st.integers(1, 400),
    st.integers(2, 60),
    st.integers(1, 40),
    st.integers(0, 9),
    st.integers(0, 9),
    st.booleans(),
)
def test_windows_never_overlap_and_cover_every_bar_behind_the_first_training(
    n: int, train: int, test: int, purge: int, embargo: int, anchored: bool
) -> None:
    plan = WalkForwardPlan(train, test, purge, embargo, anchored)
    if n <= train + purge + embargo:
        with pytest.raises(Invalid, match="leave nothing"):
            windows(n, plan)
        return
    found = windows(n, plan)
    tested = [bar for each in found for bar in range(each.test_start, each.test_stop)]
    assert tested == list(range(train + purge + embargo, n))
    for each in found:
        assert each.test_start - each.train_stop == purge + embargo
        assert each.train_stop - each.train_start >= train
        assert each.train_start == 0 or not anchored


def test_acceptance_walk_forward_never_saw_its_tests(walked: WalkForward) -> None:
    assert len(walked.steps) == 4
    assert walked.separation.holds
    assert walked.separation.shared_bars == walked.separation.tested_twice == 0
    hour = _WALK.timeframe.ms
    for seen, traded in zip(
        walked.separation.last_seen_ms, walked.separation.first_traded_ms, strict=True
    ):
        assert traded - seen >= 30 * hour


def test_a_leak_is_not_certified(walked: WalkForward) -> None:
    steps = walked.steps
    overlapping = replace(
        steps[1], window=replace(steps[1].window, train_stop=steps[1].window.test_start + 1)
    )
    told = separation(_WALK, (steps[0], overlapping), walked.separation.last_seen_ms[:2])
    assert told.shared_bars == 1
    assert not told.holds
    late = separation(_WALK, steps[:1], (walked.separation.first_traded_ms[0] + 1,))
    assert not late.holds
    assert not separation(_WALK, (steps[0], steps[0]), walked.separation.last_seen_ms[:2]).holds


def test_what_was_chosen_is_the_best_of_its_training_alone(walked: WalkForward) -> None:
    for step in walked.steps:
        training = part_of(_WALK, step.window.train_start, step.window.train_stop)
        best = sweep(training, _CROSS, _POINTS, BacktestSettings()).best("net_profit")
        assert step.chosen == best.settings


def test_other_prices_behind_a_training_do_not_change_its_choice(walked: WalkForward) -> None:
    other = random_walk(900, seed=6)
    cut = _PLAN.train + 30
    columns = {
        name: np.concatenate((getattr(_WALK, name)[:cut], getattr(other, name)[cut:]))
        for name in ("open", "high", "low", "close", "volume")
    }
    changed = walk_forward(
        replace(_WALK, **columns), _CROSS, _POINTS, BacktestSettings(), _PLAN, measure="net_profit"
    )
    assert changed.steps[0].chosen == walked.steps[0].chosen


def test_the_tests_are_joined_to_one_account(walked: WalkForward) -> None:
    assert walked.equity.size == 900 - 330
    assert (np.diff(walked.close_time_ms) == _WALK.timeframe.ms).all()
    assert len(walked.trades) == sum(len(step.tested.trades) for step in walked.steps)
    assert walked.equity[-1] == pytest.approx(
        walked.start + float(sum(step.tested.net_profit for step in walked.steps))
    )
    assert walked.efficiency is None or np.isfinite(walked.efficiency)


@pytest.mark.parametrize(
    ("given_plan", "words"),
    [({"train": 1}, "train=1"), ({"test": 0}, "test=0"), ({"purge": -1}, "purge=-1")],
)
def test_lengths_out_of_range_are_refused(given_plan: dict, words: str) -> None:
    with pytest.raises(Invalid, match=words):
        WalkForwardPlan(**{"train": 5, "test": 5, **given_plan})


def test_an_unknown_measure_is_refused() -> None:
    with pytest.raises(Invalid, match="chosen by"):
        walk_forward(_WALK, _CROSS, _POINTS, BacktestSettings(), _PLAN, measure="luck")
