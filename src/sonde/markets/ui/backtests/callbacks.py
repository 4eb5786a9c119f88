"""What the pages of backtests do."""

from collections.abc import Sequence
from typing import Any

from dash import ALL, Input, Output, State, ctx, no_update

from sonde.markets.core.backtesting.stored_runs import path_of
from sonde.markets.services import price_store, price_views, strategies
from sonde.markets.services.automations import parity
from sonde.markets.services.backtests import asking, columns, redrawing, results
from sonde.markets.ui.backtests.form import about, parameter_fields, study_fields
from sonde.markets.ui.backtests.ids import BacktestsType, FormId, ParityId, ResultId, RunsId
from sonde.markets.ui.backtests.layout import seen_of, stored_of
from sonde.markets.ui.backtests.page import body_of, runs_of
from sonde.markets.ui.backtests.parity_panel import parity_panel
from sonde.markets.ui.backtests.redrawn import redrawn_panel
from sonde.markets.ui.backtests.run_panels import trade_row
from sonde.markets.ui.backtests.runs import runs_list
from sonde.markets.ui.backtests.state import of_query, span_of
from sonde.markets.ui.backtests.trade_chart import trade_panel
from sonde.markets.ui.backtests.wish import Form, wish_of
from sonde.platform.core.actor import Actor
from sonde.platform.ui.callbacks import browser_callback, server_callback
from sonde.platform.ui.errors import said_in_place, show_toast
from sonde.platform.ui.ids import ShellId
from sonde.platform.ui.navigation import go_to
from sonde.platform.ui.tables import rows_response
from sonde.platform.ui.theme import Tone

_FIELDS = {"type": BacktestsType.FIELD.value, "name": ALL}
_PARAMETERS = {"type": BacktestsType.PARAMETER.value, "name": ALL}
_AXES = {"type": BacktestsType.AXIS.value, "name": ALL}
_SAID = tuple(
    State(which, part) for which in (_FIELDS, _PARAMETERS, _AXES) for part in ("id", "value")
)
_REFUSED = said_in_place("This part could not be shown.")


def said_of(parts: Sequence[Any]) -> tuple[dict[str, Any], ...]:
    """Return what controls hold by their names, from pairs of identifiers and values."""
    return tuple(
        {one["name"]: value for one, value in zip(ids, values, strict=True)}
        for ids, values in zip(parts[::2], parts[1::2], strict=True)
    )


@server_callback(
    Output(FormId.ABOUT, "children"),
    Output(FormId.PARAMETERS, "children"),
    Output(FormId.STUDY_FIELDS, "children"),
    Input(FormId.STUDY, "value"),
    Input(FormId.STRATEGY, "value"),
    *_SAID,
    prevent_initial_call=True,
)
def describe(actor: Actor, study: str, strategy: str, *said: Any) -> Any:
    """Show what the chosen strategy and study ask; another strategy begins with its defaults."""
    fields, settings, axes = said_of(said)
    if ctx.triggered_id == FormId.STRATEGY:
        settings, axes = {}, {}
    chosen = strategies.named(strategy)
    form = Form(study, strategy, "", {k: v for k, v in fields.items() if v}, settings, axes)
    parameters = parameter_fields(form, chosen)
    if ctx.triggered_id == FormId.STRATEGY:
        return about(study, chosen), parameters, no_update
    return about(study, chosen), parameters, study_fields(form, price_store.list_series(actor))


@server_callback(
    Output(FormId.RUN, "title"),
    Input(FormId.RUN, "n_clicks"),
    State(FormId.STUDY, "value"),
    State(FormId.STRATEGY, "value"),
    State(FormId.SERIES, "value"),
    *_SAID,
    prevent_initial_call=True,
    running=[(Output(FormId.RUN, "loading"), True, False)],
)
def run(
    actor: Actor, clicks: int | None, study: str, strategy: str, series_id: str, *said: Any
) -> Any:
    """Ask for what the form says, and go to where its result will be."""
    if clicks:
        form = Form(study, strategy, series_id, *said_of(said))
        wish = wish_of(form, price_store.get(actor, series_id))
        go_to(path_of(asking.ask(actor, study, wish).backtest_id))
    return no_update


@server_callback(
    Output(RunsId.BOX, "children"),
    Output(RunsId.PLACE, "data"),
    Input(RunsId.DELETE, "n_clicks"),
    Input(RunsId.KIND, "value"),
    Input(RunsId.SYMBOL, "value"),
    Input(ShellId.JOBS_CHANGED, "data"),
    State(RunsId.CHOSEN, "data"),
    State(RunsId.PLACE, "data"),
    State(RunsId.SORT, "data"),
    prevent_initial_call=True,
)
def refresh(actor: Actor, clicks: Any, kind: Any, symbol: Any, _jobs: Any, *stored: Any) -> Any:
    """Delete the chosen runs where that was asked, and show the list as it is now."""
    chosen, place, sort = stored
    if ctx.triggered_id == RunsId.DELETE and clicks:
        for one in chosen:
            results.delete(actor, one["id"])
        show_toast("Deleted", f"{len(chosen)} gone for good, with their files.", Tone.GOOD)
    newest = ctx.triggered_id in {RunsId.KIND, RunsId.SYMBOL}
    before = "" if newest else place["before"]
    query = {"kind": kind or "", "symbol": symbol or "", "sort": sort or "", "before": before}
    state = of_query(query)
    found = runs_of(actor, state)
    seen = seen_of(found.items)
    if ctx.triggered_id == ShellId.JOBS_CHANGED and seen == place["seen"]:
        return no_update, no_update
    shown = runs_list(found.items, state, found.next_cursor or "")
    return shown, {"before": before, "seen": seen}


@server_callback(
    Output(ResultId.BODY, "children"),
    Output(ResultId.STATE, "data"),
    Input(ShellId.JOBS_CHANGED, "data"),
    State(ResultId.STATE, "data"),
    prevent_initial_call=True,
)
def follow(actor: Actor, _changed: Any, stored: dict[str, Any]) -> Any:
    """Show the result once it is there."""
    found = results.get(actor, stored["id"])
    if found.state.value == stored["state"]:
        return no_update, no_update
    return body_of(actor, found), stored_of(found)


@server_callback(
    Output(ResultId.CANDLES_PANEL, "children"),
    Input(ResultId.VIEW, "data"),
    Input(ResultId.SYMBOL, "value"),
    State(ResultId.STATE, "data"),
    failed=_REFUSED,
)
def draw_candles(actor: Actor, view: dict[str, Any], symbol: str, stored: dict[str, Any]) -> Any:
    """Draw the trades that are looked at now on their candles."""
    span = span_of(view) or (stored["from"], stored["to"])
    seen = price_views.look(actor, stored["series"][symbol], span)
    marks = columns.trade_marks(actor, stored["id"], span, symbol=symbol)
    return trade_panel(seen, marks)


@server_callback(
    Output(ParityId.PANEL, "children"),
    Input(ParityId.CHOICE, "value"),
    prevent_initial_call=True,
    failed=_REFUSED,
)
def show_parity(actor: Actor, automation_id: str | None) -> Any:
    """Set what a strategy did on paper beside its backtest."""
    return parity_panel(parity.compare(actor, automation_id)) if automation_id else None


@server_callback(
    Output(ResultId.REDRAWN, "children"),
    Input(ResultId.REDRAWN, "id"),
    State(ResultId.STATE, "data"),
    failed=_REFUSED,
)
def redraw(actor: Actor, _id: str, stored: dict[str, Any]) -> Any:
    """Draw the trades again, while the person reads."""
    said = results.get(actor, stored["id"]).results or {}
    drawn = redrawing.redrawn(actor, stored["id"])
    return redrawn_panel(drawn, float(said["start"]), said["currency"])


@server_callback(
    Output(ResultId.TRADES, "getRowsResponse"),
    Input(ResultId.TRADES, "getRowsRequest"),
    State(ResultId.STATE, "data"),
    prevent_initial_call=True,
)
def load_trades(actor: Actor, request: dict[str, Any] | None, stored: dict[str, Any]) -> Any:
    """Load a part of the trades."""
    if not request:
        return no_update
    first, end = int(request["startRow"]), int(request["endRow"])
    found = columns.trades(actor, stored["id"], cursor=str(first), limit=end - first)
    return rows_response([trade_row(each) for each in found.items], stored["trades"])


IN_BROWSER = (
    browser_callback(
        "sondeBacktests.choose",
        Output(RunsId.CHOSEN, "data"),
        Output(RunsId.BAR, "hidden"),
        Output(RunsId.BAR_TEXT, "children"),
        Output(RunsId.COMPARE, "disabled"),
        Output(RunsId.DELETE_WORDS, "children"),
        Input(RunsId.GRID, "selectedRows"),
    ),
    browser_callback(
        "sondeBacktests.compare",
        Output(RunsId.COMPARE, "title"),
        Input(RunsId.COMPARE, "n_clicks"),
        State(RunsId.CHOSEN, "data"),
        prevent_initial_call=True,
    ),
    browser_callback(
        "sondeBacktests.ask",
        Output(RunsId.DELETE_MODAL, "opened"),
        Input(RunsId.DELETE_ASK, "n_clicks"),
        Input(RunsId.DELETE_KEEP, "n_clicks"),
        Input(RunsId.DELETE, "n_clicks"),
        prevent_initial_call=True,
    ),
    browser_callback(
        "sondeBacktests.find",
        Output(RunsId.BAR, "title"),
        Input(RunsId.KIND, "value"),
        Input(RunsId.SYMBOL, "value"),
        prevent_initial_call=True,
    ),
    browser_callback(
        "sondeBacktests.look",
        Output(ResultId.VIEW, "data"),
        Input(ResultId.CANDLES, "relayoutData"),
        State(ResultId.VIEW, "data"),
        prevent_initial_call=True,
    ),
)
