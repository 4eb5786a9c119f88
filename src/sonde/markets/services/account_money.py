"""The money of accounts: balance, reset, set and transfer, each a posting in the journal."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from types import MappingProxyType

from sonde.markets.core import accounts as values
from sonde.markets.core.accounts import Balance, Posting, PostingKind
from sonde.markets.core.money import Currency
from sonde.markets.core.risk.facts import Quote
from sonde.markets.core.trades import given_up
from sonde.markets.persistence import trades as trade_rows
from sonde.markets.services import accounts, desks
from sonde.platform.core.actor import Actor
from sonde.platform.services import audit


@dataclass(frozen=True)
class Money:
    """What is in an account.

    Parameters
    ----------
    currency : Currency
    balance : Balance
    start_units : int
        What the account began with, or was reset to.
    """

    currency: Currency
    balance: Balance
    start_units: int

    def amount(self, units: int) -> Decimal:
        """Return units as an amount of the currency."""
        return self.currency.amount_of(units)


def balance(
    actor: Actor, account_id: str, quotes: Mapping[str, Quote] = MappingProxyType({})
) -> Money:
    """Return what is in an account; positions at `quotes`, else at the last price that it saw.

    Raises NotFound.
    """
    return money_of(desks.seen(actor, account_id), quotes)


def money_of(opened: desks.OpenDesk, quotes: Mapping[str, Quote]) -> Money:
    """Return what is in an account whose desk is open, positions at `quotes`."""
    found = _money(opened)
    if opened.engine is None:
        return found
    return replace(found, balance=opened.engine.balance(desks.marks_of(opened, quotes)))


def reset(actor: Actor, account_id: str, now_ms: int, start: Decimal | None = None) -> Money:
    """Begin an account anew with its start, or another.

    Orders and trades that were open are cancelled; the journal keeps them. Peak and loss of the day
    begin anew, and so does a halt by drawdown. Raises NotFound, Forbidden, Invalid.
    """
    opened = desks.opened(actor, account_id)
    row = opened.row
    units = row.start_units if start is None else values.checked_amount(start, row.money)
    for trade in opened.kept.values():
        _give_up(opened, trade, now_ms)
    opened.kept.clear()
    desks.begin_epoch(opened, PostingKind.RESET.value, units)
    desks.leave(opened, now_ms)
    row.start_units = row.peak_units = row.day_start_units = units
    audit.record(actor.user_id, "market_account.reset", account_id, epoch=row.epoch)
    return _money(opened)


def set_balance(actor: Actor, account_id: str, wanted: Decimal, now_ms: int) -> Money:
    """Let an account's cash be what is wanted.

    Raises NotFound, Forbidden, Invalid, Conflict where orders and positions need more. The peak
    moves by as much, so that money put in or out is no gain and no drawdown.
    """
    opened = desks.opened(actor, account_id)
    units = values.checked_amount(wanted, opened.row.money)
    _post(opened, values.setting(account_id, opened.balance, units), now_ms)
    audit.record(actor.user_id, "market_account.set", account_id, balance=str(wanted))
    return _money(opened)


def transfer(
    actor: Actor, giver_id: str, taker_id: str, amount: Decimal, now_ms: int
) -> tuple[Money, Money]:
    """Move money from one account to another of the same currency.

    Raises NotFound, Forbidden, Invalid, Conflict if less than that is free. Both rows are locked in
    the order of their ids, so that two transfers never wait for each other.
    """
    for account_id in sorted({giver_id, taker_id}):
        accounts.locked(actor, account_id)
    giver, taker = (desks.opened(actor, account_id) for account_id in (giver_id, taker_id))
    currency = giver.row.money
    postings = values.transferring(
        (giver_id, currency, giver.balance),
        (taker_id, taker.row.money),
        values.checked_amount(amount, currency),
    )
    for opened, posting in zip((giver, taker), postings, strict=True):
        _post(opened, posting, now_ms)
    audit.record(
        actor.user_id, "market_account.transfer", giver_id, to=taker_id, amount=str(amount)
    )
    return _money(giver), _money(taker)


def _post(opened: desks.OpenDesk, posting: Posting, now_ms: int) -> None:
    desks.post(opened, posting, now_ms)
    opened.row.peak_units += posting.units
    opened.row.day_start_units += posting.units
    desks.leave(opened, now_ms)


def _give_up(opened: desks.OpenDesk, row: trade_rows.TradeRow, now_ms: int) -> None:
    row.keep(given_up(row.view(), now_ms, "reset"), opened.unit_value(row.symbol))


def _money(opened: desks.OpenDesk) -> Money:
    return Money(opened.row.money, opened.balance, opened.row.start_units)
