"""The orders of an account as its journal tells them."""

from collections.abc import Mapping
from typing import Any, Final

from sonde.markets.core.streaming.orders import open_orders, orders_of
from sonde.markets.persistence import journal
from sonde.markets.persistence import trades as trade_rows
from sonde.markets.services import accounts, trade_history
from sonde.platform.core.actor import Actor

EVENT: Final = "engine.event"


def orders(
    actor: Actor, account_id: str, *, open_only: bool = True
) -> tuple[Mapping[str, Any], ...]:
    """Return the newest event of each order since the last reset, by number; raises NotFound."""
    row = accounts.row_to_see(actor, account_id)
    events = [one.facts for one in journal.of_epoch(row.id, row.epoch) if one.kind == EVENT]
    if open_only:
        return open_orders(events)
    newest = orders_of(events)
    return tuple(newest[number] for number in sorted(newest))


def of_trade(actor: Actor, trade_id: str) -> tuple[Mapping[str, Any], ...]:
    """Return the orders of one trade, each with what it is for; raises NotFound."""
    account_id = trade_history.account_of(actor, trade_id)
    row = trade_rows.find(account_id, trade_id)
    roles = {} if row is None else {number: role for role, number in row.orders.items()}
    found = orders(actor, account_id, open_only=False)
    return tuple(
        {**one, "role": roles[int(one["order"])]} for one in found if int(one["order"]) in roles
    )
