"""Figures of a run against closed forms and published ones."""

import math
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from sonde.markets.core.backtesting.bootstrap import Bootstrap
from sonde.markets.core.backtesting.metrics.breakdown import breakdown
from sonde.markets.core.backtesting.metrics.daily import DAY_MS, DailyEquity, daily_equity
from sonde.markets.core.backtesting.metrics.drawdown import drawdown
from sonde.markets.core.backtesting.metrics.growth import growth
from sonde.markets.core.backtesting.metrics.holding import against_holding, holding_line
from sonde.markets.core.backtesting.metrics.periods import period_table
from sonde.markets.core.backtesting.metrics.report import measure
from sonde.markets.core.backtesting.metrics.trading import longest_run, trading, wilson
from sonde.platform.core.errors import Invalid
from tests.unit.markets.core.backtesting.made import HOUR_MS, run_of, trades_of
from tests.unit.markets.core.backtesting.planted import random_walk

_RETURNS = np.random.default_rng(1).normal(0.001, 0.02, 730)


def _days(returns: np.ndarray, initial: float = 10_000.0) -> DailyEquity:
    equity = initial * np.cumprod(1 + returns)
    return DailyEquity(np.arange(returns.size) * DAY_MS, equity, initial)


def test_two_years_of_one_per_mille_a_day() -> None:
    found = growth(_days(np.full(730, 0.001)), 0.0, None)
    assert found.total_return.value == pytest.approx(1.001**730 - 1)
    assert found.cagr.value == pytest.approx(1.001**365 - 1)
    assert found.volatility.value == pytest.approx(0.0, abs=1e-12)
    assert found.omega.reason == "no losing day"
    assert found.calmar.reason == "equity never fell"


def test_ratios_follow_their_definitions() -> None:
    found = growth(_days(_RETURNS), 0.25, None)
    year = math.sqrt(365)
    assert found.sharpe.value == pytest.approx(_RETURNS.mean() / _RETURNS.std(ddof=1) * year)
    down = math.sqrt(np.mean(np.minimum(_RETURNS, 0) ** 2))
    assert found.sortino.value == pytest.approx(_RETURNS.mean() / down * year)
    assert found.omega.value == pytest.approx(
        _RETURNS[_RETURNS > 0].sum() / -_RETURNS[_RETURNS < 0].sum()
    )
    assert found.calmar.value == pytest.approx(found.cagr.value / 0.25)


def test_interval_of_sharpe_is_that_of_theory() -> None:
    """The standard error of a Sharpe ratio is near 1/sqrt(n) a period (Lo 2002)."""
    found = growth(_days(_RETURNS), 0.25, Bootstrap(1, 1000, block=1.0)).sharpe
    assert found.low < found.value < found.high
    assert found.high - found.low == pytest.approx(2 * 1.96 * math.sqrt(365 / 730), rel=0.1)


def test_under_thirty_days_there_is_no_annual_figure() -> None:
    """A month of minutes is no year: a peer tells a Sharpe ratio of -89,566 there."""
    found = growth(_days(_RETURNS[:29]), 0.1, Bootstrap(1))
    for name in ("cagr", "volatility", "sharpe", "sortino", "calmar", "omega", "mean_daily"):
        assert getattr(found, name).value is None
        assert getattr(found, name).reason == "needs 30 days, there are 29"
    assert found.total_return.value is not None
    assert growth(_days(_RETURNS[:30]), 0.1, None).sharpe.value is not None


def test_a_lost_account_has_no_growth() -> None:
    days = _days(_RETURNS[:40])
    assert growth(
        replace(days, equity=np.append(days.equity[:-1], 0.0)), 1.0, None
    ).cagr.reason == ("the account was lost")


def test_days_without_bars_keep_the_equity_of_the_day_before() -> None:
    closes = np.array([DAY_MS // 2, DAY_MS, 3 * DAY_MS + 1])
    days = daily_equity(closes, np.array([1.0, 2.0, 3.0]), 1.0)
    assert days.equity.tolist() == [2.0, 2.0, 2.0, 3.0]
    assert days.returns.tolist() == [1.0, 0.0, 0.0, 0.5]


@given(st.lists(st.floats(1.0, 1000.0), min_size=1, max_size=60))
def test_drawdown_is_the_deepest_fall_of_all_pairs(equity: list[float]) -> None:
    path = np.array([100.0, *equity])
    deepest = max(
        (path[i] - path[j]) / path[i] for i in range(path.size) for j in range(i, path.size)
    )
    found = drawdown(np.arange(1, path.size), np.array(equity), 100.0)
    assert found.fraction == pytest.approx(deepest, abs=1e-12)
    if found.end_ms is not None:
        assert found.start_ms <= found.trough_ms < found.end_ms


def test_a_fall_that_was_not_made_good_has_no_end() -> None:
    found = drawdown(np.arange(1, 5) * 10, np.array([120.0, 90.0, 60.0, 80.0]), 100.0)
    assert (found.fraction, found.end_ms, found.duration_ms) == (0.5, None, 30)
    assert found.longest_under_water_ms == 30
    assert found.share_under_water.value == 0.75
    assert found.ulcer_index.value == pytest.approx(
        100 * math.sqrt((0.25**2 + 0.5**2 + (1 / 3) ** 2) / 4)
    )


def test_trading_figures_of_four_trades() -> None:
    found = trading(trades_of([30.0, -10.0, 20.0, -10.0]), 8)
    assert (found.n, found.wins, found.losses) == (4, 2, 2)
    assert found.profit_factor.value == 2.5
    assert found.payoff_ratio.value == 2.5
    assert found.expectancy.value == 7.5
    assert found.expectancy_r.value == 0.75
    assert found.kelly.value == pytest.approx(0.5 - 0.5 / 2.5)
    assert found.sqn.value == pytest.approx(2 * 7.5 / np.std([30, -10, 20, -10], ddof=1))
    assert (found.median.value, found.best.value, found.worst.value) == (5.0, 30.0, -10.0)
    assert (found.net, found.gross, found.fees) == (30.0, 34.0, 4.0)
    assert found.mean_bars.value == 4.0
    assert found.mean_held_ms.value == 4 * HOUR_MS


def test_no_trades_bring_reasons_and_no_numbers() -> None:
    found = trading(trades_of([]), 8)
    assert found.n == 0
    for name in ("win_rate", "profit_factor", "payoff_ratio", "expectancy", "sqn", "kelly", "best"):
        assert getattr(found, name).value is None, name
        assert getattr(found, name).reason == "no trades", name


def test_only_winning_trades_have_no_profit_factor() -> None:
    found = trading(trades_of([5.0, 6.0]), 8)
    assert found.profit_factor.reason == "no losing trade"
    assert found.kelly.reason == "no losing trade"
    assert found.win_rate.value == 1.0
    assert found.win_rate.low < 1.0


@given(st.integers(0, 200), st.integers(1, 200))
def test_wilson_agrees_with_scipy(wins: int, n: int) -> None:
    wins = min(wins, n)
    expected = stats.binomtest(wins, n).proportion_ci(0.95, method="wilson")
    found = wilson(wins, n)
    assert found.low == pytest.approx(expected.low, abs=1e-9)
    assert found.high == pytest.approx(expected.high, abs=1e-9)


def test_streaks() -> None:
    assert longest_run(np.array([], bool)) == 0
    found = trading(trades_of([1.0, 2.0, -1.0, 3.0, 4.0, 5.0, -1.0, -1.0]), 8)
    assert (found.longest_winning, found.longest_losing) == (3, 2)


def test_parts_add_up_to_the_whole() -> None:
    trades = trades_of(
        [3.0, -2.0, 5.0],
        side=np.array([1, -1, 1], np.int8),
        exit_reason=np.array([0, 1, 1], np.int8),
        symbol=["A", "B", "A"],
    )
    parts = breakdown(trades, 8)
    assert set(parts.by_side) == {"long", "short"}
    assert {name: each.net for name, each in parts.by_exit_reason.items()} == {
        "signal": 3.0,
        "stop": 3.0,
    }
    for every in (parts.by_side, parts.by_symbol, parts.by_exit_reason):
        assert sum(each.net for each in every.values()) == 6.0
        assert sum(each.n for each in every.values()) == 3


@pytest.mark.parametrize(
    ("span", "names"),
    [
        ("month", ("2023-12", "2024-01", "2024-02")),
        ("week", ("2023-W52", "2024-W01", "2024-W02", "2024-W03", "2024-W04", "2024-W05")),
    ],
)
def test_the_table_adds_up(span: str, names: tuple[str, ...]) -> None:
    """From Sunday 2023-12-31 to Saturday 2024-02-03."""
    first = 19_722 * DAY_MS
    days = DailyEquity(first + np.arange(35) * DAY_MS, 100.0 + np.arange(1.0, 36.0), 100.0)
    table = period_table(days, first + np.array([1, 2, 34]) * DAY_MS, span)
    assert tuple(row.name for row in table) == names
    assert sum(row.profit for row in table) == 35.0
    assert sum(row.trades for row in table) == 3
    assert table[0].trades == 1


def test_holding_against_itself_has_beta_one() -> None:
    days = _days(_RETURNS)
    found = against_holding(days, days)
    assert found.beta.value == pytest.approx(1.0)
    assert found.alpha.value == pytest.approx(0.0, abs=1e-12)
    assert found.correlation.value == pytest.approx(1.0)


def test_half_of_holding_and_a_constant() -> None:
    found = against_holding(_days(0.5 * _RETURNS + 0.001), _days(_RETURNS))
    assert found.beta.value == pytest.approx(0.5)
    assert found.alpha.value == pytest.approx(0.365)


def test_holding_pays_both_fees() -> None:
    line = holding_line(100.0, np.array([100.0, 100.0]), 1000.0, 0.01)
    assert line[0] == pytest.approx(1000 / 1.01)
    assert line[1] == pytest.approx(1000 / 1.01 * 0.99)


def test_defect_01_figures_change_with_the_prices_and_repeat_themselves() -> None:
    """The original drew win rate, Sharpe ratio and drawdown from a generator with seed 42."""
    told = []
    for seed in (1, 2, 1):
        candles = random_walk(1000, seed)
        run = run_of(candles, 100 * candles.close, trades_of([1.0, 2.0, -float(seed)]))
        report = measure(run, candles, 0.001, Bootstrap(1, 50))
        told.append((report.growth.sharpe, report.drawdown.fraction, report.trading.expectancy))
    assert told[0] == told[2]
    assert all(a != b for a, b in zip(told[0], told[1], strict=True))


def test_defect_02_what_is_not_known_is_not_invented() -> None:
    """The original answered analytics with random numbers, with or without trades."""
    candles = random_walk(48)
    report = measure(run_of(candles, np.full(48, 10_000.0), trades_of([])), candles, 0.001)
    assert report.trading.win_rate.value is None
    assert report.growth.sharpe.reason.startswith("needs 30 days")
    assert report.drawdown.fraction == 0.0
    assert report.parts.by_side == {}


def test_a_report_counts_what_the_run_counted() -> None:
    candles = random_walk(240)
    report = measure(run_of(candles, np.full(240, 10_000.0), trades_of([1.0] * 5)), candles, 0.001)
    assert report.activity.exposure.value == 0.5
    assert report.activity.trades_per_day.value == pytest.approx(0.5)
    assert (report.activity.rejected, report.activity.ambiguous_bars) == (1, 3)
    assert sum(row.trades for row in report.table("day")) == 5


def test_other_candles_are_refused() -> None:
    candles = random_walk(48)
    with pytest.raises(Invalid, match="not those"):
        measure(run_of(candles, np.ones(48), trades_of([])), candles.until(40), 0.0)


def test_nothing_at_all_is_told_with_reasons() -> None:
    empty = np.empty(0)
    days = daily_equity(np.empty(0, np.int64), empty, 100.0)
    assert days.n == 0
    assert period_table(days, np.empty(0, np.int64), "day") == ()
    assert drawdown(np.empty(0, np.int64), empty, 100.0).ulcer_index.reason == "no bars"
    assert growth(days, 0.0, None).total_return.reason == "no bars"
    assert against_holding(days, days).beta.reason == "no bars"


def test_what_never_moves_has_neither_beta_nor_sharpe() -> None:
    still, days = _days(np.zeros(60)), _days(_RETURNS[:60])
    assert growth(still, 0.0, None).sharpe.reason == "equity never moved"
    assert against_holding(days, still).beta.reason == "the price never moved"
    assert against_holding(still, days).correlation.reason == "equity never moved"
    short = against_holding(_days(_RETURNS[:5]), _days(_RETURNS[:5]))
    assert short.alpha.reason == "needs 30 days, there are 5"


def test_only_losing_trades_have_no_payoff() -> None:
    found = trading(trades_of([-5.0, -5.0]), 8)
    assert found.payoff_ratio.reason == "no winning trade"
    assert found.profit_factor.value == 0.0
    assert found.sqn.reason == "needs two trades that differ"
