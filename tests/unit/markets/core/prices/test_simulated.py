"""Simulated markets: the same each time, plausible, and never taken for a real one."""

import numpy as np
import pytest

from sonde.markets.core.prices.simulated import CALM, WILD, SimulatedMarket, simulated_candles
from sonde.platform.core.errors import Invalid

FIRST_MS = 1_767_225_600_000


@pytest.fixture(scope="module")
def month():
    return {each.symbol: simulated_candles(each, FIRST_MS, 30) for each in (CALM, WILD)}


def test_the_same_seed_makes_the_same_prices(month):
    again = simulated_candles(CALM, FIRST_MS, 30)
    assert np.array_equal(again.close, month["CALMUSDT"].close)


def test_prices_lie_on_the_grid_of_their_instrument(month):
    for candles in month.values():
        assert candles.ticks().n == 30 * 1440


def test_each_bar_opens_where_the_one_before_closed(month):
    candles = month["WILDUSDT"]
    assert np.array_equal(candles.open[1:], candles.close[:-1])


def test_a_day_moves_as_much_as_declared(month):
    for market in (CALM, WILD):
        returns = np.diff(np.log(month[market.symbol].close))
        daily = returns.std() * np.sqrt(1440)
        assert daily == pytest.approx(market.volatility, rel=0.25)


def test_volatility_comes_in_clusters_and_returns_do_not_repeat(month):
    returns = np.diff(np.log(month["WILDUSDT"].close))
    assert abs(np.corrcoef(returns[1:], returns[:-1])[0, 1]) < 0.03
    sizes = np.abs(returns)
    assert np.corrcoef(sizes[1:], sizes[:-1])[0, 1] > 0.1


def test_they_say_that_they_are_simulated(month):
    for candles in month.values():
        assert candles.source.venue == "simulated"
        assert candles.source.name.startswith("simulated, seed")


def test_a_market_that_does_not_move_is_refused():
    with pytest.raises(Invalid, match="volatility"):
        SimulatedMarket("XUSDT", 1, 1.0, 0.0, 0.1, 1.0)


@pytest.mark.parametrize(("first_ms", "n_days"), [(FIRST_MS + 1, 1), (FIRST_MS, 0)])
def test_whole_days_only(first_ms, n_days):
    with pytest.raises(Invalid):
        simulated_candles(CALM, first_ms, n_days)
