"""Virtual accounts of people: several each, opened with a start, renamed, archived."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from sonde.markets.core import accounts as values
from sonde.markets.core.money import Currency
from sonde.markets.core.risk.settings import RiskSettings
from sonde.markets.persistence import accounts as rows
from sonde.markets.persistence import journal
from sonde.markets.persistence import risk_settings as settings_rows
from sonde.markets.persistence import trades as trade_rows
from sonde.platform.core.actor import Actor, Role
from sonde.platform.core.errors import Conflict, Forbidden, NotFound
from sonde.platform.core.identifiers import new_id
from sonde.platform.services import audit
from sonde.platform.services.work import ports

MOST_ACCOUNTS = 50
_FIRST_NAME = "Paper"
# Enough for every instrument of which a tick times a step is a whole number of 10**-12.
_DECIMALS = 8


@dataclass(frozen=True)
class Account:
    """One virtual account, as people see it."""

    id: str
    owner_id: str
    workspace_id: str
    name: str
    currency: Currency
    start: Decimal
    epoch: int


def mine(actor: Actor) -> Sequence[Account]:
    """Return the actor's own accounts, the oldest first."""
    return [_view(row) for row in rows.owned(actor.user_id, actor.workspace_ids)]


def get(actor: Actor, account_id: str) -> Account:
    """Return one account; raises NotFound for what is not the actor's to see."""
    return _view(row_to_see(actor, account_id))


def first(actor: Actor) -> Account:
    """Return the actor's oldest account, opened with 10,000 USDT if there is none yet.

    Raises Forbidden for viewers who have none.
    """
    found = mine(actor)
    if found:
        return found[0]
    try:
        return open_account(actor, _FIRST_NAME)
    except Conflict:  # another request of the same person was faster
        return mine(actor)[0]


def open_account(
    actor: Actor, name: str, currency: str = "USDT", start: Decimal = values.START
) -> Account:
    """Open an account.

    Raises Forbidden for viewers, Invalid for a bad name or start, Conflict for a taken name.
    """
    actor.require(Role.ANALYST)
    money = Currency(currency, _DECIMALS)
    if len(rows.owned(actor.user_id, actor.workspace_ids)) >= MOST_ACCOUNTS:
        raise Conflict(f"You can have {MOST_ACCOUNTS} accounts; archive one first.")
    account_id = new_id()
    posting = values.opening(account_id, money, start)
    row = rows.AccountRow(
        id=account_id,
        workspace_id=actor.workspace_id,
        owner_id=actor.user_id,
        name=values.checked_name(name),
        currency=money.code,
        decimals=money.decimals,
        start_units=posting.units,
        peak_units=posting.units,
        day_start_units=posting.units,
    )
    if not rows.add(row):
        raise _taken(row.name)
    facts = {"units": posting.units, "why": posting.kind.value}
    journal.append(rows.lock(account_id), [(0, "posting", facts)])
    settings_rows.add(account_id, 1, RiskSettings().document(), actor.user_id)
    audit.record(actor.user_id, "market_account.open", account_id, start=str(start))
    return get(actor, account_id)


def rename(actor: Actor, account_id: str, name: str) -> Account:
    """Rename an account; raises NotFound, Forbidden, Invalid, Conflict for a taken name."""
    row = locked(actor, account_id)
    wanted = values.checked_name(name)
    if rows.name_is_taken(row.owner_id, wanted, row.id):
        raise _taken(wanted)
    row.name = wanted
    return _view(row)


def archive(actor: Actor, account_id: str) -> None:
    """Put an account away; raises NotFound, Forbidden, Conflict while trades are active."""
    row = locked(actor, account_id)
    if trade_rows.count_active(row.id):
        raise Conflict("Trades are open in this account; close or cancel them first.")
    row.archived_at = ports().clock()
    audit.record(actor.user_id, "market_account.archive", account_id)


def row_to_see(actor: Actor, account_id: str) -> rows.AccountRow:
    """Return the row of an account that the actor may see; raises NotFound."""
    row = rows.find(account_id, actor.workspace_ids)
    if row is None:
        raise NotFound("There is no such account, or it is not yours to see.", id=account_id)
    return row


def row_to_change(actor: Actor, account_id: str) -> rows.AccountRow:
    """Return the row of an account that the actor may change; raises NotFound and Forbidden."""
    row = row_to_see(actor, account_id)
    actor.require(Role.ANALYST)
    if row.owner_id != actor.user_id and actor.role is not Role.ADMIN:
        raise Forbidden("Only its owner or an administrator can trade in this account.")
    return row


def locked(actor: Actor, account_id: str) -> rows.AccountRow:
    """Return the row to change, and let nobody else change the account until the unit has ended."""
    row_to_change(actor, account_id)
    return rows.lock(account_id)


def _view(row: rows.AccountRow) -> Account:
    return Account(
        row.id,
        row.owner_id,
        row.workspace_id,
        row.name,
        row.money,
        row.money.amount_of(row.start_units),
        row.epoch,
    )


def _taken(name: str) -> Conflict:
    return Conflict(f"You have an account called {name!r} already.", field="name", name=name)
