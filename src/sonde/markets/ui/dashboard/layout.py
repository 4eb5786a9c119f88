"""How the dashboard is laid out."""

from dataclasses import dataclass
from typing import Any, Final

from dash import dcc, html

from sonde.markets.ui.dashboard.ids import DashboardId
from sonde.markets.ui.dashboard.state import Look
from sonde.markets.ui.price_sample.button import WORDS, sample_button
from sonde.platform.ui.components import (
    PageView,
    button_link,
    card,
    columns,
    empty_state,
    split,
    stack,
)

DESCRIPTION: Final = "Price, candles, account and positions of one market, as they are now."


@dataclass(frozen=True)
class Parts:
    """The cards of the page.

    Parameters
    ----------
    price, chart, watch, notes : component
    portfolio, readings : list of components
    positions : component
        The list of them, with what moves in it.
    followers : component
        What keeps the page up to date.
    mark : component
        How it does.
    acting : list of components
        What acts on positions: the dialog of changes, and what was asked for.
    """

    price: Any
    chart: Any
    watch: Any
    notes: Any
    portfolio: list[Any]
    positions: Any
    readings: list[Any]
    followers: Any
    mark: Any
    acting: list[Any]


def dashboard_view(look: Look, parts: Parts) -> PageView:
    """Return the page of one symbol and one account."""
    ways = [("Open a trade", "/markets/trade"), ("All figures", "/markets/analytics")]
    every = [button_link(words, path) for words, path in ways] if look.account_id else []
    readings = html.Div(parts.readings, id=DashboardId.READINGS)
    notes = html.Div(parts.notes, id=DashboardId.NOTES)
    portfolio = html.Div(parts.portfolio, id=DashboardId.PORTFOLIO)
    body = [
        dcc.Store(id=DashboardId.LOOK, data=look.stored()),
        parts.followers,
        parts.price,
        split(
            parts.chart,
            stack(
                [
                    card(portfolio, title="Portfolio"),
                    card(readings, title="Regime and readings"),
                ]
            ),
        ),
        card([parts.positions, *parts.acting], title="Open positions", actions=every),
        columns([parts.watch, card(notes, title="Recent notifications")], minimum=460),
    ]
    return PageView(
        "Dashboard",
        body,
        description=DESCRIPTION,
        marks=[parts.mark],
        actions=[button_link("Prices and replays", "/markets/data", icon_name="tabler:table")],
    )


def first_view() -> PageView:
    """Return the page before anything is known of any price."""
    nothing = empty_state(
        "No prices yet",
        "Import candles from a file and replay them as if they came now, or let an administrator "
        f"switch a live feed on. {WORDS}",
        icon_name="tabler:chart-candle",
        actions=[
            button_link("To the prices", "/markets/data", variant="filled"),
            sample_button("dashboard"),
        ],
    )
    return PageView("Dashboard", [card(nothing)], description=DESCRIPTION)
