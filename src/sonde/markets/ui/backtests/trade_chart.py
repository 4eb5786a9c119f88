"""Trades on the candles that they were made on."""

from typing import Any, Final

import numpy as np
import plotly.graph_objects as go

from sonde.markets.core.backtesting.file_run import words_of
from sonde.markets.core.backtesting.lines import TradeMarks
from sonde.markets.core.backtesting.results import EXIT_REASONS
from sonde.markets.core.prices.views import PriceView
from sonde.markets.ui.backtests.ids import ResultId
from sonde.markets.ui.backtests.words import signed
from sonde.markets.ui.candle_figures import (
    FALLING,
    RISING,
    CandleChart,
    candle_figure,
    iso_times,
)
from sonde.platform.ui.components import note
from sonde.platform.ui.figures import Twin, graph
from sonde.platform.ui.tables import Column
from sonde.platform.ui.theme import SERIES, Tone
from sonde.platform.ui.wording import count

_TWIN_ROWS: Final = 40
_COLUMNS: Final = (
    Column("Side"),
    Column("Entry, UTC"),
    Column("Price", numeric=True),
    Column("Exit, UTC"),
    Column("Price", numeric=True),
    Column("Net", numeric=True),
    Column("Exit because of"),
)


def trade_panel(view: PriceView, marks: TradeMarks) -> Any:
    """Return candles with the entries and exits of the trades in view."""
    if view.in_view.n == 0:
        return note("No bar opened in this period. Choose another one.", Tone.WARN)
    instrument = view.series.instrument
    chart = CandleChart(
        view.candles,
        view.span,
        view.length_ms,
        instrument.quote or "quote",
        instrument.base or "base",
    )
    figure = candle_figure(chart)
    figure.add_traces(mark_traces(marks, instrument.quote))
    figure.layout.showlegend = True
    return graph(
        figure,
        id=ResultId.CANDLES.value,
        name=f"Trades on {view.series.key}",
        summary=sentence(view, marks),
        twin=Twin(_COLUMNS, _rows(marks, instrument.quote)),
        height=chart.height,
    )


def sentence(view: PriceView, marks: TradeMarks) -> str:
    """Say how many trades are in view and how they ended."""
    first, last = (words_of(time) for time in view.span)
    if not marks.n:
        return f"No trade between {first} and {last}."
    won = int((marks.net > 0).sum())
    shown = len(marks.trades)
    if shown < marks.n:
        return (
            f"{count(marks.n)} trades between {first} and {last}; shown are the {count(shown)} "
            f"that won or lost most, {count(won)} of them won. Look closer to see all."
        )
    return f"{count(marks.n)} trades between {first} and {last}, {count(won)} of them won."


def mark_traces(marks: TradeMarks, unit: str) -> list[Any]:
    """Return a line from each entry to its exit, and a mark at both ends."""
    trades = marks.trades
    entry, exit_ = iso_times(trades.entry_time_ms), iso_times(trades.exit_time_ms)
    won = marks.net > 0
    told = [
        f"{'Long' if side > 0 else 'Short'}, {signed(float(net), 'money', unit)}"
        for side, net in zip(trades.side, marks.net, strict=True)
    ]
    paths = [
        _paths(name, colour, chosen, (entry, exit_), marks)
        for name, colour, chosen in (("Won", RISING, won), ("Lost", FALLING, ~won))
        if chosen.any()
    ]
    shapes = np.where(trades.side > 0, "triangle-up", "triangle-down").tolist()
    return [
        *paths,
        _ends("Entry", (entry, trades.entry_price), shapes, told),
        _ends("Exit", (exit_, trades.exit_price), ["x-thin"] * len(trades), told),
    ]


def _paths(
    name: str, colour: str, chosen: Any, times: tuple[list[str], list[str]], marks: TradeMarks
) -> go.Scatter:
    x: list[str | None] = []
    y: list[float | None] = []
    for k in np.flatnonzero(chosen).tolist():
        x += [times[0][k], times[1][k], None]
        y += [float(marks.trades.entry_price[k]), float(marks.trades.exit_price[k]), None]
    line = {"color": colour, "width": 1.6, "dash": "dot"}
    return go.Scatter(x=x, y=y, mode="lines", name=name, line=line, hoverinfo="skip")


def _ends(
    name: str, place: tuple[list[str], Any], shapes: list[str], told: list[str]
) -> go.Scatter:
    colour = SERIES[0] if name == "Entry" else SERIES[1]
    return go.Scatter(
        x=place[0],
        y=place[1],
        mode="markers",
        name=name,
        text=told,
        marker={
            "symbol": shapes,
            "size": 9,
            "color": colour,
            "line": {"width": 1.6 if name == "Exit" else 0, "color": colour},
        },
        hovertemplate=f"{name} at %{{y:,.6~g}}, %{{x}}<br>%{{text}}<extra></extra>",
    )


def _rows(marks: TradeMarks, unit: str) -> list[list[str]]:
    trades = marks.trades
    return [
        [
            "long" if trades.side[k] > 0 else "short",
            words_of(int(trades.entry_time_ms[k])),
            f"{trades.entry_price[k]:,.8g}",
            words_of(int(trades.exit_time_ms[k])),
            f"{trades.exit_price[k]:,.8g}",
            signed(float(marks.net[k]), "money", unit),
            EXIT_REASONS[int(trades.exit_reason[k])],
        ]
        for k in range(min(len(trades), _TWIN_ROWS))
    ]
