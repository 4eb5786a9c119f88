"""What the dashboard does."""

from collections.abc import Mapping, Sequence
from typing import Any

from dash import ALL, Input, Output, State, ctx, no_update

from sonde.markets.services import (
    desk_charts,
    desk_choices,
    portfolio,
    quotes,
    watch_lists,
)
from sonde.markets.ui.dashboard.chart import chart_panel
from sonde.markets.ui.dashboard.holdings import portfolio_view, position_list, positions_told
from sonde.markets.ui.dashboard.ids import DashboardId, DashboardType, LiveId
from sonde.markets.ui.dashboard.page import read, told
from sonde.markets.ui.dashboard.prices import change_shown, watch_table, watched_told
from sonde.markets.ui.dashboard.state import of_store
from sonde.markets.ui.desk.ids import DeskId
from sonde.markets.ui.moving.places import price_facts
from sonde.markets.ui.moving.standing import MOVED, SIGN
from sonde.platform.core.actor import Actor
from sonde.platform.ui.callbacks import browser_callback, server_callback
from sonde.platform.ui.ids import ShellId
from sonde.platform.ui.shell.showing import show_again


@server_callback(
    Output(DashboardId.PANEL, "children"),
    Input(DashboardId.LOOK, "data"),
    Input(LiveId.BAR, "data"),
    Input(LiveId.ACCOUNT, "data"),
    prevent_initial_call=True,
)
def draw(actor: Actor, stored: Mapping[str, Any], _bar: Any, _account: Any) -> Any:
    """Draw the candles again: others were asked for, a bar is over, or a trade has changed."""
    look = of_store(stored)
    found = desk_charts.look(actor, look.symbol, look.timeframe, look.shown)
    marks = portfolio.marks(actor, look.account_id, look.symbol) if look.account_id else ()
    return chart_panel(found, look, marks)


@server_callback(
    Output(DashboardId.READINGS, "children"),
    Input(DashboardId.LOOK, "data"),
    Input(LiveId.BAR, "data"),
    prevent_initial_call=True,
)
def read_again(actor: Actor, stored: Mapping[str, Any], _bar: Any) -> Any:
    """Say how the market stands at its newest closed bar."""
    return read(actor, of_store(stored))


@server_callback(
    Output(DashboardId.PORTFOLIO, "children"),
    Output(DashboardId.POSITIONS, "children"),
    Output(DashboardId.POSITIONS, SIGN),
    Output(DashboardId.POSITIONS, MOVED),
    Input(DeskId.NEWS, "data"),
    Input(DeskId.CHANGED, "data"),
    State(DashboardId.LOOK, "data"),
    State(DashboardId.POSITIONS, SIGN),
    prevent_initial_call=True,
)
def hold(actor: Actor, _news: Any, _changed: Any, stored: Mapping[str, Any], before: str) -> Any:
    """Show what the account holds now; only a trade that changed draws the rows anew."""
    account_id = of_store(stored).account_id
    held = portfolio.look(actor, account_id) if account_id else None
    held_now = positions_told(held)
    rows = no_update if held_now[SIGN] == before else position_list(held)
    return portfolio_view(held), rows, held_now[SIGN], held_now[MOVED]


@server_callback(
    Output(DashboardId.WATCHED, "children"),
    Output(DashboardId.WATCHED, SIGN),
    Output(DashboardId.WATCHED, MOVED),
    Output(DashboardId.CHANGE, "children"),
    Input(DashboardId.WATCH, "value"),
    Input(LiveId.BAR, "data"),
    State(DashboardId.LOOK, "data"),
    State(DashboardId.WATCHED, SIGN),
)
def watch(
    actor: Actor,
    symbols: Sequence[str] | None,
    _bar: Any,
    stored: Mapping[str, Any],
    before: str,
) -> Any:
    """Show the symbols that are watched, and how the one that is looked at moved over a day."""
    look = of_store(stored)
    lines = watch_lists.look(actor, symbols or ())
    now = watched_told(lines, look)
    table = no_update if now[SIGN] == before else watch_table(lines, look)
    change = change_shown(watch_lists.line(actor, look.symbol).change)
    return table, now[SIGN], now[MOVED], change


@server_callback(
    Output(DashboardId.GONE_TO, "data"),
    Input({"type": DashboardType.SYMBOL.value, "symbol": ALL}, "n_clicks"),
    State(ShellId.LOCATION, "pathname"),
    State(ShellId.LOCATION, "search"),
    prevent_initial_call=True,
)
def choose(actor: Actor, clicks: Sequence[int], path: str, search: str | None) -> Any:
    """Look at another symbol of the watch list."""
    if ctx.triggered_id and any(clicks):
        desk_choices.choose(actor, symbol=ctx.triggered_id["symbol"])
        show_again(actor, path, search or "")
    return no_update


@server_callback(
    Output(DashboardId.NOTES, "children"),
    Input(ShellId.NOTIFICATIONS_HINT, "data"),
    prevent_initial_call=True,
)
def tell(actor: Actor, _hint: Any) -> Any:
    """Show what markets have told lately."""
    return told(actor)


@server_callback(
    Output(LiveId.HEARD, "data"),
    Input(LiveId.WANTED, "data"),
    State(DashboardId.LOOK, "data"),
    State(DashboardId.WATCH, "value"),
    prevent_initial_call=True,
)
def ask(
    actor: Actor, _wanted: Any, stored: Mapping[str, Any], watched: Sequence[str] | None
) -> Mapping[str, Any]:
    """Return the newest prices, and whether something has happened: where no stream tells it."""
    look = of_store(stored)
    symbols = tuple(dict.fromkeys([look.symbol, *(watched or ())[: watch_lists.MOST]]))
    version = portfolio.version(actor, look.account_id) if look.account_id else 0
    return {
        "prices": [price_facts(quotes.latest(actor, one)) for one in symbols],
        "version": version,
    }


IN_BROWSER = (
    browser_callback(
        "sondeDashboard.look",
        Output(DashboardId.LOOK, "data"),
        Input(DashboardId.TIMEFRAME, "value"),
        Input(DashboardId.SHOW, "value"),
        State(DashboardId.LOOK, "data"),
        prevent_initial_call=True,
    ),
    browser_callback(
        "sondeDashboard.follow",
        Output(LiveId.STATE, "title"),
        Input(DashboardId.LOOK, "data"),
        Input(DashboardId.WATCH, "value"),
        Input(DeskId.LIVE, "checked"),
    ),
    browser_callback(
        "sondeDashboard.want",
        Output(LiveId.WANTED, "data"),
        Input(DeskId.NEWS, "data"),
        prevent_initial_call=True,
    ),
    browser_callback(
        "sondeDashboard.hear",
        Output(LiveId.STATE, "role"),
        Input(LiveId.HEARD, "data"),
        prevent_initial_call=True,
    ),
)
