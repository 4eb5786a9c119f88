"""The gate of paper trading in a backtest: every rule that can act does, and says why."""

from dataclasses import replace
from decimal import Decimal

import numpy as np
import pytest

from sonde.markets.core.backtesting.lanes import Lane
from sonde.markets.core.backtesting.running import run
from sonde.markets.core.backtesting.settings import BacktestSettings, Sizing
from sonde.markets.core.backtesting.together import run_together
from sonde.markets.core.risk.settings import only
from sonde.markets.core.strategies.catalogue import strategy_named
from sonde.markets.core.strategies.protocol import decided
from tests.unit.markets.core.backtesting.planted import random_walk

_CROSS = strategy_named("sma-cross")
_WALK = random_walk(1500, seed=3)
_WISHES = decided(_CROSS, _WALK, {"fast": 3, "slow": 8, "sides": "long"})
HOUR_MS = 3_600_000


def limited(**limits):
    return run(_WALK, _WISHES, BacktestSettings(limits=only(limits)))


def test_limits_that_are_never_reached_change_nothing() -> None:
    free = run(_WALK, _WISHES, BacktestSettings())
    asked = limited(max_drawdown_percent=100)
    assert asked.held_back == ()
    assert asked.totals == free.totals
    np.testing.assert_array_equal(asked.equity_units, free.equity_units)


@pytest.mark.parametrize(
    ("code", "limits"),
    [
        ("daily_loss", {"max_daily_loss_percent": "0.5"}),
        ("drawdown", {"max_drawdown_percent": 3}),
        ("cooldown", {"cooldown_minutes": 600}),
        ("stop_guard", {"stop_loss_percent": "0.2", "stop_guard_stops": 2, "stop_guard_bars": 60}),
        ("low_profit", {"low_profit_trades": 2, "low_profit_minutes": 900}),
        ("position_share", {"max_position_percent": 50}),
        ("total_exposure", {"max_total_exposure_percent": 50}),
        ("trade_risk", {"stop_loss_percent": 2, "max_risk_percent": 1}),
        ("volatility", {"max_atr_percent": "0.5"}),
    ],
)
def test_acceptance_backtest_rule(code: str, limits: dict) -> None:
    found = limited(**limits)
    rules = {rule for one in found.held_back for rule in one.rules}
    assert rules == {code}
    free = run(_WALK, _WISHES, BacktestSettings())
    assert found.totals != free.totals
    assert all(one.words and one.symbol == _WALK.instrument.symbol for one in found.held_back)


def test_acceptance_backtest_rule_max_open() -> None:
    lanes = []
    for seed, symbol in ((1, "AUSDT"), (2, "BUSDT"), (4, "CUSDT")):
        walk = random_walk(600, seed=seed)
        candles = replace(walk, instrument=replace(walk.instrument, symbol=symbol))
        wishes = decided(_CROSS, candles, {"fast": 3, "slow": 8, "sides": "long"})
        lanes.append(Lane(candles, wishes))
    small = BacktestSettings(sizing=Sizing("quote", Decimal(500)))
    free = run_together(lanes, small)
    found = run_together(lanes, replace(small, limits=only({"max_open_trades": 1})))
    assert free.open_positions.max() > 1
    assert found.open_positions.max() == 1
    assert {one.rules for one in found.held_back} == {("open_trades",)}


def test_a_halted_account_opens_nothing_any_more() -> None:
    found = limited(max_drawdown_percent=3)
    halted = found.held_back[0].time_ms
    assert (found.trades.entry_time_ms <= halted).all()
    assert found.closed_at_end == 0


def test_after_an_exit_its_symbol_rests_for_as_long_as_was_said() -> None:
    found = limited(cooldown_minutes=600)
    # an entry is decided a bar before it fills
    rest = found.trades.entry_time_ms[1:] - found.trades.exit_time_ms[:-1]
    assert rest.min() >= 600 * 60_000


def test_a_stop_of_the_limits_ends_trades_where_it_stands() -> None:
    found = limited(stop_loss_percent=1)
    stopped = found.trades.rows(found.trades.exit_reason == 1)
    assert len(stopped)
    assert (stopped.exit_price < stopped.entry_price * 1.01).all()
    target = limited(take_profit_percent=1)
    assert "target" in target.trades.reasons()


def test_a_refused_entry_still_ends_the_other_side() -> None:
    both = decided(_CROSS, _WALK, {"fast": 3, "slow": 8, "sides": "both"})
    instrument = replace(_WALK.instrument, kind="perpetual", max_leverage=Decimal(5))
    candles = replace(_WALK, instrument=instrument)
    limits = only({"cooldown_minutes": 120})
    found = run(candles, both, BacktestSettings(limits=limits))
    free = run(candles, both, BacktestSettings())
    assert "reverse" in free.trades.reasons()
    assert found.held_back or found.totals == free.totals
