"""What requests about trading have in common: the account, the market, and how a trade is told."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Annotated, Any

from fastapi import Query
from pydantic import BaseModel

from sonde.markets.api.exact import Exact, moment, moment_or_none
from sonde.markets.core.instruments import Instrument
from sonde.markets.core.trades import Trade
from sonde.markets.services import accounts, replay_trading, trade_history
from sonde.markets.services.trade_facts import trade_facts
from sonde.platform.core.actor import Actor

AccountId = Annotated[
    str, Query(max_length=40, description="Account; empty for your oldest, opened if need be.")
]


class TradeBody(BaseModel):
    """One trade; exact decimals as text, null where something is not known."""

    trade_id: str
    symbol: str
    direction: str
    status: str
    is_placed: bool
    quantity: Exact
    filled_quantity: Exact
    open_quantity: Exact
    traded_as: str
    leverage: Exact
    order_type: str
    trigger_price: Exact | None
    time_in_force: str
    post_only: bool
    expires_time: datetime | None
    limit_price: Exact | None
    entry_price: Exact | None
    close_price: Exact | None
    sl_price: Exact | None
    sl_trailing: Exact | None
    tp_price: Exact | None
    gross: Exact
    fees: Exact
    funding: Exact
    slippage: Exact
    pnl: Exact
    currency: str
    asked_time: datetime
    open_time: datetime | None
    close_time: datetime | None
    exit_reason: str
    tag: str
    confidence: Exact | None


def account_of(actor: Actor, account_id: str) -> str:
    """Return the account that is meant, with all that its replay has brought up to now.

    Raises NotFound for what is not the actor's to see.
    """
    found = accounts.get(actor, account_id) if account_id else accounts.first(actor)
    replay_trading.keep_up(actor, found.id)
    return found.id


def account_of_trade(actor: Actor, trade_id: str) -> str:
    """Return the account of a trade, with all that its replay has brought; raises NotFound."""
    return account_of(actor, trade_history.account_of(actor, trade_id))


def trade_bodies(actor: Actor, account_id: str, trades: Sequence[Trade]) -> list[TradeBody]:
    """Return trades of an account as the API shows them."""
    known = trade_history.instruments_of(actor, account_id)
    currency = accounts.get(actor, account_id).currency
    return [body_of(trade_facts(one, known[one.symbol], currency), one) for one in trades]


def trade_body(actor: Actor, account_id: str, trade: Trade, one: Instrument) -> TradeBody:
    """Return a trade as the API shows it."""
    return body_of(trade_facts(trade, one, accounts.get(actor, account_id).currency), trade)


def body_of(facts: Mapping[str, Any], trade: Trade) -> TradeBody:
    """Return the facts of a trade with its times as times."""
    times = {
        "asked_time": moment(trade.asked_ms),
        "expires_time": moment_or_none(trade.entry.expires_ms or None),
        "open_time": moment_or_none(trade.opened_ms),
        "close_time": moment_or_none(trade.closed_ms),
    }
    return TradeBody.model_validate({**facts, **times})
