"""Locks of accounts: made by people, or pauses that rules ask for; listed and removable."""

from collections.abc import Sequence
from dataclasses import dataclass

from sonde.markets.core.risk.facts import Measured
from sonde.markets.core.risk.locks import Forgiven, Lock, checked_lock
from sonde.markets.core.risk.locks import listed as in_order
from sonde.markets.core.risk.pauses import pause_locks
from sonde.markets.core.risk.settings import RiskSettings
from sonde.markets.core.sides import Side
from sonde.markets.persistence import locks as rows
from sonde.markets.services import accounts
from sonde.platform.core.actor import Actor
from sonde.platform.core.errors import NotFound
from sonde.platform.core.identifiers import new_id
from sonde.platform.services import audit


@dataclass(frozen=True)
class NewLock:
    """A lock that somebody wants.

    Parameters
    ----------
    symbol : str
        Key of the instrument; empty for every symbol.
    side : Side, optional
        None for both.
    until_ms : int, optional
        None until somebody removes it.
    reason : str
    """

    symbol: str
    side: Side | None
    until_ms: int | None
    reason: str


def add(actor: Actor, account_id: str, wanted: NewLock, now_ms: int) -> Lock:
    """Lock entries; raises NotFound, Forbidden, Invalid for a lock that ends before it begins."""
    accounts.locked(actor, account_id)
    lock = checked_lock(
        Lock(
            new_id(),
            wanted.symbol,
            wanted.side,
            wanted.until_ms,
            wanted.reason,
            actor.user_id,
            now_ms,
        )
    )
    rows.add(account_id, lock)
    audit.record(actor.user_id, "market_lock.add", account_id, lock=lock.id, reason=lock.reason)
    return lock


def listed(measured: Measured, settings: RiskSettings) -> Sequence[Lock]:
    """Return the locks that hold, the pauses of rules among them, the newest first."""
    return in_order((*measured.locks, *pause_locks(measured, settings)), measured.now_ms)


def remove(actor: Actor, account_id: str, lock_id: str, now_ms: int) -> None:
    """Remove a lock, or end a pause that a rule asks for; raises NotFound and Forbidden."""
    accounts.locked(actor, account_id)
    code, is_pause, symbol = lock_id.partition("/")
    if is_pause:
        rows.end_pause(account_id, Forgiven(code, symbol, now_ms))
    else:
        row = rows.find(account_id, lock_id)
        if row is None:
            raise NotFound("There is no such lock any more.", id=lock_id)
        row.removed_by = actor.user_id
    audit.record(actor.user_id, "market_lock.remove", account_id, lock=lock_id)
