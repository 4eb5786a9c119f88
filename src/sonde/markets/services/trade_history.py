"""Trades that were: listed newest first, measured, exported, pruned."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sonde.markets.core.desk.listing_documents import read_listing
from sonde.markets.core.exports import trades_csv
from sonde.markets.core.instruments import Instrument
from sonde.markets.core.trade_analytics import TradeAnalytics, analyse
from sonde.markets.core.trades import Trade
from sonde.markets.persistence import journal
from sonde.markets.persistence import trades as rows
from sonde.markets.services import accounts
from sonde.platform.core.actor import Actor
from sonde.platform.core.errors import NotFound
from sonde.platform.services import audit

_MOST = 10_000


@dataclass(frozen=True)
class Entry:
    """One entry of an account's journal."""

    seq: int
    epoch: int
    time_ms: int
    kind: str
    facts: Mapping[str, object]


def newest(
    actor: Actor, account_id: str, *, before: str = "", state: str = "", limit: int = 100
) -> Sequence[Trade]:
    """Return trades, the newest first; `before` is the id that the last page ended with.

    Raises NotFound.
    """
    accounts.row_to_see(actor, account_id)
    found = rows.newest(account_id, before=before, state=state, limit=min(limit, _MOST))
    return [row.view() for row in found]


def get(actor: Actor, account_id: str, trade_id: str) -> Trade:
    """Return one trade; raises NotFound."""
    accounts.row_to_see(actor, account_id)
    row = rows.find(account_id, trade_id)
    if row is None:
        raise NotFound("There is no such trade.", id=trade_id)
    return row.view()


def account_of(actor: Actor, trade_id: str) -> str:
    """Return the account that a trade belongs to; raises NotFound for what is not to be seen."""
    account_id = rows.account_of(trade_id)
    if account_id is None:
        raise NotFound("There is no such trade.", id=trade_id)
    return accounts.row_to_see(actor, account_id).id


def analytics(actor: Actor, account_id: str) -> TradeAnalytics:
    """Return the figures of an account's trades since its last reset; raises NotFound."""
    row = accounts.row_to_see(actor, account_id)
    trades = [one.view() for one in rows.of_epochs(account_id, _since_reset(row.id))]
    start = float(row.money.amount_of(row.start_units))
    return analyse(trades, _instruments(account_id), row.money, start)


def export(actor: Actor, account_id: str) -> str:
    """Return the newest 10,000 trades as CSV; raises NotFound."""
    row = accounts.row_to_see(actor, account_id)
    trades = [one.view() for one in rows.newest(account_id, limit=_MOST)]
    return trades_csv(trades, _instruments(account_id), row.money)


def ledger(actor: Actor, account_id: str, after: int = 0, limit: int = 500) -> Sequence[Entry]:
    """Return entries of the journal after one, the oldest first; raises NotFound."""
    accounts.row_to_see(actor, account_id)
    found = journal.after(account_id, after, limit=min(limit, _MOST))
    return [Entry(one.seq, one.epoch, one.time_ms, one.kind, one.facts) for one in found]


def count_ended(actor: Actor, account_id: str, before_ms: int) -> int:
    """Return how many trades `prune` would delete; raises NotFound."""
    accounts.row_to_see(actor, account_id)
    known = [row.view() for row in rows.of_epochs(account_id, 0)]
    return sum(
        one.state.is_final and one.closed_ms is not None and one.closed_ms < before_ms
        for one in known
    )


def prune(actor: Actor, account_id: str, before_ms: int) -> int:
    """Delete trades that ended before a moment; return how many. The journal keeps its entries.

    Raises NotFound and Forbidden.
    """
    accounts.locked(actor, account_id)
    count = rows.prune(account_id, before_ms)
    audit.record(actor.user_id, "market_trades.prune", account_id, count=count)
    return count


def instruments_of(actor: Actor, account_id: str) -> dict[str, Instrument]:
    """Return every instrument that an account ever traded, by its key; raises NotFound."""
    accounts.row_to_see(actor, account_id)
    return _instruments(account_id)


def _instruments(account_id: str) -> dict[str, Instrument]:
    """Return every instrument that an account ever traded, as it traded it last."""
    found = journal.of_kind(account_id, "listing")
    listed = [read_listing(one.facts).instrument for one in found]
    return {one.key: one for one in listed}


def _since_reset(account_id: str) -> int:
    """Return the epoch that the last reset began; 0 if there was none."""
    found = journal.after(account_id, 0, kinds=("posting",), limit=_MOST)
    return max((one.epoch for one in found if one.facts.get("why") == "reset"), default=0)
