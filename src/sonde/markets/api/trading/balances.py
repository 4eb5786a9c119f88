"""Virtual accounts and their money over REST; and the ledger that every change stands in."""

from datetime import datetime
from decimal import Decimal
from typing import Annotated, Any

from fastapi import Query, Response
from pydantic import BaseModel, ConfigDict, Field

from sonde.markets.api.exact import Exact, moment
from sonde.markets.api.trading.asking import AccountId, account_of
from sonde.markets.core.accounts import START
from sonde.markets.services import account_money, accounts, order_views, price_store, trade_history
from sonde.markets.services.account_money import Money
from sonde.markets.services.accounts import Account
from sonde.platform.api.routing import Acting, Limit, from_memory, router

ROUTER = router("/markets", tag="Markets: trading")

After = Annotated[int, Query(ge=0, description="Entries after this seq.")]


class AccountBody(BaseModel):
    """One virtual account."""

    id: str
    name: str
    currency: str
    start: Exact


class NewAccountBody(BaseModel):
    """An account to be opened."""

    model_config = ConfigDict(extra="forbid")

    name: str = Field(max_length=80)
    currency: str = Field("USDT", max_length=10)
    start: Decimal = START


class AccountName(BaseModel):
    """A new name."""

    model_config = ConfigDict(extra="forbid")

    name: str = Field(max_length=80)


class BalanceBody(BaseModel):
    """What is in an account; the balance is free, held and margin together."""

    account_id: str
    currency: str
    balance: Exact
    free: Exact
    held: Exact
    margin: Exact
    unrealised: Exact
    equity: Exact
    start: Exact
    pnl: Exact


class ResetBody(BaseModel):
    """How an account begins anew."""

    model_config = ConfigDict(extra="forbid")

    account_id: str = Field("", max_length=40)
    start: Decimal | None = Field(None, description="Without one, what it began with.")


class SetBody(BaseModel):
    """What is to be in an account."""

    model_config = ConfigDict(extra="forbid")

    balance: Decimal
    account_id: str = Field("", max_length=40)


class TransferBody(BaseModel):
    """Money that goes from one account to another."""

    model_config = ConfigDict(extra="forbid")

    from_account_id: str
    to_account_id: str
    amount: Decimal


class EntryBody(BaseModel):
    """One entry of an account's ledger."""

    seq: int
    epoch: int
    at: datetime
    kind: str
    facts: dict[str, Any]


class LedgerPage(BaseModel):
    """Part of the ledger, oldest first."""

    items: list[EntryBody]
    next_after: int | None


@ROUTER.get("/accounts")
@from_memory
def list_accounts(actor: Acting) -> list[AccountBody]:
    """List your virtual accounts, the oldest first."""
    return [_account(one) for one in accounts.mine(actor)]


@ROUTER.post("/accounts", status_code=201)
def create_account(actor: Acting, body: NewAccountBody) -> AccountBody:
    """Open a virtual account."""
    return _account(accounts.open_account(actor, body.name, body.currency, body.start))


@ROUTER.patch("/accounts/{account_id}")
def rename_account(actor: Acting, account_id: str, body: AccountName) -> AccountBody:
    """Rename an account."""
    return _account(accounts.rename(actor, account_id, body.name))


@ROUTER.delete("/accounts/{account_id}", status_code=204)
def archive_account(actor: Acting, account_id: str) -> Response:
    """Put an account away; its ledger stays."""
    accounts.archive(actor, account_id)
    return Response(status_code=204)


@ROUTER.get("/virtual_balance")
@from_memory
def get_balance(actor: Acting, account_id: AccountId = "") -> BalanceBody:
    """Return what is in an account."""
    wanted = account_of(actor, account_id)
    return _balance(wanted, account_money.balance(actor, wanted))


@ROUTER.post("/virtual_balance/reset")
def reset_balance(actor: Acting, body: ResetBody | None = None) -> BalanceBody:
    """Begin an account anew; what was open is cancelled."""
    wanted = account_of(actor, body.account_id if body else "")
    start = body.start if body else None
    money = account_money.reset(actor, wanted, price_store.now_ms(), start)
    return _balance(wanted, money)


@ROUTER.post("/virtual_balance/set")
def set_balance(actor: Acting, body: SetBody) -> BalanceBody:
    """Let the cash of an account be what is wanted, by a posting in its ledger."""
    wanted = account_of(actor, body.account_id)
    money = account_money.set_balance(actor, wanted, body.balance, price_store.now_ms())
    return _balance(wanted, money)


@ROUTER.post("/virtual_balance/transfer")
def transfer(actor: Acting, body: TransferBody) -> list[BalanceBody]:
    """Move money between two accounts; return both."""
    ids = (body.from_account_id, body.to_account_id)
    both = account_money.transfer(actor, *ids, body.amount, price_store.now_ms())
    return [_balance(one, money) for one, money in zip(ids, both, strict=True)]


@ROUTER.get("/ledger")
def get_ledger(
    actor: Acting, account_id: AccountId = "", after: After = 0, limit: Limit = 100
) -> LedgerPage:
    """Read the entries of an account's ledger, oldest first."""
    wanted = account_of(actor, account_id)
    found = trade_history.ledger(actor, wanted, after, limit + 1)
    items = [
        EntryBody(
            seq=one.seq,
            epoch=one.epoch,
            at=moment(one.time_ms),
            kind=one.kind,
            facts=dict(one.facts),
        )
        for one in found[:limit]
    ]
    return LedgerPage(items=items, next_after=items[-1].seq if len(found) > limit else None)


@ROUTER.get("/orders")
def list_orders(
    actor: Acting, account_id: AccountId = "", open_only: bool = True
) -> list[dict[str, Any]]:
    """List the orders of an account since its last reset, each by its newest event."""
    found = order_views.orders(actor, account_of(actor, account_id), open_only=open_only)
    return [dict(one) for one in found]


@ROUTER.get("/trades/{trade_id}/orders")
def list_orders_of_trade(actor: Acting, trade_id: str) -> list[dict[str, Any]]:
    """List the orders of a trade that are known still, each by its newest event."""
    return [dict(one) for one in order_views.of_trade(actor, trade_id)]


def _account(one: Account) -> AccountBody:
    return AccountBody(id=one.id, name=one.name, currency=one.currency.code, start=one.start)


def _balance(account_id: str, money: Money) -> BalanceBody:
    found = money.balance
    return BalanceBody(
        account_id=account_id,
        currency=money.currency.code,
        balance=money.amount(found.cash),
        free=money.amount(found.free),
        held=money.amount(found.held),
        margin=money.amount(found.margin),
        unrealised=money.amount(found.unrealised),
        equity=money.amount(found.equity),
        start=money.amount(money.start_units),
        pnl=money.amount(found.equity - money.start_units),
    )
