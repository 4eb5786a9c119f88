"""What the page of market data does."""

from datetime import UTC, datetime
from typing import Any

from dash import ALL, Input, Output, State, ctx, no_update

from sonde.markets.services import (
    collection,
    feeds,
    funding,
    price_imports,
    price_store,
    price_views,
)
from sonde.markets.services import prices as price_service
from sonde.markets.services import replays as replay_service
from sonde.markets.ui.market_data.chart import chart_panel
from sonde.markets.ui.market_data.collecting import collection_list
from sonde.markets.ui.market_data.feeding import feed_list
from sonde.markets.ui.market_data.funding import rate_list
from sonde.markets.ui.market_data.ids import (
    CollectId,
    DataId,
    DataType,
    FeedId,
    FundingId,
    ImportId,
    ReplayId,
)
from sonde.markets.ui.market_data.importing import FIELDS, wish_of
from sonde.markets.ui.market_data.page import recent_imports, told
from sonde.markets.ui.market_data.replaying import replay_list, replay_options, replay_place
from sonde.markets.ui.market_data.series_list import series_card
from sonde.markets.ui.market_data.side import side
from sonde.markets.ui.market_data.state import PATH, of_store, path_of
from sonde.platform.core.actor import Actor, Role
from sonde.platform.core.errors import Invalid
from sonde.platform.ui.callbacks import browser_callback, server_callback
from sonde.platform.ui.errors import show_toast
from sonde.platform.ui.ids import ShellId
from sonde.platform.ui.navigation import go_to
from sonde.platform.ui.theme import Tone
from sonde.platform.ui.uploads import uploaded


@server_callback(
    Output(DataId.PANEL, "children"),
    Input(DataId.STATE, "data"),
    prevent_initial_call=True,
)
def draw(actor: Actor, stored: dict[str, Any]) -> Any:
    """Draw what is looked at now, in as many candles as can be told apart."""
    state = of_store(stored)
    return chart_panel(price_views.look(actor, state.series_id, state.span, state.shown), state)


@server_callback(
    Output(DataId.SIDE, "children"),
    Input(DataId.SIDE, "id"),
    State(DataId.STATE, "data"),
)
def describe(actor: Actor, _id: str, stored: dict[str, Any]) -> Any:
    """Show figures, gaps and outliers; they need every bar, so the chart does not wait for them."""
    return side(price_views.findings(actor, of_store(stored).series_id))


@server_callback(
    Output(DataId.RESAMPLE, "title"),
    Input(DataId.RESAMPLE, "n_clicks"),
    State(DataId.STATE, "data"),
    State(DataId.LONGER, "value"),
    State(DataId.KEEP_HOLED, "checked"),
    prevent_initial_call=True,
    running=[(Output(DataId.RESAMPLE, "loading"), True, False)],
)
def resample(
    actor: Actor, clicks: int | None, stored: dict[str, Any], longer: str, holed: bool | None
) -> Any:
    """Make longer bars and go to them."""
    if clicks:
        series_id = of_store(stored).series_id
        made = price_service.resample(actor, series_id, longer, keep_holed=bool(holed))
        show_toast("Resampled", f"{made.n_new:,} bars of {made.series.key} are new.", Tone.GOOD)
        go_to(path_of(made.series.id))
    return no_update


@server_callback(
    Output(DataId.DELETE, "title"),
    Input(DataId.DELETE, "n_clicks"),
    State(DataId.STATE, "data"),
    prevent_initial_call=True,
)
def delete(actor: Actor, clicks: int | None, stored: dict[str, Any]) -> Any:
    """Delete a series that was asked about, and go back to the others."""
    if clicks:
        price_service.delete(actor, of_store(stored).series_id)
        show_toast("Deleted", "The series and its files are gone.")
        go_to(PATH)
    return no_update


@server_callback(
    Output(ImportId.ASKED, "data"),
    Input(ImportId.READ, "n_clicks"),
    State(ImportId.FILE, "contents"),
    State(ImportId.FILE, "filename"),
    State(ImportId.OVERWRITE, "checked"),
    *(State(name, "value") for name in FIELDS),
    prevent_initial_call=True,
    running=[(Output(ImportId.READ, "loading"), True, False)],
)
def import_file(
    actor: Actor,
    clicks: int | None,
    contents: str | None,
    name: str | None,
    overwrite: bool | None,
    *values: Any,
) -> Any:
    """Put a file aside; a job reads and stores it."""
    if not clicks:
        return no_update
    if not contents:
        raise Invalid("Choose a file first: drop it into the field above.", field="file")
    wish = wish_of(dict(zip(FIELDS, values, strict=True)), overwrite=bool(overwrite))
    content = uploaded(contents)
    return price_imports.stage_upload(actor, wish, name or "", content).id


@server_callback(
    Output(ImportId.LIST, "children"),
    Output(DataId.LIST, "children"),
    Output(ReplayId.SERIES, "data"),
    Input(ImportId.ASKED, "data"),
    Input(ShellId.JOBS_CHANGED, "data"),
    prevent_initial_call=True,
)
def refresh(actor: Actor, _asked: Any, _changed: Any) -> Any:
    """Show what became of imports, and what is stored now."""
    stored = price_store.list_series(actor)
    shown = series_card(stored, price_store.now_ms())
    return recent_imports(actor), shown, replay_options(stored)


@server_callback(
    Output(FundingId.SAID, "children"),
    Output(FundingId.LIST, "children"),
    Input(FundingId.FILE, "contents"),
    State(FundingId.SYMBOL, "value"),
    prevent_initial_call=True,
)
def import_funding(actor: Actor, contents: str | None, key: str | None) -> Any:
    """Store a file of funding rates, and show what is known now."""
    if not contents:
        return no_update, no_update
    if not key:
        raise Invalid("Import the instrument's prices first.", field="symbol")
    stored = funding.import_rates(actor, key, uploaded(contents))
    return stored.words, rate_list(funding.known(actor))


@server_callback(
    Output(CollectId.LIST, "children"),
    Input(CollectId.START, "n_clicks"),
    Input({"type": DataType.COLLECT.value, "act": ALL, "collection": ALL}, "n_clicks"),
    Input(ShellId.JOBS_CHANGED, "data"),
    State(CollectId.VENUE, "value"),
    State(CollectId.SYMBOL, "value"),
    State(CollectId.TIMEFRAME, "value"),
    State(CollectId.FROM, "value"),
    prevent_initial_call=True,
)
def collect(actor: Actor, _start: Any, _acts: Any, _changed: Any, *wanted: str | None) -> Any:
    """Start, stop or forget a collection, and show how far all are."""
    asked = ctx.triggered_id
    if asked == CollectId.START:
        venue, symbol, timeframe, since = (str(each or "").strip() for each in wanted)
        if not symbol:
            raise Invalid("Say which symbol to collect, such as BTCUSDT.", field="symbol")
        collection.start(actor, venue, symbol, timeframe, moment_ms(since))
    elif isinstance(asked, dict) and ctx.triggered[0]["value"]:
        _act_on_collection(actor, asked["act"], asked["collection"])
    return collection_list(collection.statistics(actor), may_act=actor.role is not Role.VIEWER)


def _act_on_collection(actor: Actor, act: str, collection_id: str) -> None:
    if act == "stop":
        collection.stop(actor, collection_id)
    elif act == "forget":
        collection.remove(actor, collection_id)
    else:
        found = collection.get(actor, collection_id)
        collection.start(actor, found.venue, found.symbol, found.timeframe)


@server_callback(
    Output(FeedId.LIST, "children"),
    Output(FeedId.TICK, "disabled"),
    Input(FeedId.ON, "n_clicks"),
    Input({"type": DataType.FEED.value, "act": ALL, "feed": ALL}, "n_clicks"),
    Input(FeedId.TICK, "n_intervals"),
    State(FeedId.NAME, "value"),
    State(FeedId.SYMBOLS, "value"),
    prevent_initial_call=True,
)
def feed(
    actor: Actor, _on: Any, _acts: Any, _tick: Any, name: str | None, symbols: str | None
) -> Any:
    """Switch a feed, and show how all stand."""
    asked = ctx.triggered_id
    if asked == FeedId.ON:
        feeds.switch_on(actor, (name or "").strip().lower(), (symbols or "").split(","))
    elif isinstance(asked, dict) and ctx.triggered[0]["value"]:
        if asked["act"] == "off":
            feeds.switch_off(actor, asked["feed"])
        else:
            feeds.switch_on(actor, asked["feed"], feeds.get(actor, asked["feed"]).symbols)
    found = feeds.list_feeds(actor)
    shown = feed_list(found, told(actor, found), is_admin=actor.role is Role.ADMIN)
    return shown, not any(one.is_on for one in found)


@server_callback(
    Output(ReplayId.LIST, "children"),
    Output(ReplayId.TICK, "disabled"),
    Input(ReplayId.MAKE, "n_clicks"),
    Input({"type": DataType.REPLAY.value, "act": ALL, "replay": ALL}, "n_clicks"),
    State(ReplayId.SERIES, "value"),
    State(ReplayId.SPEED, "value"),
    State({"type": DataType.REPLAY_SPEED.value, "replay": ALL}, "value"),
    State({"type": DataType.REPLAY_SEEK.value, "replay": ALL}, "value"),
    prevent_initial_call=True,
)
def replay(
    actor: Actor,
    _make: Any,
    _acts: Any,
    series: list[str] | None,
    speed: str,
    *_said: list[str],
) -> Any:
    """Make a replay or act on one, and show all."""
    asked = ctx.triggered_id
    if asked == ReplayId.MAKE:
        replay_service.create(actor, series or (), speed=float(speed))
    elif isinstance(asked, dict) and ctx.triggered[0]["value"]:
        _act_on_replay(actor, asked["act"], asked["replay"])
    else:
        return no_update, no_update
    found = replay_service.list_replays(actor)
    return replay_list(found), not any(one.is_playing for one in found)


def _act_on_replay(actor: Actor, act: str, replay_id: str) -> None:
    if act == "set":
        speeds, places = ctx.states_list[2], ctx.states_list[3]
        replay_service.set_speed(actor, replay_id, float(_said_of(speeds, replay_id)))
        position_ms = moment_ms(_said_of(places, replay_id))
        if position_ms is not None:
            replay_service.seek(actor, replay_id, position_ms)
        return
    acts = {
        "play": replay_service.play,
        "pause": replay_service.pause,
        "remove": replay_service.remove,
    }
    acts[act](actor, replay_id)


def _said_of(fields: Any, replay_id: str) -> str:
    return next(str(one.get("value") or "") for one in fields if one["id"]["replay"] == replay_id)


def moment_ms(text: str) -> int | None:
    """Return a time that a person wrote, in UTC; None for nothing. Raises Invalid.

    Examples
    --------
    >>> moment_ms("1970-01-01 00:01"), moment_ms(" ")
    (60000, None)
    """
    if not text.strip():
        return None
    try:
        moment = datetime.fromisoformat(text.strip().removesuffix("UTC").strip())
    except ValueError:
        raise Invalid(f"{text[:40]!r} is no time such as 2024-01-31 14:00.", field="time") from None
    fixed = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return round(fixed.timestamp() * 1000)


@server_callback(
    Output({"type": DataType.REPLAY_PLACE.value, "replay": ALL}, "children"),
    Input(ReplayId.TICK, "n_intervals"),
    State({"type": DataType.REPLAY_PLACE.value, "replay": ALL}, "id"),
    prevent_initial_call=True,
)
def follow(actor: Actor, _tick: Any, places: list[dict[str, str]]) -> Any:
    """Show where the replays stand now."""
    known = {one.id: one for one in replay_service.list_replays(actor)}
    return [
        replay_place(known[place["replay"]]) if place["replay"] in known else no_update
        for place in places
    ]


IN_BROWSER = (
    browser_callback(
        "sondeMarketData.look",
        Output(DataId.STATE, "data"),
        Input(DataId.CHART, "relayoutData"),
        Input({"type": DataType.PLACE.value, "from": ALL, "to": ALL, "mark": ALL}, "n_clicks"),
        Input({"type": DataType.SPAN.value, "ms": ALL}, "n_clicks"),
        Input(DataId.SHOW, "value"),
        State(DataId.STATE, "data"),
        prevent_initial_call=True,
    ),
    browser_callback(
        "sondeMarketData.name",
        Output(ImportId.CHOSEN, "children"),
        Input(ImportId.FILE, "filename"),
        prevent_initial_call=True,
    ),
    browser_callback(
        "sondeMarketData.ask",
        Output(DataId.DELETE_MODAL, "opened"),
        Input(DataId.DELETE_ASK, "n_clicks"),
        Input(DataId.DELETE_KEEP, "n_clicks"),
        prevent_initial_call=True,
    ),
)
