"""Open positions and pending orders, with what they would bring now and what may be done."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any, Final

import dash_mantine_components as dmc
from dash import dcc, html

from sonde.markets.core.entries import EntryKind
from sonde.markets.core.instruments import Instrument
from sonde.markets.core.money import Currency
from sonde.markets.core.risk.findings import shown
from sonde.markets.core.sides import Side
from sonde.markets.core.trades import Trade, TradeState
from sonde.markets.services.trading import TradeView
from sonde.markets.ui.moving.standing import SIGN, held_told, levels, now_place, result_now
from sonde.markets.ui.trade.ids import BookId, TradeType
from sonde.markets.ui.trade.ticket import MORE
from sonde.platform.ui.components import badge, card, empty_state
from sonde.platform.ui.tables import Column, plain_table
from sonde.platform.ui.theme import Tone

_COLUMNS: Final = (
    Column("Trade"),
    Column("Size", numeric=True),
    Column("Entry", numeric=True),
    Column("Now", numeric=True),
    Column("Stop, target", numeric=True),
    Column("Result", numeric=True),
    Column(""),
)
_TONES: Final = {Side.LONG: Tone.GOOD, Side.SHORT: Tone.BAD}


def positions_card(views: Sequence[TradeView], currency: Currency) -> Any:
    """Return the panel of what has not ended."""
    told = held_told(views, currency)
    return card(
        [
            html.Div(position_list(views, currency), id=BookId.POSITIONS, **told),
            dcc.Store(id=BookId.ASKED),
            dcc.Store(id=BookId.SIGN, data=told[SIGN]),
        ],
        title="Open positions and pending orders",
        description="Results are after all fees, that of closing now included.",
    )


def position_list(views: Sequence[TradeView], currency: Currency) -> Any:
    """Return the trades that have not ended, or what to do first."""
    if not views:
        return empty_state(
            "Nothing is open",
            "Fill in the ticket above; what you open is followed here.",
            icon_name="tabler:inbox",
        )
    return plain_table(_COLUMNS, [_row(one, currency) for one in views])


def _row(view: TradeView, currency: Currency) -> list[Any]:
    trade, one = view.trade, view.instrument
    entry = trade.entry_price(one) or _price(one, trade.asked_ticks)
    result = result_now(view, currency) if trade.filled_steps else "no fill yet"
    return [
        _name(trade, one),
        f"{one.quantity_of(trade.open_steps or trade.wanted_steps):f} {one.base}",
        "at market" if entry is None else shown(entry),
        now_place(view),
        levels(view),
        result,
        act_buttons(trade, actions(trade)),
    ]


def actions(trade: Trade) -> Mapping[str, str]:
    """Return what may be done with a trade, and how that is called.

    Examples
    --------
    >>> list(actions(Trade("t", "x:BTC", Side.LONG, 5, 0)))
    ['activate', 'edit', 'cancel']
    """
    if trade.state is TradeState.PENDING:
        active = {} if trade.is_placed else {"activate": "Activate"}
        return {**active, "edit": "Change", "cancel": "Cancel"}
    return {"edit": "Change", "close": "Close"} if trade.state is TradeState.OPEN else {}


def act_buttons(trade: Trade, acts: Mapping[str, str]) -> Any:
    """Return the buttons of what may be done with a trade."""
    buttons = [_button(trade, *each) for each in acts.items()]
    return html.Div(buttons, className="sonde-row sonde-acts")


def state_words(trade: Trade) -> str:
    """Say where a trade stands."""
    if trade.state is TradeState.PENDING:
        kind = MORE.get(EntryKind(trade.entry_kind), "").lower()
        waits = "waits to fill" if trade.is_placed else "waits to be activated"
        return f"pending {kind}: {waits}" if kind else f"pending: {waits}"
    return trade.state.value


def _name(trade: Trade, one: Instrument) -> Any:
    leverage = f" {trade.leverage:f}x" if trade.leverage > 1 else ""
    words = [badge(f"{trade.side.value}{leverage}", _TONES[trade.side]), trade.symbol]
    told = [state_words(trade), *(["perpetual"] if one.kind == "perpetual" else [])]
    below = html.Div(", ".join(told), className="sonde-dim sonde-small")
    return html.Div([html.Div(words, className="sonde-row"), below])


def _button(trade: Trade, act: str, words: str) -> Any:
    return dmc.Button(
        words,
        id={"type": TradeType.ACT.value, "act": act, "trade": trade.id},
        size="compact-xs",
        variant="default",
        **{"aria-label": f"{words} {trade.side.value} {trade.symbol}"},
    )


def _price(one: Instrument, ticks: int | None) -> Decimal | None:
    return None if ticks is None else one.price_of(ticks)
