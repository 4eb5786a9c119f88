"""The page of analytics without a server: figures, intervals, and why something is n/a."""

import json

import numpy as np
import pytest

from sonde.markets.core.account_chance import chance
from sonde.markets.core.account_figures import AccountFigures, HoldingLine
from sonde.markets.core.account_performance import performance
from sonde.markets.core.backtesting.metrics.figure import Figure
from sonde.markets.core.holding_basket import Held, basket_line
from sonde.markets.core.trade_intervals import with_intervals
from sonde.markets.ui.analytics.figures import balance_figure, balance_of, cost_figure
from sonde.markets.ui.analytics.layout import analytics_view, nothing_view
from sonde.markets.ui.analytics.pruning import day_ms, prune_parts
from sonde.markets.ui.figure_words import figure_text, share
from sonde.platform.core.errors import Invalid
from tests.unit.markets.core.test_account_performance import DAY, analysed


def figures(nets, *, is_covered=True):
    from dataclasses import replace

    found = analysed(nets)
    over_time = performance(found, np.full(len(nets), 1000.0))
    found = replace(found, overall=with_intervals(found.overall, np.asarray(nets, float)))
    line = HoldingLine(np.zeros(0, np.int64), np.zeros(0), None, "no stored prices of x")
    if is_covered:
        times = np.arange(1, len(nets) + 1, dtype=np.int64) * DAY
        part = Held(10.0, times, np.linspace(10.0, 12.0, len(nets)), 0.0)
        line = HoldingLine(times, basket_line([part], times, 10_000.0), None)
    return AccountFigures(found, over_time, line, chance(np.asarray(nets, float), 10_000.0))


def text_of(view):
    return json.dumps(
        [one.to_plotly_json() for one in view.body],
        default=lambda one: one.to_plotly_json() if hasattr(one, "to_plotly_json") else str(one),
    )


def test_every_part_of_the_page_is_there():
    told = text_of(analytics_view("a", "Paper", figures([100, -50, 30] * 15)))
    for words in (
        "Net result",
        "1,200.00 USDT",
        "Sharpe ratio",
        "Buy and hold",
        "Ulcer index",
        "Months (2)",
        "Days (45)",
        "Fees",
        "Exit reason",
        "replay:BTCUSDT",
        "Largest drawdown",
        "p-value, bootstrap",
        "Deepest fall, 1 draw in 20",
        "in 0.00 % of 1,000 draws",
        "Expired before they filled",
        "Exits below the peak",
        "95 %",
    ):
        assert words in told or words in analytics_view("a", "x", figures([1])).description, words


def test_what_cannot_be_said_says_why():
    told = text_of(analytics_view("a", "Paper", figures([10, -5], is_covered=False)))
    assert "needs 30 days, there are 2" in told
    assert "no stored prices of x" in told
    assert "no interval under 10 trades" in told


def test_without_a_closed_trade_there_are_no_figures():
    view = analytics_view("a", "Paper", figures([]))
    told = text_of(view)
    assert "No closed trade yet" in told
    assert "Sharpe" not in told
    assert "No account" in text_of(nothing_view())


def test_the_export_is_of_the_account():
    view = analytics_view("01ABC", "Paper", figures([1]))
    assert "account_id=01ABC" in str(view.actions[-1])


def test_pruning_offers_a_month_before_the_newest_exit_and_refuses_what_is_no_day():
    parts = prune_parts(figures([1] * 45))
    assert "1970-01-15" in str(parts[1])
    assert day_ms(" 1970-01-03 ") == 2 * DAY
    with pytest.raises(Invalid, match="2026-01-31"):
        day_ms("yesterday")


def test_the_balance_steps_from_exit_to_exit_and_the_fall_lies_below():
    found = figures([100, -300, 50])
    balance = balance_of(found.trades)
    assert balance.worth.tolist() == pytest.approx([10_000, 10_100, 9_800, 9_850])
    figure = balance_figure(balance, (found.holding.time_ms, found.holding.worth), "USDT")
    assert [trace.name for trace in figure.data] == ["Account", "Buy and hold", "Drawdown"]
    assert min(figure.data[2].y) == pytest.approx(-100 * 300 / 10_100)
    assert figure.layout.yaxis.domain[0] > figure.layout.yaxis2.domain[1]


def test_ten_thousand_trades_are_some_two_thousand_points_and_end_where_they_end():
    found = figures([1] * 9_999)
    balance = balance_of(found.trades)
    assert balance.worth.size <= 2_001
    assert balance.worth[-1] == pytest.approx(19_999)


def test_costs_lead_from_gross_to_net():
    bars = cost_figure(figures([100, -50]).trades).data[0]
    assert list(bars.x) == ["Gross", "Fees", "Funding", "Net"]
    assert sum(bars.y) == pytest.approx(50)


def test_a_figure_in_words_has_its_interval_or_its_reason():
    assert figure_text(Figure(0.5, low=0.25, high=0.75), share) == ("50.00 % (25.00 % to 75.00 %)")
    assert figure_text(Figure(None, "no trades")) == "n/a: no trades"
