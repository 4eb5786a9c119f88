"""What the sidebar does."""

from collections.abc import Mapping, Sequence
from typing import Any

from dash import ALL, Input, Output, State, ctx, no_update

from sonde.markets.core.money import decimal_of
from sonde.markets.core.risk.kill_switch import Stage
from sonde.markets.core.sides import Side
from sonde.markets.services import (
    account_money,
    desk_choices,
    desk_views,
    kill_switch,
    locks,
    market_views,
    price_store,
    replay_trading,
    risk_settings,
)
from sonde.markets.ui.desk.following import tell_changed
from sonde.markets.ui.desk.guarding import (
    BY_SLIDER,
    guard_state,
    lock_list,
    lock_sign,
    version_words,
)
from sonde.markets.ui.desk.ids import DeskId, DeskType, GuardId
from sonde.markets.ui.desk.sidebar import money_view, votes_view
from sonde.markets.ui.desk.versions import version_list
from sonde.markets.ui.desk.words import price_view
from sonde.markets.ui.moving.standing import SIGN
from sonde.platform.core.actor import Actor
from sonde.platform.core.errors import Invalid
from sonde.platform.ui.callbacks import browser_callback, server_callback
from sonde.platform.ui.errors import show_toast
from sonde.platform.ui.ids import ShellId
from sonde.platform.ui.shell.showing import show_again
from sonde.platform.ui.theme import Tone


@server_callback(
    Output(DeskId.CHOSEN, "data"),
    Input(DeskId.SYMBOL, "value"),
    State(ShellId.LOCATION, "pathname"),
    State(ShellId.LOCATION, "search"),
    prevent_initial_call=True,
)
def choose_symbol(actor: Actor, symbol: str | None, path: str, search: str | None) -> Any:
    """Look at another symbol: the page is drawn anew for it."""
    if symbol and symbol != desk_choices.of(actor).symbol:
        desk_choices.choose(actor, symbol=symbol)
        show_again(actor, path, search or "")
    return no_update


@server_callback(
    Output(DeskId.MONEY, "title"),
    Input(DeskId.ACCOUNT, "value"),
    State(ShellId.LOCATION, "pathname"),
    State(ShellId.LOCATION, "search"),
    prevent_initial_call=True,
)
def choose_account(actor: Actor, account_id: str | None, path: str, search: str | None) -> Any:
    """Trade in another account: the page is drawn anew for it."""
    if account_id and account_id != desk_choices.of(actor).account_id:
        desk_choices.choose(actor, account_id=account_id)
        show_again(actor, path, search or "")
    return no_update


@server_callback(
    Output(DeskId.TICK, "disabled"),
    Input(DeskId.LIVE, "checked"),
    prevent_initial_call=True,
)
def follow(actor: Actor, is_live: bool | None) -> Any:
    """Follow prices and results, or leave them as they are."""
    desk_choices.choose(actor, is_live=bool(is_live))
    if is_live:
        tell_changed()
    return not is_live


@server_callback(
    Output(DeskId.FILTERED, "data"),
    Input(DeskId.FILTERS, "value"),
    prevent_initial_call=True,
)
def filter_signals(actor: Actor, names: Sequence[str] | None) -> Any:
    """Ask other signals; the ticket's confidence follows."""
    desk_choices.choose(actor, filters=tuple(names or ()))
    tell_changed()
    return list(names or ())


@server_callback(
    Output(DeskId.MARKET, "children"),
    Output(DeskId.VOTES, "children"),
    Input(DeskId.NEWS, "data"),
    Input(DeskId.CHANGED, "data"),
    prevent_initial_call=True,
)
def show_market(actor: Actor, _news: Any, _changed: Any) -> Any:
    """Show the newest price and signals."""
    choice = desk_choices.of(actor)
    quote = desk_views.quote(actor, choice.symbol)
    return price_view(quote), votes_view(desk_views.signals(actor, choice))


@server_callback(
    Output(DeskId.MONEY, "children"),
    Output(GuardId.STATE, "children"),
    Output(GuardId.LOCKS, "children"),
    Output(GuardId.LOCKS, SIGN),
    Input(DeskId.NEWS, "data"),
    Input(DeskId.CHANGED, "data"),
    State(GuardId.LOCKS, SIGN),
    prevent_initial_call=True,
)
def show_account(actor: Actor, _news: Any, _changed: Any, locks_before: str) -> Any:
    """Show what is in the account now, and what holds entries back."""
    choice = desk_choices.of(actor)
    if not choice.account_id:
        return [no_update] * 4
    seen = desk_views.account_now(actor, choice)
    sign = lock_sign(seen.locks)
    held = no_update if sign == locks_before else lock_list(seen.locks)
    return money_view(seen), guard_state(seen.switch), held, sign


@server_callback(
    Output(DeskId.SET_TO, "value"),
    Input(DeskId.SET, "n_clicks"),
    Input(DeskId.RESET, "n_clicks"),
    State(DeskId.SET_TO, "value"),
    prevent_initial_call=True,
)
def change_money(actor: Actor, _set: Any, _reset: Any, wanted: str | None) -> Any:
    """Set the account's cash, or let the account begin anew."""
    if not ctx.triggered[0]["value"]:
        return no_update
    account_id, now_ms = desk_choices.of(actor).account_id, price_store.now_ms()
    if ctx.triggered_id == DeskId.SET:
        if not (wanted or "").strip():
            raise Invalid("Say what the cash is to be, such as 10000.", field="balance")
        amount = decimal_of((wanted or "").strip().replace(",", ""), "balance")
        account_money.set_balance(actor, account_id, amount, now_ms)
        show_toast("Balance set", "The ledger tells it.", Tone.GOOD)
    else:
        account_money.reset(actor, account_id, now_ms)
        show_toast("Account reset", "It begins anew; the ledger keeps what was.", Tone.GOOD)
    tell_changed()
    return ""


@server_callback(
    Output(GuardId.VERSION, "data"),
    Output(GuardId.SAID, "children"),
    Input(GuardId.SAVE, "n_clicks"),
    Input(DeskId.CONFIDENCE, "value"),
    State({"type": DeskType.RISK.value, "name": ALL}, "value"),
    State({"type": DeskType.RISK.value, "name": ALL}, "id"),
    State(GuardId.STOP_REQUIRED, "checked"),
    State(GuardId.VERSION, "data"),
    prevent_initial_call=True,
)
def change_risk(
    actor: Actor,
    _save: Any,
    confidence: float | None,
    values: Sequence[str],
    ids: Sequence[Mapping[str, str]],
    stop_required: bool | None,
    version: int,
) -> Any:
    """Save the risk settings, or the least confidence that the slider asks for."""
    account_id = desk_choices.of(actor).account_id
    changes: dict[str, Any] = {BY_SLIDER: str(confidence) if confidence else None}
    if ctx.triggered_id == GuardId.SAVE:
        told = zip(ids, values, strict=True)
        changes = {one["name"]: (value or "").strip() or None for one, value in told}
        changes["require_stop"] = bool(stop_required)
    found = risk_settings.change(actor, account_id, changes, version)
    if found.version != version:
        tell_changed()
    return found.version, version_words(found.version)


@server_callback(
    Output(GuardId.PAST, "children"),
    Input(GuardId.PAST_OPEN, "n_clicks"),
    Input(GuardId.VERSION, "data"),
    prevent_initial_call=True,
)
def show_versions(actor: Actor, clicks: int | None, _version: Any) -> Any:
    """Show the versions of the risk settings once somebody has asked for them."""
    if not clicks:
        return no_update
    return version_list(risk_settings.history(actor, desk_choices.of(actor).account_id))


@server_callback(
    Output(GuardId.REASON, "value"),
    Input(GuardId.STOP, "n_clicks"),
    Input(GuardId.CLOSE, "n_clicks"),
    Input(GuardId.RELEASE, "n_clicks"),
    State(GuardId.REASON, "value"),
    prevent_initial_call=True,
)
def switch(actor: Actor, _stop: Any, _close: Any, _release: Any, reason: str | None) -> Any:
    """Stop entries, close everything, or let entries through again."""
    if not ctx.triggered[0]["value"]:
        return no_update
    account_id = desk_choices.of(actor).account_id
    if ctx.triggered_id == GuardId.RELEASE:
        kill_switch.release(actor, account_id)
    else:
        stage = Stage.STOP_ENTRIES if ctx.triggered_id == GuardId.STOP else Stage.CLOSE_ALL
        replay_trading.catch_up(actor, account_id)
        kill_switch.press(actor, account_id, stage, reason or "", price_store.now_ms())
    tell_changed()
    return ""


@server_callback(
    Output(GuardId.LOCK_REASON, "value"),
    Input(GuardId.LOCK, "n_clicks"),
    State(GuardId.LOCK_SYMBOL, "value"),
    State(GuardId.LOCK_SIDE, "value"),
    State(GuardId.LOCK_MINUTES, "value"),
    State(GuardId.LOCK_REASON, "value"),
    prevent_initial_call=True,
)
def lock(actor: Actor, clicks: Any, what: str, side: str, minutes: str, reason: str) -> Any:
    """Lock entries of the chosen symbol, or of every one."""
    if not clicks:
        return no_update
    choice = desk_choices.of(actor)
    now_ms = market_views.tradable(actor, choice.symbol).now_ms
    wanted = locks.NewLock(
        choice.symbol if what == "this" else "",
        None if side == "both" else Side(side),
        _until_ms(minutes, now_ms),
        reason.strip(),
    )
    locks.add(actor, choice.account_id, wanted, now_ms)
    tell_changed()
    return ""


@server_callback(
    Output(GuardId.LOCK_GONE, "title"),
    Input(GuardId.LOCK_GONE, "data"),
    prevent_initial_call=True,
)
def unlock(actor: Actor, asked: Mapping[str, Any] | None) -> Any:
    """Remove a lock, or end a pause."""
    if asked:
        choice = desk_choices.of(actor)
        now_ms = market_views.tradable(actor, choice.symbol).now_ms
        locks.remove(actor, choice.account_id, asked["lock"], now_ms)
        tell_changed()
    return no_update


def _until_ms(minutes: str | None, now_ms: int) -> int | None:
    text = (minutes or "").strip()
    if not text:
        return None
    if not text.isdecimal() or not 0 < int(text) <= 525_600:
        raise Invalid(f"A lock holds for 1 to 525600 minutes, not {text[:20]!r}.", field="minutes")
    return now_ms + int(text) * 60_000


IN_BROWSER = (
    browser_callback(
        "sondeDesk.tick",
        Output(DeskId.NEWS, "data"),
        Input(DeskId.TICK, "n_intervals"),
        prevent_initial_call=True,
    ),
    browser_callback(
        "sondeDesk.toggle",
        Output(DeskId.TOGGLE, "title"),
        Input(DeskId.TOGGLE, "n_clicks"),
        prevent_initial_call=True,
    ),
    browser_callback(
        "sondeDesk.askReset",
        Output(DeskId.RESET_MODAL, "opened"),
        Input(DeskId.RESET_ASK, "n_clicks"),
        Input(DeskId.RESET_KEEP, "n_clicks"),
        Input(DeskId.RESET, "n_clicks"),
        prevent_initial_call=True,
    ),
    browser_callback(
        "sondeDesk.askClose",
        Output(GuardId.CLOSE_MODAL, "opened"),
        Input(GuardId.CLOSE_ASK, "n_clicks"),
        Input(GuardId.CLOSE_KEEP, "n_clicks"),
        Input(GuardId.CLOSE, "n_clicks"),
        prevent_initial_call=True,
    ),
    browser_callback(
        "sondeDesk.unlock",
        Output(GuardId.LOCK_GONE, "data"),
        Input({"type": DeskType.UNLOCK.value, "lock": ALL}, "n_clicks"),
        prevent_initial_call=True,
    ),
)
