"""The ticket: side, amount, order, stop and target, and the buttons that send it."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any, Final

import dash_mantine_components as dmc
from dash import dcc, html

from sonde.markets.core.instruments import Instrument
from sonde.markets.core.quick_amounts import SUMS, QuickAmount
from sonde.markets.core.risk.settings import RiskSettings
from sonde.markets.ui.trade.ids import TicketId, TradeType
from sonde.platform.core.identifiers import new_id
from sonde.platform.ui.components import card
from sonde.platform.ui.icons import icon

_TYPE_MS: Final = 350
BEFORE_PRICES: Final = tuple(QuickAmount(f"{one:f}", one, True) for one in SUMS)


def ticket_card(one: Instrument, account_id: str, settings: RiskSettings) -> Any:
    """Return the empty ticket of an instrument in an account."""
    stores = [
        dcc.Store(id=TicketId.KEY, data=new_id()),
        dcc.Store(id=TicketId.FOR, data={"symbol": one.key, "account": account_id}),
        dcc.Store(id=TicketId.MOST),
    ]
    parts = [
        _side(),
        _amount(one, settings),
        html.Div(quick_buttons(BEFORE_PRICES), id=TicketId.QUICK, className="sonde-chips"),
        _order(one),
        _levels(settings),
        _leverage(one),
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


def _order(one: Instrument) -> Any:
    kind = dmc.Select(
        id=TicketId.TYPE,
        label="Order",
        data=[{"value": "market", "label": "Market"}, {"value": "limit", "label": "Limit"}],
        value="market",
        allowDeselect=False,
        w=130,
    )
    price = dmc.TextInput(
        id=TicketId.PRICE,
        label=f"Limit price ({one.quote})",
        placeholder=f"in steps of {one.tick:f}",
        value="",
        debounce=_TYPE_MS,
        disabled=True,
        className="sonde-grow",
    )
    return html.Div([kind, price], className="sonde-beside")


def _levels(settings: RiskSettings) -> Any:
    kinds = {"percent": "%", "price": "price"}
    stop = _number(TicketId.STOP, "Stop loss", _usual(settings.stop_loss_percent))
    target = _number(TicketId.TARGET, "Take profit", _usual(settings.take_profit_percent))
    return html.Div(
        [
            _beside(stop, TicketId.STOP_KIND, kinds, "Stop loss as"),
            _beside(target, TicketId.TARGET_KIND, kinds, "Take profit as"),
        ],
        className="sonde-stack is-tight",
    )


def _usual(percent: Decimal | None) -> str:
    return "none" if percent is None else f"{percent:f} %, of the risk settings"


def _leverage(one: Instrument) -> Any:
    """Return the field of the leverage; it is shown where the instrument has any."""
    label = f"Leverage (1 to {one.max_leverage:f})"
    field = dmc.TextInput(id=TicketId.LEVERAGE, label=label, value="1", debounce=_TYPE_MS)
    return html.Div(field, hidden=one.max_leverage <= 1)


def _buttons() -> Any:
    send = dmc.Button("Open trade", id=TicketId.OPEN, leftSection=icon("tabler:send", 16))
    wait = dmc.Button("Open as pending", id=TicketId.WAIT, variant="default")
    new = dmc.Button("New ticket", id=TicketId.NEW, variant="subtle")
    return html.Div([send, wait, new], className="sonde-row")


def _number(name: TicketId, label: str, placeholder: str) -> Any:
    return dmc.TextInput(
        id=name,
        label=label,
        placeholder=placeholder,
        value="",
        debounce=_TYPE_MS,
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
