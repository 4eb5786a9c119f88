"""Candles with the account's trades on them: entries, exits, and the levels of what is open."""

from collections.abc import Sequence
from typing import Any, Final

import numpy as np
import plotly.graph_objects as go

from sonde.markets.core.growing import GrowingBar
from sonde.markets.core.prices.views import PriceView
from sonde.markets.core.sides import Side
from sonde.markets.core.trade_marks import TradeMark
from sonde.markets.ui.candle_figures import FALLING, RISING, candle_figure, iso_times
from sonde.markets.ui.market_data.chart import candle_chart
from sonde.markets.ui.market_data.state import ViewState
from sonde.platform.ui.theme import series_colour

_MOST_LEVELS: Final = 4


def desk_figure(
    view: PriceView,
    shown: Sequence[str],
    marks: Sequence[TradeMark],
    growing: GrowingBar | None = None,
) -> go.Figure:
    """Return candles, indicators, and the trades in view; there is room for the bar that grows."""
    chart = candle_chart(view, ViewState(view.series.id, view.span, None, tuple(shown)))
    figure = candle_figure(chart)
    seen = [one for one in marks if is_in_view(one, view)]
    figure.add_traces(trade_traces(seen))
    figure.layout.shapes = _levels([one for one in seen if one.closed_ms is None])
    if seen:
        figure.layout.showlegend = True
    if growing is not None and figure.layout.yaxis.range:
        low, high = figure.layout.yaxis.range
        figure.layout.yaxis.range = [min(low, growing.low), max(high, growing.high)]
    figure.layout.uirevision = f"{view.series.id}-{view.length_ms}-{int(view.span[0])}"
    return figure


def is_in_view(mark: TradeMark, view: PriceView) -> bool:
    """Say whether a part of a trade lies in view."""
    until_ms = view.span[1] if mark.closed_ms is None else mark.closed_ms
    return mark.opened_ms < view.span[1] and until_ms >= view.span[0]


def trade_traces(marks: Sequence[TradeMark]) -> list[Any]:
    """Return entries as triangles that point where the trade looks, exits as crosses."""
    traces: list[Any] = [_ways(marks)] if any(one.closed_ms for one in marks) else []
    for side, symbol in ((Side.LONG, "triangle-up"), (Side.SHORT, "triangle-down")):
        entered = [one for one in marks if one.side is side]
        if entered:
            traces.append(_entries(entered, side, symbol))
    left = [one for one in marks if one.closed_ms is not None and one.exit is not None]
    if left:
        traces.append(_exits(left))
    return traces


def _entries(marks: Sequence[TradeMark], side: Side, symbol: str) -> go.Scatter:
    return go.Scatter(
        x=_times([one.opened_ms for one in marks]),
        y=[float(one.entry) for one in marks],
        mode="markers",
        name=f"Entry {side.value}",
        marker={"symbol": symbol, "size": 12, "color": series_colour(0), "line": {"width": 1}},
        hovertemplate=f"{side.value} entry<br>%{{x}}<br>%{{y:,.6~g}}<extra></extra>",
    )


def _exits(marks: Sequence[TradeMark]) -> go.Scatter:
    return go.Scatter(
        x=_times([one.closed_ms or 0 for one in marks]),
        y=[float(one.exit or 0) for one in marks],
        mode="markers",
        name="Exit",
        text=[f"{one.reason}, net {one.net:+,.2f}" for one in marks],
        marker={
            "symbol": "x",
            "size": 9,
            "color": [RISING if one.net >= 0 else FALLING for one in marks],
        },
        hovertemplate="exit: %{text}<br>%{x}<br>%{y:,.6~g}<extra></extra>",
    )


def _ways(marks: Sequence[TradeMark]) -> go.Scatter:
    times: list[str | None] = []
    prices: list[float | None] = []
    for one in marks:
        if one.closed_ms is not None and one.exit is not None:
            times += [*_times([one.opened_ms, one.closed_ms]), None]
            prices += [float(one.entry), float(one.exit), None]
    return go.Scatter(
        x=times,
        y=prices,
        mode="lines",
        showlegend=False,
        hoverinfo="skip",
        line={"width": 1, "dash": "dot", "color": series_colour(7)},
    )


def _levels(marks: Sequence[TradeMark]) -> list[dict[str, Any]]:
    """Return entry, stop and target of what is open as lines across the chart."""
    lines = []
    for one in marks[-_MOST_LEVELS:]:
        levels = ((one.entry, series_colour(0), "dash"), (one.stop, FALLING, "dot"))
        for price, colour, dash in (*levels, (one.target, RISING, "dot")):
            if price is not None:
                lines.append(_level(float(price), colour, dash))
    return lines


def _level(price: float, colour: str, dash: str) -> dict[str, Any]:
    return {
        "type": "line",
        "xref": "paper",
        "x0": 0,
        "x1": 1,
        "y0": price,
        "y1": price,
        "line": {"width": 1, "dash": dash, "color": colour},
        "layer": "below",
    }


def _times(times_ms: Sequence[int]) -> list[str]:
    return iso_times(np.array(times_ms, dtype=np.int64))
