"""The portfolio and the open positions, at the newest prices."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from dash import dcc, html

from sonde.markets.core.sides import Side
from sonde.markets.core.trades import Trade, TradeState
from sonde.markets.services.portfolio import Portfolio
from sonde.markets.services.trading import TradeView
from sonde.markets.ui.dashboard.ids import DashboardId
from sonde.markets.ui.moving.places import moving_amount, moving_with
from sonde.markets.ui.moving.standing import (
    MOVED,
    SIGN,
    exact,
    held_told,
    levels,
    now_place,
    result_now,
)
from sonde.markets.ui.trade.editing import edit_dialog
from sonde.markets.ui.trade.ids import BookId
from sonde.markets.ui.trade.positions import act_buttons, actions
from sonde.platform.ui.components import badge, empty_state, facts, stack
from sonde.platform.ui.tables import Column, plain_table
from sonde.platform.ui.theme import Tone

_COLUMNS: Final = (
    Column("Trade"),
    Column("Live P&L", numeric=True),
    Column("Amount", numeric=True),
    Column("Entry", numeric=True),
    Column("Now", numeric=True),
    Column("Stop, target", numeric=True),
)


def portfolio_view(found: Portfolio | None) -> list[Any]:
    """Return what is in the account; what moves with prices is kept up to date by the browser."""
    if found is None:
        return [empty_state("No account", "Viewers cannot open one.", icon_name="tabler:lock")]
    money, balance = found.money, found.money.balance
    unit, by = money.currency.code, moving_with(found.positions)

    def amount(units: int) -> str:
        return f"{money.amount(units):,.2f} {unit}"

    start = float(money.amount(money.start_units))
    made = float(money.amount(balance.equity - money.start_units))
    unrealised = float(money.amount(balance.unrealised))
    rows = [
        ("Since the start", moving_amount(made, unit, by, of=start, is_signed=True)),
        ("Unrealised", moving_amount(unrealised, unit, by, is_signed=True)),
        ("Cash", amount(balance.cash)),
        ("Free", amount(balance.free)),
        ("Held by orders", amount(balance.held)),
        ("Margin", amount(balance.margin)),
    ]
    equity = moving_amount(float(money.amount(balance.equity)), unit, by)
    head = [html.Span(equity, className="sonde-figure-value"), html.Span("equity")]
    return [stack([html.Div(head, className="sonde-row"), facts(rows)])]


def positions_panel(found: Portfolio | None) -> Any:
    """Return the list of positions with what moves in it."""
    return html.Div(position_list(found), id=DashboardId.POSITIONS, **positions_told(found))


def positions_told(found: Portfolio | None) -> Mapping[str, str]:
    """Return what the rows of the list are, and what moves in them."""
    return held_told(found.positions, found.money.currency) if found else {SIGN: "", MOVED: "{}"}


def position_list(found: Portfolio | None) -> list[Any]:
    """Return the trades that have not ended, each with the way to what can be done with it."""
    if found is None or not found.positions:
        words = "Open a trade to see here what it would bring if it were closed now."
        return [empty_state("No open position", words, icon_name="tabler:stack-2")]
    rows = [_row(one, found) for one in found.positions]
    note = html.P(
        "Live P&L is what closing at the newest price would bring, all fees paid, those of closing "
        "among them.",
        className="sonde-dim sonde-small",
    )
    return [plain_table(_COLUMNS, rows), note]


def acting_parts() -> list[Any]:
    """Return what the buttons of positions need: the same parts as on the page of trading."""
    return [dcc.Store(id=BookId.ASKED), edit_dialog()]


def _row(one: TradeView, found: Portfolio) -> Sequence[Any]:
    trade, instrument = one.trade, one.instrument
    steps = trade.open_steps or trade.wanted_steps
    return [
        html.Div([_name(trade), _acts(trade)], className="sonde-stack is-close"),
        result_now(one, found.money.currency),
        f"{instrument.quantity_of(steps):f} {instrument.base}",
        exact(trade.entry_price(instrument)),
        now_place(one),
        levels(one),
    ]


def _name(trade: Trade) -> Any:
    """Return side and symbol of a trade, and below how it stands and how sure it was."""
    tone = Tone.GOOD if trade.side is Side.LONG else Tone.BAD
    sure = "" if trade.confidence is None else f", confidence {trade.confidence:.2f}"
    told = html.Div(f"{trade.state.value}{sure}", className="sonde-dim sonde-small")
    side = badge(trade.side.value, tone)
    return html.Div([html.Div([side, trade.symbol], className="sonde-row"), told])


def _acts(trade: Trade) -> Any:
    """Return what may be done with a trade; the dialog of changes closes parts of it, too."""
    if trade.state is TradeState.OPEN:
        return act_buttons(trade, {"edit": "Stop, target", "part": "Close part", "close": "Close"})
    return act_buttons(trade, actions(trade))
