"""The page: everything that is stored and comes in, or one series."""

from collections.abc import Sequence
from typing import Any

import dash_mantine_components as dmc
from dash import dcc, html

from sonde.markets.core.prices.series import Series
from sonde.markets.core.prices.views import PriceView
from sonde.markets.core.timeframes import TIMEFRAMES, Timeframe
from sonde.markets.ui.market_data.chart import chart_panel, indicator_choice, span_buttons
from sonde.markets.ui.market_data.ids import DataId
from sonde.markets.ui.market_data.series_list import age_words
from sonde.markets.ui.market_data.state import PATH, ViewState
from sonde.platform.ui.components import PageView, badge, button_link, card, loading_state, split
from sonde.platform.ui.icons import icon
from sonde.platform.ui.wording import count

DESCRIPTION = "Candles at rest and on their way: import, collect, look, replay."


def data_view(cards: Sequence[Any]) -> PageView:
    """Return the page of everything."""
    return PageView("Market data", list(cards), description=DESCRIPTION)


def series_view(view: PriceView, state: ViewState, now_ms: int, *, may_act: bool) -> PageView:
    """Return the page of one series."""
    series = view.series
    store = dcc.Store(
        id=DataId.STATE,
        data=state.stored() | {"first": series.first_ms, "last": series.last_ms},
    )
    chart = card(
        [
            html.Div(
                [span_buttons(), indicator_choice(state.shown)],
                className="sonde-look-bar sonde-between",
            ),
            html.Div(chart_panel(view, state), id=DataId.PANEL),
        ],
        title="Candles",
        description="Drag over the chart to look closer; double-click shows all again.",
    )
    beside = card(html.Div(loading_state(8), id=DataId.SIDE))
    body = [store, split(chart, beside)]
    return PageView(
        f"{series.instrument.symbol} {series.timeframe}",
        [*body, _acts(series), _deleting(series)] if may_act else body,
        description=f"{count(series.n_bars)} bars of {series.instrument.venue}; the newest one "
        f"closed {age_words(series, now_ms)}.",
        actions=[button_link("All series", PATH, icon_name="tabler:table")],
        marks=[badge(series.instrument.venue), badge(series.provenance.feed)],
    )


def _acts(series: Series) -> Any:
    longer = [
        name
        for name in TIMEFRAMES
        if name != series.timeframe.name and Timeframe(name).holds(series.timeframe)
    ]
    resample = html.Div(
        [
            dmc.Select(
                id=DataId.LONGER,
                label="Make longer bars of it",
                data=longer,
                value=longer[0] if longer else None,
                allowDeselect=False,
                w=180,
            ),
            dmc.Checkbox(
                id=DataId.KEEP_HOLED,
                label="Keep bars in whose middle some are missing",
                checked=False,
                size="sm",
            ),
            dmc.Button(
                "Resample",
                id=DataId.RESAMPLE,
                variant="default",
                disabled=not longer,
                leftSection=icon("tabler:columns-3", 16),
            ),
            dmc.Button(
                "Delete this series",
                id=DataId.DELETE_ASK,
                variant="default",
                leftSection=icon("tabler:trash", 16),
            ),
        ],
        className="sonde-look-bar",
    )
    return card(resample, title="Work on this series")


def _deleting(series: Series) -> Any:
    """Return the question before a series is deleted."""
    return dmc.Modal(
        [
            html.P(
                f"{count(series.n_bars)} bars of {series.key} are deleted with their files. This "
                "cannot be undone; a file can be imported again."
            ),
            html.Div(
                [
                    dmc.Button("Keep it", id=DataId.DELETE_KEEP, variant="default"),
                    dmc.Button("Delete for good", id=DataId.DELETE, color="red"),
                ],
                className="sonde-row sonde-dialog-foot",
            ),
        ],
        id=DataId.DELETE_MODAL,
        title=f"Delete {series.key}?",
        opened=False,
        closeButtonProps={"aria-label": "Close"},
    )
