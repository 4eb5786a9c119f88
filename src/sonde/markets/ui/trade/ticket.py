"""The ticket: side, amount, order, stop and target, and the buttons that send it."""

import json
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any, Final

import dash_mantine_components as dmc
from dash import dcc, html

from sonde.markets.core.engine.listings import Listing
from sonde.markets.core.entries import EntryKind, Force
from sonde.markets.core.instruments import Instrument, traded_as
from sonde.markets.core.quick_amounts import SUMS, QuickAmount
from sonde.markets.core.risk.settings import RiskSettings
from sonde.markets.core.ticket import LevelKind
from sonde.markets.ui.moving.standing import SIGN
from sonde.markets.ui.trade.ids import TicketId, TradeType
from sonde.platform.core.identifiers import new_id
from sonde.platform.ui.components import card
from sonde.platform.ui.icons import icon

USUAL: Final = {EntryKind.MARKET: "Market", EntryKind.LIMIT: "Limit"}
MORE: Final = {
    EntryKind.STOP: "Stop",
    EntryKind.STOP_LIMIT: "Stop-limit",
    EntryKind.IF_TOUCHED: "If touched",
    EntryKind.TRAILING: "Trailing",
}
ORDER_WORDS: Final = {
    "market": "Fills at the next price.",
    "limit": "Waits for this price or a better one.",
    "stop": "Waits until the price has run to the trigger your way, then fills at the market.",
    "stop_limit": "Waits as a stop does; then fills at the limit price or better, or waits on.",
    "take_profit": "Waits until the price has come back to the trigger, then fills at the market.",
    "trailing": "Follows the best price and fills at the market when it turns by this distance.",
}
HOLDS: Final = {
    Force.GTC: "until it is cancelled",
    Force.GTD: "for so many minutes",
    Force.IOC: "for what fills at once",
    Force.FOK: "at once in full, or not at all",
}
# In the order in which `sondeTrade.shape` tells which of them are hidden.
BOXES: Final = (
    TicketId.PRICE_BOX,
    TicketId.TRIGGER_BOX,
    TicketId.TRAIL_BOX,
    TicketId.LEVERAGE_BOX,
    TicketId.MINUTES_BOX,
    TicketId.OR_BOX,
)
BEFORE_PRICES: Final = tuple(QuickAmount(f"{one:f}", one, True) for one in SUMS)


def ticket_card(
    one: Instrument, account_id: str, settings: RiskSettings, held: Listing | None = None
) -> Any:
    """Return the empty ticket of an instrument in an account.

    `held` are the terms under which it must be traded as long as trades are open.
    """
    stores = [
        dcc.Store(id=TicketId.KEY, data=new_id()),
        dcc.Store(id=TicketId.TYPED, data=0),
        dcc.Store(id=TicketId.FOR, data={"symbol": one.key, "account": account_id}),
        dcc.Store(id=TicketId.MOST),
    ]
    parts = [
        _side(),
        _terms(one, held),
        _amount(one, settings),
        html.Div(
            quick_buttons(BEFORE_PRICES),
            id=TicketId.QUICK,
            className="sonde-chips",
            **{SIGN: quick_sign(BEFORE_PRICES)},
        ),
        _order(one),
        _levels(settings),
        _more(),
        _buttons(),
        html.Div(id=TicketId.PREVIEW),
        html.Div(id=TicketId.SAID, role="status", className="sonde-dim"),
        *stores,
    ]
    return card(html.Div(parts, className="sonde-stack is-close"), title=f"Ticket: {one.symbol}")


def quick_buttons(amounts: Sequence[QuickAmount]) -> Any:
    """Return the buttons that fill in an amount; what the account does not allow is off."""
    return [
        dmc.Button(
            one.label,
            id={"type": TradeType.QUICK.value, "label": one.label},
            size="compact-sm",
            variant="default",
            disabled=not one.is_allowed,
            **{"aria-label": f"Amount {one.label}"},
        )
        for one in amounts
    ]


def quick_sign(amounts: Sequence[QuickAmount]) -> str:
    """Return a text that differs when the buttons do: drawn anew, they would lose a click."""
    return ",".join(f"{one.label} {one.is_allowed}" for one in amounts)


def _side() -> Any:
    return dmc.SegmentedControl(
        id=TicketId.SIDE,
        data=[{"value": "long", "label": "Long"}, {"value": "short", "label": "Short"}],
        value="long",
        fullWidth=True,
        **{"aria-label": "Side"},
    )


def _amount(one: Instrument, settings: RiskSettings) -> Any:
    kinds = {"currency": one.quote, "coins": one.base, "percent": "% of free"}
    told = f"{settings.position_size:f} {one.quote}, of the risk settings"
    return _beside(
        _number(TicketId.AMOUNT, "Amount", told),
        TicketId.KIND,
        kinds,
        "What the amount counts",
    )


def _terms(one: Instrument, held: Listing | None) -> Any:
    """Return as what the instrument is traded; leverage is shown where there is any."""
    perpetual = traded_as(one, "perpetual")
    kind = one.kind if held is None else held.instrument.kind
    leverage = Decimal(1) if held is None else held.leverage
    choose = dmc.SegmentedControl(
        id=TicketId.AS,
        data=[
            {"value": "spot", "label": "Spot"},
            {"value": "perpetual", "label": "Perpetual"},
        ],
        value=kind,
        fullWidth=True,
        **{"aria-label": "Traded as"},
    )
    label = f"Leverage (1 to {perpetual.max_leverage:f})"
    field = dmc.TextInput(
        id=TicketId.LEVERAGE,
        label=label,
        description="It can be sold short, and is liquidated when its margin is used up.",
        value=f"{leverage:f}",
    )
    return html.Div(
        [
            html.Div(choose, hidden=one.kind != "spot"),
            html.Div(field, id=TicketId.LEVERAGE_BOX, hidden=kind == "spot"),
        ],
        className="sonde-stack is-tight",
    )


def _order(one: Instrument) -> Any:
    kind = dmc.Select(
        id=TicketId.TYPE,
        label="Order",
        data=[
            {"group": "Usual", "items": _choices(USUAL)},
            {"group": "More", "items": _choices(MORE)},
        ],
        value=EntryKind.MARKET.value,
        allowDeselect=False,
    )
    step = f"in steps of {one.tick:f}"
    fields = (
        (TicketId.TRIGGER, TicketId.TRIGGER_BOX, f"Trigger price ({one.quote})", step),
        (TicketId.PRICE, TicketId.PRICE_BOX, f"Limit price ({one.quote})", step),
        (TicketId.TRAIL, TicketId.TRAIL_BOX, "Distance (%)", "such as 1.5"),
        (TicketId.OR, TicketId.OR_BOX, f"Or at ({one.quote}), what fills first", "no other entry"),
    )
    boxes = [
        html.Div(_number(name, label, hint), id=box, hidden=True)
        for name, box, label, hint in fields
    ]
    words = html.Div(
        ORDER_WORDS[EntryKind.MARKET.value],
        id=TicketId.WORDS,
        className="sonde-dim sonde-small",
        **{"data-order-words": json.dumps(ORDER_WORDS)},
    )
    row = html.Div(boxes, className="sonde-form is-dense")
    return html.Div([kind, words, row], className="sonde-stack is-tight")


def _choices(kinds: Mapping[EntryKind, str]) -> list[dict[str, str]]:
    return [{"value": kind.value, "label": label} for kind, label in kinds.items()]


def _more() -> Any:
    """Return how long the order holds, and whether it may take from the book."""
    holds = dmc.Select(
        id=TicketId.HOLDS,
        label="The entry holds",
        data=[{"value": force.value, "label": words} for force, words in HOLDS.items()],
        value=Force.GTC.value,
        allowDeselect=False,
        className="sonde-grow",
    )
    minutes = _number(TicketId.MINUTES, "Minutes", "60")
    post = dmc.Checkbox(
        id=TicketId.POST,
        label="Post-only: a limit order that would fill at once is refused",
        checked=False,
        size="sm",
    )
    body = [
        html.Div(
            [holds, html.Div(minutes, id=TicketId.MINUTES_BOX, hidden=True)],
            className="sonde-beside",
        ),
        post,
    ]
    return html.Details(
        [
            html.Summary("More: how long it holds, post-only", className="sonde-dim"),
            html.Div(body, className="sonde-stack is-tight"),
        ]
    )


def _levels(settings: RiskSettings) -> Any:
    kinds = {"percent": "%", "price": "price"}
    stops = {**kinds, LevelKind.TRAILING.value: "trailing %"}
    stop = _number(TicketId.STOP, "Stop loss", _usual(settings.stop_loss_percent))
    target = _number(TicketId.TARGET, "Take profit", _usual(settings.take_profit_percent))
    return html.Div(
        [
            _beside(stop, TicketId.STOP_KIND, stops, "Stop loss as"),
            _beside(target, TicketId.TARGET_KIND, kinds, "Take profit as"),
        ],
        className="sonde-stack is-tight",
    )


def _usual(percent: Decimal | None) -> str:
    return "none" if percent is None else f"{percent:f} %, of the risk settings"


def _buttons() -> Any:
    plane = icon("tabler:send", 16)
    send = dmc.Button("Open trade", id=TicketId.OPEN, size="sm", leftSection=plane)
    wait = dmc.Button("Open as pending", id=TicketId.WAIT, size="sm", variant="default")
    new = dmc.Button("New ticket", id=TicketId.NEW, size="sm", px="xs", variant="subtle")
    return html.Div([send, wait, new], className="sonde-row")


def _number(name: TicketId, label: str, placeholder: str) -> Any:
    return dmc.TextInput(
        id=name,
        label=label,
        placeholder=placeholder,
        value="",
        className="sonde-grow",
    )


def _beside(field: Any, name: TicketId, kinds: dict[str, str], label: str) -> Any:
    choose = dmc.SegmentedControl(
        id=name,
        data=[{"value": value, "label": text} for value, text in kinds.items()],
        value=next(iter(kinds)),
        size="xs",
        **{"aria-label": label},
    )
    return html.Div([field, choose], className="sonde-beside")
