"""What the page of trading does."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any, Final

from dash import ALL, Input, Output, State, ctx, no_update, set_props

from sonde.markets.core.entries import EntryKind
from sonde.markets.core.wishes import Wish
from sonde.markets.services import (
    accounts,
    desk_choices,
    desk_views,
    market_views,
    replay_trading,
    tickets,
    trade_history,
    trading,
)
from sonde.markets.ui.desk.following import tell_changed
from sonde.markets.ui.desk.ids import DeskId
from sonde.markets.ui.moving.standing import MOVED, SIGN, held_told
from sonde.markets.ui.trade.checking import check_view, preview_view, wrong
from sonde.markets.ui.trade.editing import changes_of, prices_of, shape_of
from sonde.markets.ui.trade.history import history_list
from sonde.markets.ui.trade.ids import BookId, EditId, TicketId, TradeType
from sonde.markets.ui.trade.page import rows
from sonde.markets.ui.trade.positions import position_list
from sonde.markets.ui.trade.ticket import BEFORE_PRICES, BOXES, quick_buttons, quick_sign
from sonde.markets.ui.trade.ticket_form import FIELDS, number_of, wishes_of
from sonde.platform.core.actor import Actor
from sonde.platform.core.errors import Invalid, SondeError
from sonde.platform.ui.callbacks import browser_callback, server_callback
from sonde.platform.ui.errors import show_toast, toast_error
from sonde.platform.ui.theme import Tone

_EDITED: Final = {
    EditId.ENTRY: "entry",
    EditId.TRIGGER: "trigger",
    EditId.STOP: "stop",
    EditId.STOP_KIND: "stop_kind",
    EditId.TARGET: "target",
}


def _unchecked(error: Exception) -> Any:
    """Say on the page what keeps the ticket from being an order."""
    if isinstance(error, SondeError):
        before = quick_buttons(BEFORE_PRICES), quick_sign(BEFORE_PRICES)
        return wrong(error.message), [], *before, None, True, True
    toast_error(error)
    return no_update


def _fields(kind: type[Input] | type[State]) -> list[Any]:
    """Return the ticket's fields as inputs or states, whether it is post-only last."""
    return [*[kind(name, "value") for name in FIELDS], kind(TicketId.POST, "checked")]


def _wishes(told: Sequence[Any]) -> list[Wish]:
    """Return the wish of what `_fields` told, or the two of which one is wanted."""
    values = dict(zip(FIELDS, told, strict=False))
    return wishes_of(values, post_only=bool(told[len(FIELDS)]))


@server_callback(
    Output(TicketId.CHECK, "children"),
    Output(TicketId.PREVIEW, "children"),
    Output(TicketId.QUICK, "children"),
    Output(TicketId.QUICK, SIGN),
    Output(TicketId.MOST, "data"),
    Output(TicketId.OPEN, "disabled"),
    Output(TicketId.WAIT, "disabled"),
    Input(TicketId.TYPED, "data"),
    Input(DeskId.NEWS, "data"),
    Input(DeskId.CHANGED, "data"),
    State(TicketId.QUICK, SIGN),
    *_fields(State),
    failed=_unchecked,
)
def check(
    actor: Actor, _typed: Any, _news: Any, _changed: Any, quick_before: str, *told: Any
) -> Any:
    """Ask every rule about the ticket as it is filled in."""
    found = tickets.check(actor, _wishes(told)[0])
    amounts = BEFORE_PRICES if found.checked is None else found.checked.amounts
    sign = quick_sign(amounts)
    buttons = no_update if sign == quick_before else quick_buttons(amounts)
    shown = check_view(found), preview_view(found), buttons, sign
    if found.checked is None:
        return *shown, None, True, True
    is_blocked = not found.checked.may_open
    return *shown, f"{amounts[-1].amount:f}", is_blocked, is_blocked


@server_callback(
    Output(TicketId.SAID, "children"),
    Input(TicketId.OPEN, "n_clicks"),
    Input(TicketId.WAIT, "n_clicks"),
    State(TicketId.KEY, "data"),
    State(TicketId.FOR, "data"),
    *_fields(State),
    prevent_initial_call=True,
    running=[
        (Output(TicketId.OPEN, "loading"), True, False),
        (Output(TicketId.WAIT, "loading"), True, False),
    ],
)
def send(
    actor: Actor, _open: Any, _wait: Any, key: str, what: Mapping[str, str], *told: Any
) -> Any:
    """Open the trade of the ticket, once however often it is clicked."""
    if not ctx.triggered[0]["value"]:
        return no_update
    choice = desk_choices.of(actor)
    choice = replace(choice, symbol=what["symbol"], account_id=what["account"])
    is_active = ctx.triggered_id == TicketId.OPEN
    wishes = _wishes(told)
    sent = tickets.send(actor, key, wishes, choice, is_active=is_active)
    tell_changed()
    if not sent.is_first:
        return "This ticket has opened its trade already. Change it, or press New ticket."
    words = "Kept as pending."
    if is_active:
        is_market = wishes[0].entry.kind is EntryKind.MARKET
        words = f"Sent: it {'fills at the next price' if is_market else 'waits for its price'}."
    show_toast("Trade opened", words, Tone.GOOD)
    return words


@server_callback(
    Output(BookId.POSITIONS, "children"),
    Output(BookId.POSITIONS, MOVED),
    Output(BookId.SIGN, "data"),
    Input(DeskId.NEWS, "data"),
    Input(DeskId.CHANGED, "data"),
    State(BookId.SIGN, "data"),
    prevent_initial_call=True,
)
def show_positions(actor: Actor, _news: Any, _changed: Any, before: str) -> Any:
    """Show what is held at the newest prices; only a trade that changed draws the rows anew."""
    account_id = desk_choices.of(actor).account_id
    held = desk_views.positions(actor, account_id)
    currency = accounts.get(actor, account_id).currency
    told = held_told(held, currency)
    if told[SIGN] == before:
        return no_update, told[MOVED], no_update
    return position_list(held, currency), told[MOVED], told[SIGN]


@server_callback(
    Output(BookId.HISTORY, "children"),
    Input(BookId.SIGN, "data"),
    Input(BookId.STATE, "value"),
    Input(DeskId.CHANGED, "data"),
    prevent_initial_call=True,
)
def show_history(actor: Actor, _sign: Any, state: str, _changed: Any) -> Any:
    """Show the trades that were, of the state that is asked for."""
    account_id = desk_choices.of(actor).account_id
    return history_list(rows(actor, account_id, "" if state == "all" else state))


@server_callback(
    Output(BookId.ASKED, "title"),
    Input(BookId.ASKED, "data"),
    prevent_initial_call=True,
)
def act(actor: Actor, asked: Mapping[str, Any] | None) -> Any:
    """Activate, close or cancel a trade."""
    if asked and asked["act"] in {"activate", "close", "cancel"}:
        account_id = _account_of(actor, asked["trade"])
        trade = trade_history.get(actor, account_id, asked["trade"])
        market = market_views.tradable(actor, trade.symbol)
        if asked["act"] == "activate":
            trading.activate(actor, account_id, trade.id, market)
        elif asked["act"] == "close":
            trading.close(actor, account_id, trade.id, market)
        else:
            trading.cancel(actor, account_id, trade.id, market.now_ms)
        tell_changed()
    return no_update


@server_callback(
    Output(EditId.MODAL, "opened"),
    Output(EditId.TRADE, "data"),
    *[Output(name, "value") for name in _EDITED],
    Output(EditId.ENTRY_BOX, "hidden"),
    Output(EditId.TRIGGER_BOX, "hidden"),
    Output(EditId.PART_BOX, "hidden"),
    Input(BookId.ASKED, "data"),
    prevent_initial_call=True,
)
def edit(actor: Actor, asked: Mapping[str, Any] | None) -> Any:
    """Show a trade's prices, to be changed."""
    if not asked or asked["act"] not in {"edit", "part"}:
        return [no_update] * 10
    account_id = trade_history.account_of(actor, asked["trade"])
    trade = trade_history.get(actor, account_id, asked["trade"])
    told = prices_of(trade, trade_history.instruments_of(actor, account_id)[trade.symbol])
    return True, told, *[told[name] for name in _EDITED.values()], *shape_of(trade)


@server_callback(
    Output(EditId.MODAL, "title"),
    Input(EditId.SAVE, "n_clicks"),
    Input(EditId.REDUCE, "n_clicks"),
    State(EditId.TRADE, "data"),
    State(EditId.PART, "value"),
    *[State(name, "value") for name in _EDITED],
    prevent_initial_call=True,
)
def change(
    actor: Actor,
    _save: Any,
    _reduce: Any,
    before: Mapping[str, str] | None,
    share: str,
    *told: str | None,
) -> Any:
    """Change a trade's prices, or close a part of it."""
    if not (before and ctx.triggered[0]["value"]):
        return no_update
    account_id = _account_of(actor, before["trade"])
    trade = trade_history.get(actor, account_id, before["trade"])
    market = market_views.tradable(actor, trade.symbol)
    if ctx.triggered_id == EditId.REDUCE:
        part = _part(share)
        trading.close(actor, account_id, trade.id, market, part)
        show_toast("Part closes", f"{part * 100:f} % of it closes at the next price.", Tone.GOOD)
    else:
        changes = changes_of(before, dict(zip(_EDITED.values(), told, strict=True)))
        trading.modify(actor, account_id, trade.id, changes, market)
        gone = " and ".join(sorted(one.value for one in changes.removed))
        words = f"Taken away: {gone}." if gone else "The new prices hold."
        show_toast("Trade changed", words, Tone.GOOD)
    set_props(EditId.MODAL, {"opened": False})
    tell_changed()
    return no_update


def _part(text: str) -> Decimal:
    percent = number_of(text, "part")
    if percent is None or not 0 < percent < 100:
        raise Invalid("Close a part above 0 % and below 100 %; Close ends the trade.", field="part")
    return percent / 100


def _account_of(actor: Actor, trade_id: str) -> str:
    """Return the account of a trade, with all that its replay has brought up to now."""
    account_id = trade_history.account_of(actor, trade_id)
    replay_trading.catch_up(actor, account_id)
    return account_id


IN_BROWSER = (
    browser_callback(
        "sondeTrade.renew",
        Output(TicketId.KEY, "data"),
        Input(TicketId.NEW, "n_clicks"),
        *_fields(Input),
        prevent_initial_call=True,
    ),
    browser_callback(
        "sondeTrade.settle",
        Output(TicketId.TYPED, "data"),
        *_fields(Input),
        prevent_initial_call=True,
    ),
    browser_callback(
        "sondeTrade.quick",
        Output(TicketId.AMOUNT, "value"),
        Output(TicketId.KIND, "value"),
        Input({"type": TradeType.QUICK.value, "label": ALL}, "n_clicks"),
        State(TicketId.MOST, "data"),
        prevent_initial_call=True,
    ),
    browser_callback(
        "sondeTrade.shape",
        *[Output(name, "hidden") for name in BOXES],
        Output(TicketId.WORDS, "children"),
        Input(TicketId.TYPE, "value"),
        Input(TicketId.AS, "value"),
        Input(TicketId.HOLDS, "value"),
        prevent_initial_call=True,
    ),
    browser_callback(
        "sondeTrade.asked",
        Output(BookId.ASKED, "data"),
        Input({"type": TradeType.ACT.value, "act": ALL, "trade": ALL}, "n_clicks"),
        prevent_initial_call=True,
    ),
)
