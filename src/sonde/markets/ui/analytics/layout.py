"""The page of analytics: overview, money over time, risk, parts, periods, costs."""

from collections.abc import Sequence
from typing import Any, Final

import dash_mantine_components as dmc
from dash import html

from sonde.markets.core.account_chance import Chance
from sonde.markets.core.account_figures import AccountFigures
from sonde.markets.core.backtesting.metrics.figure import Figure
from sonde.markets.core.backtesting.metrics.growth import Growth
from sonde.markets.core.backtesting.metrics.periods import Period
from sonde.markets.core.prices.checking import when
from sonde.markets.ui.analytics.figures import (
    balance_figure,
    balance_of,
    cost_figure,
    period_figure,
    result_figure,
)
from sonde.markets.ui.analytics.ids import AnalyticsId
from sonde.markets.ui.analytics.pruning import prune_parts
from sonde.markets.ui.analytics.tables import part_tables
from sonde.markets.ui.figure_words import (
    figure_shown,
    figure_text,
    held,
    money,
    plain,
    probability,
    share,
    signed_share,
)
from sonde.platform.ui.components import (
    PageView,
    badge,
    card,
    columns,
    empty_state,
    facts,
    stat_card,
)
from sonde.platform.ui.figures import Twin, graph
from sonde.platform.ui.icons import icon
from sonde.platform.ui.tables import Column, plain_table
from sonde.platform.ui.wording import count

DESCRIPTION: Final = (
    "What the closed trades of an account were worth since its last reset, after all costs. "
    "Numbers in brackets are 95 % intervals; what cannot be said says why."
)
_TWIN_ROWS: Final = 60
_SPANS: Final = (("month", "Months"), ("week", "Weeks"), ("day", "Days"))
_PERIOD = (
    Column("Period"),
    Column("Profit", numeric=True),
    Column("Return", numeric=True),
    Column("Closed trades", numeric=True),
)


def analytics_view(account_id: str, name: str, found: AccountFigures) -> PageView:
    """Return the page of one account."""
    export = html.A(
        [icon("tabler:download", 16), "Export CSV"],
        href=f"/api/v1/markets/export?account_id={account_id}",
        download="trades.csv",
        className="sonde-file",
    )
    actions = [*prune_parts(found), export]
    return PageView(
        "Analytics",
        _body(found),
        description=DESCRIPTION,
        marks=[badge(name)],
        actions=actions,
    )


def nothing_view() -> PageView:
    """Return the page of a viewer who has no account."""
    nothing = empty_state(
        "No account",
        "Viewers cannot open one; ask for an account that is shared with you.",
        icon_name="tabler:chart-line",
    )
    return PageView("Analytics", [card(nothing)], description=DESCRIPTION)


def _body(found: AccountFigures) -> list[Any]:
    if not found.trades.overall.n:
        nothing = empty_state(
            "No closed trade yet",
            f"{_waiting(found)} Figures appear with the first trade that is closed; none is "
            "made up before.",
            icon_name="tabler:chart-line",
        )
        return [card(nothing)]
    return [
        _overview(found),
        card(_balance_chart(found), title="Balance and drawdown"),
        columns([_performance(found), _risk(found)], minimum=360),
        columns([_results(found), _costs(found)], minimum=360),
        _chance(found),
        _periods(found),
        card(
            part_tables(found.trades),
            title="Parts",
            description="The same figures for parts of the trades.",
        ),
    ]


def _waiting(found: AccountFigures) -> str:
    told = found.trades
    return f"{count(told.n_open)} open, {count(told.n_pending)} pending."


def _overview(found: AccountFigures) -> Any:
    told, unit = found.trades.overall, found.trades.currency.code
    more = f"{_waiting(found)} {count(found.trades.n_cancelled)} cancelled."
    cards = (
        ("Net result", money(unit)(told.net), "tabler:trending-up", _return_words(found)),
        ("Closed trades", count(told.n), "tabler:stack-2", more),
        ("Win rate", _value(told.win_rate, share), "tabler:target", _range(told.win_rate, share)),
        (
            "Expectancy",
            _value(told.expectancy, money(unit)),
            "tabler:chart-dots",
            _range(told.expectancy, money(unit)),
        ),
    )
    return columns(
        [stat_card(name, value, icon_name=icon, hint=hint) for name, value, icon, hint in cards],
        minimum=180,
    )


def _return_words(found: AccountFigures) -> str:
    made = figure_text(found.performance.growth.total_return, signed_share)
    return f"{made} of {money(found.trades.currency.code)(found.trades.start)}"


def _value(figure: Figure, form: Any) -> str:
    return "n/a" if figure.value is None else form(figure.value)


def _range(figure: Figure, form: Any) -> str:
    if figure.value is None:
        return figure.reason
    if figure.low is None and figure.high is None:
        return "no interval under 10 trades"
    return figure_text(figure, form).partition(" (")[2].removesuffix(")")


def _balance_chart(found: AccountFigures) -> Any:
    holding, balance = found.holding, balance_of(found.trades)
    line = None if holding.reason else (holding.time_ms, holding.worth)
    unit = found.trades.currency.code
    every = max(1, -(-balance.time_ms.size // _TWIN_ROWS))
    rows = [
        (when(int(time)), f"{worth:,.2f}")
        for time, worth in zip(balance.time_ms[::every], balance.worth[::every], strict=True)
    ]
    return graph(
        balance_figure(balance, line, unit),
        id=AnalyticsId.EQUITY.value,
        name="Balance after each exit",
        summary=_balance_words(found),
        twin=Twin((Column("Time"), Column(f"Balance, {unit}", numeric=True)), rows),
        height=400,
    )


def _balance_words(found: AccountFigures) -> str:
    trades, fall = found.trades, found.trades.closed_equity
    words = (
        f"From {trades.start:,.2f} to {trades.balance[-1]:,.2f} {trades.currency.code}; "
        f"the deepest fall was {share(fall.fraction)}. Open positions are not in it."
    )
    if found.holding.reason or found.holding.against is None:
        return f"{words} Buy and hold is n/a: {found.holding.reason}."
    return (
        f"{words} Who had split the money over the same symbols at the first entry and held "
        f"would have {signed_share(found.holding.worth[-1] / trades.start - 1)}, fees paid."
    )


def _performance(found: AccountFigures) -> Any:
    told, unit = found.trades.overall, found.trades.currency.code
    amount = money(unit)
    rows = [
        ("Profit factor", figure_shown(told.profit_factor)),
        ("Payoff ratio", figure_shown(told.payoff_ratio)),
        ("Expectancy", figure_shown(told.expectancy, amount)),
        ("Expectancy in R", figure_shown(told.expectancy_r)),
        ("System quality number", figure_shown(told.sqn)),
        ("Kelly share", figure_shown(told.kelly, share)),
        ("Median trade", figure_shown(told.median, amount)),
        ("Best trade", figure_shown(told.best, amount)),
        ("Worst trade", figure_shown(told.worst, amount)),
        ("Longest winning streak", f"{count(told.longest_winning)} trades"),
        ("Longest losing streak", f"{count(told.longest_losing)} trades"),
        ("Held on average", figure_shown(told.mean_held_ms, held)),
        ("Time in the market", figure_shown(found.performance.exposure, share)),
        ("Trades a day", figure_shown(found.performance.trades_per_day)),
        ("Turnover of the balance", figure_shown(found.performance.turnover)),
        ("Expired before they filled", count(found.trades.n_expired)),
        ("Ambiguous bars", _dim("n/a: told of backtests, where a bar is all that is known")),
    ]
    words = "R is the mean loss. Intervals redraw the trades; streaks make the true ones wider."
    return card(facts(rows), title="Performance", description=words)


def _risk(found: AccountFigures) -> Any:
    fall = found.trades.closed_equity
    amount = money(found.trades.currency.code)
    rows = [
        ("Return", figure_shown(found.performance.growth.total_return, signed_share)),
        ("Largest drawdown", f"{share(fall.fraction)}, {amount(fall.amount)}"),
        ("From, to, recovered", _stretch(fall.start_ms, fall.trough_ms, fall.end_ms)),
        ("Peak to recovery, or to now", held(fall.duration_ms)),
        ("Longest under water", held(fall.longest_under_water_ms)),
        ("Exits below the peak", figure_shown(fall.share_under_water, share)),
        ("Ulcer index", figure_shown(fall.ulcer_index)),
        *_growth_rows(found.performance.growth),
        *_holding_rows(found),
    ]
    words = "Annual figures take 365 days a year, from the balance at the end of each day, UTC."
    return card(facts(rows), title="Risk", description=words)


def _dim(words: str) -> Any:
    return html.Span(words, className="sonde-dim")


def _stretch(start: int | None, trough: int | None, end: int | None) -> str:
    if start is None or trough is None:
        return "the balance never fell"
    recovered = "not yet" if end is None else when(end)
    return f"{when(start)}, {when(trough)}, {recovered}"


def _growth_rows(told: Growth) -> list[tuple[str, Any]]:
    return [
        ("Growth a year", figure_shown(told.cagr, signed_share)),
        ("Volatility a year", figure_shown(told.volatility, share)),
        ("Sharpe ratio", figure_shown(told.sharpe)),
        ("Sortino ratio", figure_shown(told.sortino)),
        ("Calmar ratio", figure_shown(told.calmar)),
        ("Omega", figure_shown(told.omega)),
        ("Mean day", figure_shown(told.mean_daily, signed_share)),
    ]


def _holding_rows(found: AccountFigures) -> list[tuple[str, Any]]:
    against = found.holding.against
    if against is None:
        return [("Buy and hold", f"n/a: {found.holding.reason}")]
    return [
        ("Buy and hold", figure_shown(against.total_return, signed_share)),
        ("Alpha a year", figure_shown(against.alpha, signed_share)),
        ("Beta", figure_shown(against.beta, plain)),
        ("Correlation", figure_shown(against.correlation, plain)),
    ]


def _results(found: AccountFigures) -> Any:
    told = found.trades.overall
    words = (
        f"{count(told.wins)} trades won, {count(told.losses)} lost; the median made "
        f"{figure_text(told.median, money(found.trades.currency.code))}."
    )
    chart = graph(
        result_figure(found.trades),
        id=AnalyticsId.RESULTS.value,
        name="Results of trades",
        summary=words,
    )
    return card(chart, title="Results of trades")


def _costs(found: AccountFigures) -> Any:
    told, amount = found.trades.overall, money(found.trades.currency.code)
    rows = [
        ("Gross", amount(told.gross)),
        ("Fees", amount(-told.fees)),
        ("Funding", amount(-told.funding)),
        ("Net", amount(told.net)),
        ("Slippage, inside gross", amount(told.slippage)),
    ]
    chart = graph(
        cost_figure(found.trades),
        id=AnalyticsId.COSTS.value,
        name="From gross to net",
        summary=f"Of {amount(told.gross)} gross, {amount(told.net)} are left after costs.",
        twin=Twin((Column("Part"), Column("Amount", numeric=True)), rows),
    )
    return card(chart, title="Costs")


def _chance(found: AccountFigures) -> Any:
    told = found.chance
    if told is None:
        return None
    rows = [
        ("p-value, t-test", figure_shown(told.t_test, probability)),
        ("p-value, bootstrap", figure_shown(told.bootstrap, probability)),
        ("Deepest fall, half of the draws", figure_shown(told.fall(50), share)),
        ("Deepest fall, 1 draw in 20", figure_shown(told.fall(95), share)),
        ("Deepest fall, 1 draw in 100", figure_shown(told.fall(99), share)),
        ("Half of the money lost", _ruin(told)),
    ]
    words = (
        "A small p-value says that a mean result above 0 is hardly luck; it knows nothing of how "
        "many strategies were tried before. The draws take the trades again in another order, "
        "some of them twice."
    )
    return card(facts(rows), title="Could it be luck?", description=words)


def _ruin(told: Chance) -> str:
    if told.redrawn is None:
        return "n/a: needs 2 trades"
    return f"in {share(told.redrawn.ruin)} of {count(told.redrawn.draws)} draws"


def _periods(found: AccountFigures) -> Any:
    unit = found.trades.currency.code
    heads, panels = [], []
    for span, title in _SPANS:
        rows = found.performance.table(span)  # type: ignore[arg-type]
        heads.append(dmc.TabsTab(f"{title} ({count(len(rows))})", value=span))
        panels.append(dmc.TabsPanel(_period_panel(rows, span, unit), value=span, pt="sm"))
    tabs = dmc.Tabs([dmc.TabsList(heads), *panels], value="month", keepMounted=False)
    return card(tabs, title="Periods", description="By the day on which trades closed, UTC.")


def _period_panel(rows: Sequence[Period], span: str, unit: str) -> Any:
    best, worst = max(rows, key=lambda row: row.profit), min(rows, key=lambda row: row.profit)
    listed = rows[::-1][:_TWIN_ROWS]
    chart = graph(
        period_figure(rows, unit),
        id=f"{AnalyticsId.PERIODS.value}-{span}",
        name=f"Profit of each {span}",
        summary=f"Best: {best.name} with {best.profit:+,.2f} {unit}; worst: {worst.name} with "
        f"{worst.profit:+,.2f} {unit}.",
        height=220,
    )
    return html.Div([chart, plain_table(_PERIOD, [_period_row(row, unit) for row in listed])])


def _period_row(row: Period, unit: str) -> tuple[str, str, str, str]:
    made = f"{row.profit:+,.2f} {unit}"
    return row.name, made, signed_share(row.return_fraction), count(row.trades)
