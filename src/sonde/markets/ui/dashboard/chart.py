"""The card of the chart: candles with indicators and trades, in a sentence and as a table."""

from collections.abc import Sequence
from typing import Any, Final

import dash_mantine_components as dmc
from dash import html

from sonde.markets.core.indicators.catalogue import INDICATORS
from sonde.markets.core.prices.checking import when
from sonde.markets.core.prices.views import MOST_INDICATORS, PriceView
from sonde.markets.core.trade_marks import TradeMark
from sonde.markets.services.desk_charts import DeskChart
from sonde.markets.ui.dashboard.figures import desk_figure, is_in_view
from sonde.markets.ui.dashboard.ids import DashboardId
from sonde.markets.ui.dashboard.live import grows_place
from sonde.markets.ui.dashboard.state import Look
from sonde.markets.ui.market_data.chart import candle_chart, price_words, sentence
from sonde.markets.ui.market_data.state import ViewState
from sonde.platform.ui.components import card, empty_state
from sonde.platform.ui.figures import Twin, graph
from sonde.platform.ui.tables import Column
from sonde.platform.ui.wording import count

_TWIN_ROWS: Final = 20
_PRICES: Final = frozenset({"open", "high", "low", "close", "volume"})
_COLUMNS: Final = (
    Column("What"),
    Column("Time"),
    Column("Price", numeric=True),
    Column("Result", numeric=True),
)


def chart_card(panel: Any, look: Look, timeframes: Sequence[str], timeframe: str) -> Any:
    """Return the chart with its choices."""
    options = [
        {"value": name, "label": each.title}
        for name, each in INDICATORS.items()
        if name not in _PRICES
    ]
    indicators = dmc.MultiSelect(
        id=DashboardId.SHOW,
        label="Indicators",
        data=options,
        value=list(look.shown),
        maxValues=MOST_INDICATORS,
        searchable=True,
        clearable=True,
    )
    choices = html.Div(
        [
            dmc.Select(
                id=DashboardId.TIMEFRAME,
                label="Bars",
                data=list(timeframes),
                value=timeframe or None,
                allowDeselect=False,
                w=96,
            ),
            html.Div(indicators, className="sonde-look-find"),
        ],
        className="sonde-look-bar is-top",
    )
    return card([choices, html.Div(panel, id=DashboardId.PANEL)], title="Candles")


def chart_panel(found: DeskChart, look: Look, marks: Sequence[TradeMark]) -> list[Any]:
    """Return the chart, or why there is none."""
    view = found.view
    if view is None or view.candles.n == 0:
        return [empty_state("No candles", found.reason, icon_name="tabler:chart-candle")]
    seen = [one for one in marks if is_in_view(one, view)]
    height = candle_chart(view, ViewState(view.series.id, shown=look.shown)).height
    return [
        graph(
            desk_figure(view, look.shown, marks, found.growing),
            id=DashboardId.CHART.value,
            name=f"Candles of {view.series.key} with trades",
            summary=f"{sentence(view, view.candles)} {_trades_words(seen)}",
            twin=Twin(_COLUMNS, _twin_rows(view, seen)),
            height=height,
        ),
        grows_place(view, found.growing),
    ]


def _trades_words(marks: Sequence[TradeMark]) -> str:
    if not marks:
        return "The account has no trade in view."
    still = sum(one.closed_ms is None for one in marks)
    many = "trade" if len(marks) == 1 else "trades"
    return f"{count(len(marks))} {many} of the account in view, {count(still)} of them open."


def _twin_rows(view: PriceView, marks: Sequence[TradeMark]) -> list[list[str]]:
    rows = []
    for one in marks[-_TWIN_ROWS:]:
        entry = price_words(float(one.entry))
        rows.append([f"Entry {one.side.value}", when(_second(one.opened_ms)), entry, ""])
        if one.closed_ms is not None and one.exit is not None:
            left = price_words(float(one.exit))
            made = f"{one.net:+,.2f}"
            rows.append([f"Exit: {one.reason}", when(_second(one.closed_ms)), left, made])
    bars, first = view.candles, max(view.candles.n - _TWIN_ROWS, 0)
    return rows + [
        ["Bar, close", when(int(bars.open_time_ms[k])), price_words(float(bars.close[k])), ""]
        for k in range(first, bars.n)
    ]


def _second(time_ms: int) -> int:
    return time_ms // 1000 * 1000
