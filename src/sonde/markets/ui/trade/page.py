"""One visit of the page of trading."""

from collections.abc import Mapping, Sequence
from typing import Any

from dash import html

from sonde.markets.services import (
    accounts,
    desk_choices,
    desk_views,
    instruments,
    risk_settings,
    tickets,
    trade_history,
)
from sonde.markets.services.desk_choices import DeskChoice
from sonde.markets.ui.price_sample.button import WORDS, sample_button
from sonde.markets.ui.trade.editing import edit_dialog
from sonde.markets.ui.trade.history import MOST, history_card, history_row
from sonde.markets.ui.trade.ids import TicketId
from sonde.markets.ui.trade.positions import positions_card
from sonde.markets.ui.trade.ticket import ticket_card
from sonde.platform.core.actor import Actor
from sonde.platform.core.domain import PageRequest
from sonde.platform.ui.components import (
    PageView,
    button_link,
    card,
    columns,
    empty_state,
    loading_state,
)

_DESCRIPTION = "Paper money, real rules: what is checked here is checked again when it is sent."


def show(request: PageRequest) -> PageView:
    """Return ticket, positions and history of the chosen symbol and account."""
    actor, choice = request.actor, desk_choices.of(request.actor)
    above = _ticket(actor, choice) if choice.symbol else _first()
    held = desk_views.positions(actor, choice.account_id)
    currency = accounts.get(actor, choice.account_id).currency
    below = [
        positions_card(held, currency),
        history_card(rows(actor, choice.account_id), choice.account_id),
        edit_dialog(),
    ]
    return PageView("Trade", [above, *below], description=_DESCRIPTION)


def rows(actor: Actor, account_id: str, state: str = "") -> Sequence[Mapping[str, Any]]:
    """Return the newest trades of an account as rows of the table."""
    found = trade_history.newest(actor, account_id, state=state, limit=MOST)
    known = trade_history.instruments_of(actor, account_id)
    currency = accounts.get(actor, account_id).currency
    return [history_row(one, known[one.symbol], currency) for one in found]


def _ticket(actor: Actor, choice: DeskChoice) -> Any:
    one = instruments.get(actor, choice.symbol)
    settings = risk_settings.current(actor, choice.account_id).settings
    check = card(
        html.Div(loading_state(8), id=TicketId.CHECK, className="sonde-stack is-close"),
        title="Safety check",
        description="As you type; the same rules decide when the ticket is sent.",
    )
    held = tickets.held_terms(actor, choice)
    return columns([ticket_card(one, choice.account_id, settings, held), check], minimum=340)


def _first() -> Any:
    return card(
        empty_state(
            "Nothing to trade yet",
            "Import prices and replay them, or switch a live feed on; then choose the symbol here. "
            + WORDS,
            icon_name="tabler:chart-candle",
            actions=[
                button_link("Market data", "/markets/data", variant="filled"),
                sample_button("trade"),
            ],
        )
    )
