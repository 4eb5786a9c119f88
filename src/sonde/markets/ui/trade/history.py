"""Trades that were: a table with filters, and the file of all of them."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

import dash_mantine_components as dmc
from dash import html

from sonde.markets.core.instruments import Instrument, unit_value
from sonde.markets.core.money import Currency
from sonde.markets.core.prices.checking import when
from sonde.markets.core.risk.findings import shown
from sonde.markets.core.trades import Trade
from sonde.markets.ui.trade.ids import BookId
from sonde.platform.ui.components import card, empty_state
from sonde.platform.ui.icons import icon
from sonde.platform.ui.tables import Column, grid

MOST: Final = 500
STATES: Final = {"": "All", "closed": "Closed", "cancelled": "Cancelled", "open": "Open"}
_HEIGHT: Final = 480
_MINUTE_MS: Final = 60_000


def history_card(rows: Sequence[Mapping[str, Any]], account_id: str) -> Any:
    """Return the panel of trades that were."""
    choose = dmc.SegmentedControl(
        id=BookId.STATE,
        data=[{"value": value or "all", "label": text} for value, text in STATES.items()],
        value="all",
        size="xs",
        **{"aria-label": "Which trades"},
    )
    export = html.A(
        [icon("tabler:download", 16), "CSV"],
        href=f"/api/v1/markets/export?account_id={account_id}",
        download="trades.csv",
        className="sonde-file",
        **{"aria-label": "Download the trades as CSV"},
    )
    return card(
        html.Div(history_list(rows), id=BookId.HISTORY),
        title="History",
        description=f"The newest {MOST} trades of this account; every column can be filtered.",
        actions=[choose, export],
    )


def history_list(rows: Sequence[Mapping[str, Any]]) -> Any:
    """Return the table of trades, or that there are none."""
    if not rows:
        return empty_state(
            "No such trade", "What you trade is kept here.", icon_name="tabler:table"
        )
    return grid(_COLUMNS, id=BookId.GRID, name="Trades", rows=rows, height=_HEIGHT)


def history_row(trade: Trade, one: Instrument, currency: Currency) -> dict[str, Any]:
    """Return a trade as a row of the table."""
    each = unit_value(one, currency)
    entry, leave = trade.entry_price(one), trade.exit_price(one)
    ended = trade.closed_ms or trade.opened_ms or trade.asked_ms
    return {
        "id": trade.id,
        "time": when(ended // _MINUTE_MS * _MINUTE_MS).removesuffix(" UTC"),
        "symbol": trade.symbol,
        "side": trade.side.value,
        "state": trade.state.value,
        "size": f"{one.quantity_of(trade.filled_steps or trade.wanted_steps):f}",
        "entry": "" if entry is None else shown(entry),
        "exit": "" if leave is None else shown(leave),
        "fees": float(round(currency.amount_of(trade.fees_units), 4)),
        "net": float(round(currency.amount_of(trade.net_units(each)), 4)),
        "reason": trade.exit_reason,
        "tag": trade.tag,
    }


_COLUMNS: Final = (
    Column("Time (UTC)", "time", width=158),
    Column("Symbol", "symbol", searchable=True, width=195),
    Column("Side", "side", width=70),
    Column("State", "state", width=90),
    Column("Net", "net", numeric=True, width=90),
    Column("Entry", "entry", numeric=True, width=115),
    Column("Exit", "exit", numeric=True, width=115),
    Column("Size", "size", numeric=True, width=95),
    Column("Fees", "fees", numeric=True, width=85),
    Column("Why it ended", "reason", searchable=True, width=140),
    Column("By", "tag", searchable=True, width=110),
)
