"""Every figure of a run in tables: with its interval, or with the reason why there is none."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from dash import html

from sonde.markets.core.backtesting.file_run import words_of
from sonde.markets.ui.backtests.words import (
    Kind,
    figure_words,
    interval_words,
    name_words,
    signed,
    value_words,
)
from sonde.platform.ui.components import columns, stack
from sonde.platform.ui.tables import Column, plain_table

Line = tuple[str, str, Kind]
GROUPS: Final[Sequence[tuple[str, str, Sequence[Line]]]] = (
    (
        "Growth",
        "growth",
        (
            ("total_return", "Return", "share"),
            ("cagr", "Growth in a year", "share"),
            ("volatility", "Volatility in a year", "share"),
            ("sharpe", "Sharpe ratio", "ratio"),
            ("sortino", "Sortino ratio", "ratio"),
            ("calmar", "Calmar ratio", "ratio"),
            ("omega", "Omega", "ratio"),
            ("mean_daily", "Mean daily return", "share"),
            ("days", "Days", "count"),
        ),
    ),
    (
        "Drawdown",
        "drawdown",
        (
            ("fraction", "Deepest fall from a peak", "share"),
            ("amount", "Largest fall", "money"),
            ("duration_ms", "Peak to recovery, or to the end", "time"),
            ("longest_under_water_ms", "Longest below a peak", "time"),
            ("share_under_water", "Time below a peak", "share"),
            ("ulcer_index", "Ulcer index", "points"),
        ),
    ),
    (
        "Trades",
        "trading",
        (
            ("n", "Trades", "count"),
            ("win_rate", "Win rate", "share"),
            ("profit_factor", "Profit factor", "ratio"),
            ("payoff_ratio", "Mean gain over mean loss", "ratio"),
            ("expectancy", "Mean result", "money"),
            ("expectancy_r", "Mean result over mean loss", "ratio"),
            ("sqn", "System quality number", "ratio"),
            ("kelly", "Kelly share", "share"),
            ("median", "Median result", "money"),
            ("best", "Best trade", "money"),
            ("worst", "Worst trade", "money"),
            ("longest_winning", "Longest winning streak", "count"),
            ("longest_losing", "Longest losing streak", "count"),
            ("mean_bars", "Held, mean", "bars"),
            ("longest_bars", "Held, longest", "bars"),
            ("mean_held_ms", "Held, mean time", "time"),
        ),
    ),
    (
        "In the market",
        "activity",
        (
            ("exposure", "Exposure", "share"),
            ("turnover", "Turnover over mean equity", "ratio"),
            ("trades_per_day", "Trades a day", "ratio"),
            ("rejected", "Rejected orders", "count"),
            ("expired", "Expired orders", "count"),
            ("ambiguous_bars", "Ambiguous bars", "count"),
            ("closed_at_end", "Closed at the end", "count"),
        ),
    ),
    (
        "Against buy and hold",
        "against_holding",
        (
            ("total_return", "Return of holding", "share"),
            ("alpha", "Alpha in a year", "share"),
            ("beta", "Beta", "ratio"),
            ("correlation", "Correlation", "ratio"),
        ),
    ),
)
_RIGHT: Final = frozenset({"trading", "activity"})
_HEAD: Final = (Column("Figure"), Column("Value", numeric=True), Column("95 % interval"))
_MONTHS: Final = (
    "Jan",
    "Feb",
    "Mar",
    "Apr",
    "May",
    "Jun",
    "Jul",
    "Aug",
    "Sep",
    "Oct",
    "Nov",
    "Dec",
)


def metric_tables(metrics: Mapping[str, Any], unit: str) -> Any:
    """Return every group of figures that a run has, in two columns of about one length."""
    sides = [
        stack(
            [
                html.Div(
                    [html.H3(title), plain_table(_HEAD, metric_rows(metrics[name], lines, unit))]
                )
                for title, name, lines in GROUPS
                if name in metrics and (name in _RIGHT) == is_right
            ]
        )
        for is_right in (False, True)
    ]
    return columns(sides, minimum=380)


def metric_rows(group: Mapping[str, Any], lines: Sequence[Line], unit: str) -> list[list[Any]]:
    """Return name, value or reason, and interval of each figure."""
    return [
        [
            title,
            figure_words(group[name], kind, unit),
            interval_words(group[name], kind, unit),
        ]
        for name, title, kind in lines
        if name in group
    ]


def month_table(months: Sequence[Mapping[str, Any]]) -> Any:
    """Return what each month brought, a row for each year, and the year as a whole."""
    head = (Column("Year"), *(Column(name, numeric=True) for name in (*_MONTHS, "Year")))
    return plain_table(head, month_rows(months))


def month_rows(months: Sequence[Mapping[str, Any]]) -> list[list[Any]]:
    """Return a row for each year: twelve months and their product, in percent.

    Examples
    --------
    >>> rows = month_rows([{"name": "2024-02", "return_fraction": 0.1, "trades": 3, "profit": 1.0}])
    >>> rows[0][0], rows[0][2].children, rows[0][1]
    ('2024', '+10.0', '')
    """
    years: dict[str, dict[int, Mapping[str, Any]]] = {}
    for month in months:
        year, number = month["name"].split("-")
        years.setdefault(year, {})[int(number)] = month
    return [
        [year, *(_month(found.get(number)) for number in range(1, 13)), _year(found)]
        for year, found in years.items()
    ]


def _month(month: Mapping[str, Any] | None) -> Any:
    if month is None:
        return ""
    words = f"{month['trades']} trades closed, {month['profit']:+,.2f}"
    return _share(month["return_fraction"], words)


def _year(found: Mapping[int, Mapping[str, Any]]) -> Any:
    whole = 1.0
    for month in found.values():
        whole *= 1.0 + month["return_fraction"]
    trades = sum(month["trades"] for month in found.values())
    return _share(whole - 1.0, f"{trades} trades closed")


def _share(value: float, words: str) -> Any:
    tone = "is-teal" if value > 0 else "is-red" if value < 0 else ""
    shown = f"{round(100 * value, 1) + 0.0:+,.1f}"
    return html.Span(shown, className=f"sonde-trend {tone}", title=words)


def part_tables(parts: Mapping[str, Any], unit: str) -> Any:
    """Return the same few figures for longs and shorts, and for each reason of exit."""
    titles = (("by_side", "By side"), ("by_exit_reason", "By reason of the exit"))
    return stack(
        [
            html.Div([html.H3(title), _part_table(parts[name], unit)])
            for name, title in titles
            if parts.get(name)
        ]
    )


def _part_table(parts: Mapping[str, Any], unit: str) -> Any:
    head = (
        Column(""),
        Column("Trades", numeric=True),
        Column("Win rate", numeric=True),
        Column(f"Mean result, {unit}", numeric=True),
        Column(f"Net, {unit}", numeric=True),
        Column(f"Fees, {unit}", numeric=True),
    )
    rows = [
        [
            name_words(name),
            value_words(part["n"], "count"),
            figure_words(part["win_rate"], "share"),
            figure_words(part["expectancy"], "money"),
            signed(part["net"], "money"),
            value_words(part["fees"], "money"),
        ]
        for name, part in parts.items()
    ]
    return plain_table(head, rows)


def drawdown_words(fall: Mapping[str, Any]) -> str:
    """Say when the deepest fall was."""
    if fall["start_ms"] is None:
        return "Equity never fell below a peak."
    ended = "was not made up" if fall["end_ms"] is None else f"was made up {_day(fall['end_ms'])}"
    return (
        f"The deepest fall, {value_words(fall['fraction'], 'share')}, went from "
        f"{_day(fall['start_ms'])} to {_day(fall['trough_ms'])} and {ended}."
    )


def _day(time_ms: int) -> str:
    return words_of(time_ms)[:10]
