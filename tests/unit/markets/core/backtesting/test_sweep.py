"""Searches: every cell is a run, and the search is counted."""

from dataclasses import fields
from decimal import Decimal

import numpy as np
import pytest

from sonde.markets.core.backtesting.running import run
from sonde.markets.core.backtesting.search_points import grid_points
from sonde.markets.core.backtesting.settings import BacktestSettings
from sonde.markets.core.backtesting.sweep import MEASURES, Sweep, doubt, heat_map, sweep
from sonde.markets.core.engine.listings import Costs
from sonde.markets.core.strategies.catalogue import strategy_named
from sonde.markets.core.strategies.protocol import decided
from sonde.platform.core.errors import Invalid
from tests.unit.markets.core.backtesting.planted import random_walk

_WALK = random_walk(24 * 40, seed=7)
_CROSS = strategy_named("sma-cross")
_MONEY = BacktestSettings(costs=Costs(slippage_ppm=100, volume_share=Decimal("0.1")))


@pytest.fixture(scope="module")
def searched() -> Sweep:
    points = grid_points(_CROSS, {"fast": [3, 5, 8], "slow": [8, 13, 21]}, {"sides": "long"})
    return sweep(_WALK, _CROSS, points, _MONEY)


def test_acceptance_any_cell_run_alone_gives_the_same_ledger(searched: Sweep) -> None:
    assert len(searched.cells) == 8
    for cell in searched.cells:
        alone = run(_WALK, decided(_CROSS, _WALK, cell.settings), _MONEY)
        assert alone.totals == cell.totals
        for column in fields(alone.trades):
            one, other = (getattr(each, column.name) for each in (alone.trades, cell.trades))
            assert np.array_equal(one, other), column.name
        assert cell.daily_equity[-1] == float(alone.start + alone.net_profit)


def test_the_number_of_threads_changes_nothing(searched: Sweep) -> None:
    again = sweep(_WALK, _CROSS, searched.points, _MONEY, threads=1)
    assert [cell.totals for cell in again.cells] == [cell.totals for cell in searched.cells]


def test_the_heat_map_holds_each_cell_and_nothing_where_none_was_accepted(searched: Sweep) -> None:
    found = heat_map(searched, "fast", "slow", "net_profit")
    assert (found.x_values, found.y_values) == ((3, 5, 8), (8, 13, 21))
    for cell in searched.cells:
        row = found.y_values.index(cell.settings["slow"])
        column = found.x_values.index(cell.settings["fast"])
        assert found.values[row, column] == cell.net_profit
    assert np.isnan(found.values[0, 2])


@pytest.mark.parametrize("measure", MEASURES)
def test_the_best_cell_is_best_by_every_measure(searched: Sweep, measure: str) -> None:
    told = [MEASURES[measure](cell).value for cell in searched.cells]
    best = MEASURES[measure](searched.best(measure)).value
    assert best == max(value for value in told if value is not None)


def test_the_search_is_counted(searched: Sweep) -> None:
    found = doubt(searched)
    assert found.deflated.trials == 8
    assert found.deflated.expected_best > 0
    assert 0 <= found.overfitting.probability <= 1
    assert found.reason == ""


def test_a_short_search_says_why_it_is_not_counted() -> None:
    points = grid_points(_CROSS, {"fast": [3, 5]}, {"slow": 13})
    short = sweep(_WALK.until(200), _CROSS, points, _MONEY)
    assert doubt(short).reason == "needs 30 days, there are 9"
    with pytest.raises(Invalid, match="No cell has a figure for sharpe: needs 30 days"):
        short.best("sharpe")


def test_what_did_not_vary_has_no_axis(searched: Sweep) -> None:
    with pytest.raises(Invalid, match="did not vary"):
        heat_map(searched, "fast", "sides", "net_profit")
    with pytest.raises(Invalid, match="compared by"):
        searched.best("luck")
