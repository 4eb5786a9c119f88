"""What came of an analysis, in words: look-ahead, memory of the beginning, redrawn trades."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from dash import html

from sonde.markets.core.backtesting.file_run import words_of
from sonde.markets.core.backtesting.stored_runs import Backtest
from sonde.markets.ui.backtests.redrawn import redrawn_panel
from sonde.markets.ui.backtests.run_panels import next_card
from sonde.markets.ui.backtests.words import name_words, signed, value_words
from sonde.platform.ui.components import card, columns, note, stat_card
from sonde.platform.ui.tables import Column, plain_table
from sonde.platform.ui.theme import Tone
from sonde.platform.ui.wording import count

_DIFFERENCES: Final = (
    Column("Column"),
    Column("First bar that differs"),
    Column("Opened, UTC"),
    Column("Known bars", numeric=True),
    Column("With all bars", numeric=True),
    Column("With the known ones", numeric=True),
)


def look_ahead_body(run: Backtest) -> list[Any]:
    """Return whether the strategy knows the future, and where that shows first."""
    said: Mapping[str, Any] = run.results or {}
    tone = Tone.GOOD if said["repeatable"] and not said["looks_ahead"] else Tone.BAD
    title, words = look_ahead_words(said)
    parts: list[Any] = [note(words, tone, title=title)]
    if said["differences"]:
        parts.append(_difference_table(said["differences"]))
    return [card(parts, title="Look-ahead analysis"), next_card(run)]


def look_ahead_words(said: Mapping[str, Any]) -> tuple[str, str]:
    """Say what was found, in a heading and a sentence or two."""
    if not said["repeatable"]:
        return (
            "Nothing can be said",
            "The same candles brought another answer the second time. Take chance out of the "
            "strategy, or give it a fixed seed.",
        )
    asked = f"The candles ({count(said['bars'])} bars) were cut {count(said['n_cuts'])} times"
    refused = (
        f"; at {count(said['refused'])} cuts the strategy asked for more bars"
        if said["refused"]
        else ""
    )
    if not said["looks_ahead"]:
        words = f"{asked}, and what it said of a bar never depended on later bars{refused}."
        return "It does not know the future", words
    first = said["differences"][0]
    words = (
        f"{asked}. What it says of bar {count(first['bar'])} ({words_of(first['time_ms'])}) "
        f"depends on later bars: {column_words(first['column'])} differs first{refused}. Its "
        "backtest cannot be believed. Usual causes are a shift by -1, a centred mean, scaling by "
        "all data, filling backwards, and a resampled bar that is named by its end."
    )
    return "It knows the future", words


def column_words(name: str) -> str:
    """Return a column of the decisions for people.

    Examples
    --------
    >>> column_words("enter_long"), column_words("indicator sma_fast")
    ('enter long', 'the indicator sma fast')
    """
    plain = name.replace("_", " ")
    return f"the {plain}" if name.startswith("indicator ") else plain


def _difference_table(differences: Sequence[Mapping[str, Any]]) -> Any:
    rows = [
        [
            name_words(each["column"]),
            count(each["bar"]),
            words_of(each["time_ms"]),
            count(each["known_bars"]),
            _number(each["told"]),
            _number(each["truly"]),
        ]
        for each in differences
    ]
    return plain_table(_DIFFERENCES, rows)


def recursive_body(run: Backtest) -> list[Any]:
    """Return how long the strategy remembers where its history began."""
    said: Mapping[str, Any] = run.results or {}
    title, words = recursive_words(said)
    parts: list[Any] = [note(words, Tone.GOOD if said["is_enough"] else Tone.WARN, title=title)]
    if said["memories"]:
        head = (
            Column("Column"),
            Column("Remembers, bars", numeric=True),
            Column("Differs behind the warm-up by", numeric=True),
        )
        rows = [
            [name_words(each["column"]), count(each["bars"]), _deviation(each["deviation"])]
            for each in said["memories"]
        ]
        parts.append(plain_table(head, rows))
    if said["differences"]:
        parts.append(_difference_table(said["differences"]))
    return [card(parts, title="Recursive analysis"), next_card(run)]


def recursive_words(said: Mapping[str, Any]) -> tuple[str, str]:
    """Say whether the warm-up is long enough."""
    starts = ", ".join(count(each) for each in said["starts"])
    began = f"The history was begun at bars {starts} instead"
    if said["is_enough"]:
        longest = said["memories"][0]["bars"] if said["memories"] else 0
        memory = (
            f" The longest memory is {count(longest)} bars."
            if longest
            else " No column remembers where the history began."
        )
        words = f"{began}; behind the warm-up of {count(said['warm_up'])} bars every decision was "
        return "The warm-up is long enough", f"{words}the same.{memory}"
    first = said["differences"][0]
    words = (
        f"{began}; behind the warm-up of {count(said['warm_up'])} bars "
        f"{column_words(first['column'])} still differs at {words_of(first['time_ms'])}. A paper "
        "account that begins with fewer bars than this backtest would decide otherwise."
    )
    return "The warm-up is too short", words


def monte_carlo_body(run: Backtest) -> list[Any]:
    """Return the run in a line, and its trades redrawn."""
    said: Mapping[str, Any] = run.results or {}
    unit = said["currency"]
    summary: Mapping[str, Any] = run.summary or {}
    cards = [
        stat_card(
            "Net profit",
            signed(float(said["net_profit"]), "money", unit),
            icon_name="tabler:chart-line",
            hint=f"{count(summary['trades'])} trades",
        ),
        stat_card(
            "Deepest fall",
            value_words(summary["max_drawdown"], "share"),
            icon_name="tabler:droplet",
            hint="Of the backtest, bar by bar",
        ),
        stat_card(
            "To be ready for",
            value_words(summary["max_drawdown_p95"], "share"),
            icon_name="tabler:alert-triangle",
            hint="95 % of redrawn trades fell less",
        ),
    ]
    drawn = redrawn_panel(said, float(said["start"]), unit)
    return [
        html.Div(columns(cards, minimum=200)),
        card(drawn, title="Trades in other orders, and drawn again"),
        next_card(run),
    ]


def _number(value: float | None) -> str:
    return "none" if value is None else f"{value:,.8g}"


def _deviation(value: float | None) -> str:
    return "no such bar" if value is None else f"{100 * value:.4g} %"
