"""Runs beside each other: one table of figures, one chart of equity."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import dash_mantine_components as dmc
from dash import html

from sonde.markets.core.backtesting.comparison import Comparison
from sonde.markets.core.backtesting.file_run import words_of
from sonde.markets.core.backtesting.lines import EquityLine
from sonde.markets.core.backtesting.metrics.figure import Figure
from sonde.markets.core.backtesting.stored_runs import Backtest, path_of
from sonde.markets.ui.backtests.figures import time_figure
from sonde.markets.ui.backtests.ids import ResultId
from sonde.markets.ui.backtests.state import PATH
from sonde.markets.ui.backtests.words import Kind, setting_words, settings_words, value_words
from sonde.platform.ui.components import PageView, button_link, card, empty_state
from sonde.platform.ui.figures import Twin, graph
from sonde.platform.ui.tables import Column, plain_table
from sonde.platform.ui.wording import count

_TITLE: Final = "Compare backtests"
_ROWS: Final[Mapping[str, tuple[str, Kind]]] = {
    "total_return": ("Return", "share"),
    "cagr": ("Growth in a year", "share"),
    "volatility": ("Volatility in a year", "share"),
    "sharpe": ("Sharpe ratio", "ratio"),
    "sortino": ("Sortino ratio", "ratio"),
    "calmar": ("Calmar ratio", "ratio"),
    "max_drawdown": ("Deepest fall", "share"),
    "ulcer_index": ("Ulcer index", "points"),
    "trades": ("Trades", "count"),
    "win_rate": ("Win rate", "share"),
    "profit_factor": ("Profit factor", "ratio"),
    "expectancy": ("Mean result", "money"),
    "fees": ("Fees", "money"),
    "exposure": ("Exposure", "share"),
    "holding_return": ("Return of holding", "share"),
    "ambiguous_bars": ("Ambiguous bars", "count"),
}


@dataclass(frozen=True)
class Compared:
    """One of the runs: what was asked, and its equity."""

    run: Backtest
    line: EquityLine


def nothing_to_compare() -> PageView:
    """Return the page while fewer than two runs are chosen."""
    way = button_link("All backtests", PATH, icon_name="tabler:table")
    text = "Choose two or more finished backtests in the list and press Compare."
    return PageView(
        _TITLE, card(empty_state("Nothing to compare yet", text, actions=[way])), crumb="Compare"
    )


def comparison_view(runs: Sequence[Compared], found: Comparison) -> PageView:
    """Return runs beside each other; the first one is what the others are set against."""
    return PageView(
        _TITLE,
        [_equity_card(runs), _figures_card(runs, found), _luck_card(runs, found)],
        description=f"{count(len(runs))} backtests beside each other.",
        actions=[button_link("All backtests", PATH, icon_name="tabler:table")],
        crumb="Compare",
    )


def name_of(number: int, run: Backtest) -> str:
    """Return the short name of a run on this page."""
    values = ", ".join(setting_words(value) for value in run.asked["settings"].values())
    told = f" ({values})" if values else ""
    return f"{number}. {run.strategy}{told} {run.symbol} {run.timeframe}"


def _equity_card(runs: Sequence[Compared]) -> Any:
    lines = [
        (name_of(number, each.run), each.line.close_time_ms, _relative(each))
        for number, each in enumerate(runs, 1)
    ]
    ends = [f"{name} ended at {values[-1]:.1f} %" for name, _, values in lines if values]
    head = (Column("Run"), Column("Settings"), Column("Lowest, %", numeric=True), Column("Last, %"))
    rows = [
        [
            name,
            settings_words(each.run.asked["settings"]),
            f"{min(values):.1f}",
            f"{values[-1]:.1f}",
        ]
        for (name, _, values), each in zip(lines, runs, strict=True)
        if values
    ]
    chart = graph(
        time_figure(lines, "Equity, % of the beginning"),
        id=ResultId.COMPARED.value,
        name="Equity of every run",
        summary="; ".join(ends) + ".",
        twin=Twin(head, rows),
        height=360,
    )
    return card(chart, title="Equity")


def _relative(one: Compared) -> list[float]:
    start = float((one.run.results or {})["start"])
    return [100 * value / start for value in one.line.equity]


def _figures_card(runs: Sequence[Compared], found: Comparison) -> Any:
    head = (
        Column("Figure"),
        *(Column(f"Run {number}", numeric=True) for number in range(1, len(runs) + 1)),
    )
    rows: list[list[Any]] = [
        ["Strategy", *(f"{each.run.strategy}, {each.run.symbol}" for each in runs)],
        ["Settings", *(settings_words(each.run.asked["settings"]) for each in runs)],
    ]
    for row in found.rows:
        title, kind = _ROWS[row.name]
        told = [
            _cell(figure, kind, is_best=number in row.best and len(row.best) < len(runs))
            for number, figure in enumerate(row.figures)
        ]
        rows.append([title, *told])
    links = [
        ["", *(dmc.Anchor("Open", href=path_of(each.run.backtest_id), size="sm") for each in runs)]
    ]
    return card(
        plain_table(head, [*rows, *links]),
        title="Figures",
        description="The best of a row is bold and green, where more or less is better.",
    )


def _cell(figure: Figure, kind: Kind, *, is_best: bool) -> Any:
    words = value_words(figure.value, kind)
    if figure.value is None:
        return html.Span(words, title=figure.reason)
    if figure.low is not None:
        between = f"{value_words(figure.low, kind)} to {value_words(figure.high, kind)}"
        shown: Any = html.Span(words, title=f"95 % interval {between}")
    else:
        shown = words
    if not is_best:
        return shown
    return html.Strong(shown, className="sonde-trend is-teal", title="Best of its row")


def _luck_card(runs: Sequence[Compared], found: Comparison) -> Any:
    items = [
        html.Li(beyond_words(name_of(number, each.run), figure))
        for number, (each, figure) in enumerate(zip(runs, found.against_first, strict=True), 1)
        if number > 1
    ]
    common = (
        "These runs have no day in common."
        if found.common_from_ms is None or found.common_to_ms is None
        else f"Over the days that all have, {words_of(found.common_from_ms)[:10]} to "
        f"{words_of(found.common_to_ms)[:10]}, set against run 1."
    )
    return card(html.Ul(items), title="Is a difference more than luck?", description=common)


def beyond_words(name: str, figure: Figure) -> str:
    """Say whether a run is told apart from the first one.

    Examples
    --------
    >>> beyond_words("2. rsi", Figure(0.001, low=-0.001, high=0.002))
    '2. rsi: +0.100 % a day beyond run 1, -0.100 % to +0.200 %; that may be luck.'
    """
    if figure.value is None or figure.low is None or figure.high is None:
        return f"{name}: cannot be said: {figure.reason or 'no interval is known'}."
    apart = figure.low > 0 or figure.high < 0
    verdict = "that is more than luck" if apart else "that may be luck"
    return (
        f"{name}: {100 * figure.value:+.3f} % a day beyond run 1, {100 * figure.low:+.3f} % to "
        f"{100 * figure.high:+.3f} %; {verdict}."
    )
