"""An account over time: days and months add up, intervals hold what they must, or say nothing."""

from decimal import Decimal

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from sonde.markets.core.account_performance import covered_ms, performance
from sonde.markets.core.holding_basket import Held, basket_line
from sonde.markets.core.instruments import FEE_PRESETS, Instrument
from sonde.markets.core.money import Currency
from sonde.markets.core.sides import Side
from sonde.markets.core.trade_analytics import analyse
from sonde.markets.core.trade_intervals import Redraw, with_intervals
from sonde.markets.core.trades import Trade, TradeFill, filled

USDT, DAY = Currency("USDT"), 86_400_000
BTC = Instrument(
    "replay",
    "BTCUSDT",
    "BTC",
    "USDT",
    Decimal("0.01"),
    Decimal("0.001"),
    Decimal(5),
    FEE_PRESETS["replay"],
)


def closed(number, net, day):
    """A trade of one coin at 1,000.00, held for half of a day."""
    asked = Trade(str(number), BTC.key, Side.LONG, 1000, 0)
    opened = filled(asked, TradeFill(False, 1000, 100_000, 0, day * DAY))
    ticks = 100_000 + net * 100
    return filled(opened, TradeFill(True, 1000, ticks, 0, day * DAY + DAY // 2, "close"))


def analysed(nets):
    trades = [closed(number, net, number) for number, net in enumerate(nets)]
    return analyse(trades, {BTC.key: BTC}, USDT, 10_000.0)


def told(nets):
    found = analysed(nets)
    return performance(found, np.full(len(nets), 1000.0))


def test_days_and_months_add_up_to_what_the_trades_made():
    nets = [100, -50, 30] * 15
    found = told(nets)
    assert found.daily.n == 45
    months = found.table("month")
    assert [row.name for row in months] == ["1970-01", "1970-02"]
    assert sum(row.profit for row in months) == pytest.approx(sum(nets))
    assert sum(row.trades for row in months) == 45
    assert found.growth.total_return.value == pytest.approx(sum(nets) / 10_000)
    assert found.growth.sharpe.value is not None
    assert found.exposure.value == pytest.approx(45 * 0.5 / 44.5)
    assert found.trades_per_day.value == pytest.approx(45 / 44.5)


def test_without_trades_every_figure_says_so():
    found = told([])
    assert found.table("month") == ()
    assert found.exposure.reason == found.turnover.reason == "no trades"
    assert found.growth.total_return.value is None


def test_a_few_days_have_no_annual_figure():
    assert told([10, -5]).growth.sharpe.reason == "needs 30 days, there are 2"


@given(some.lists(some.tuples(some.integers(0, 60), some.integers(0, 20)), max_size=12))
@settings(max_examples=60, deadline=None)
def test_covered_time_is_what_a_count_of_milliseconds_says(stretches):
    begin = np.array([first for first, _ in stretches], np.int64)
    end = begin + np.array([length for _, length in stretches], np.int64)
    counted = {at for first, length in stretches for at in range(first, first + length)}
    assert covered_ms(begin, end) == len(counted)


def test_intervals_hold_their_figure_and_come_back_the_same():
    nets = np.tile([40.0, -20.0, 15.0, -10.0], 10)
    figures = analysed([int(one) for one in nets]).overall
    once = with_intervals(figures, nets, Redraw(3))
    assert once == with_intervals(figures, nets, Redraw(3))
    for name in ("expectancy", "median", "profit_factor", "payoff_ratio", "sqn", "kelly"):
        figure = getattr(once, name)
        assert figure.low <= figure.value <= figure.high, name
    # the mean's interval agrees with the normal one within a fifth of its width
    half = 1.96 * nets.std(ddof=1) / len(nets) ** 0.5
    assert once.expectancy.high - once.expectancy.low == pytest.approx(2 * half, rel=0.2)


def test_an_end_without_a_bound_is_left_open_and_few_trades_have_no_interval():
    nets = np.array([10.0] * 11 + [-5.0])
    once = with_intervals(analysed([int(one) for one in nets]).overall, nets)
    assert once.profit_factor.low is not None
    assert once.profit_factor.high is None  # many a draw has no loss at all
    few = analysed([10, -5]).overall
    assert with_intervals(few, np.array([10.0, -5.0])) is few


def test_a_basket_is_split_evenly_and_pays_its_fees():
    times = np.array([10, 20], np.int64)
    rising = Held(10.0, times, np.array([10.0, 20.0]), 0.0)
    flat = Held(5.0, times, np.array([5.0, 5.0]), 0.0)
    assert basket_line([rising, flat], np.array([5, 10, 25]), 100.0).tolist() == [100, 100, 150]
    costly = Held(10.0, times, np.array([10.0, 10.0]), 0.01)
    assert basket_line([costly], np.array([20]), 101.0)[0] == pytest.approx(100 * 0.99)
