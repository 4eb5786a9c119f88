"""Trades over REST: opened, activated, changed, closed, cancelled, listed."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Annotated, Any, Literal

from fastapi import Query, Response
from fastapi.responses import JSONResponse
from pydantic import BaseModel, ConfigDict, Field

from sonde.markets.api.exact import Exact
from sonde.markets.api.trading.asking import (
    AccountId,
    TradeBody,
    account_of,
    account_of_trade,
    body_of,
    trade_bodies,
    trade_body,
)
from sonde.markets.api.trading.tickets import NewTradeBody, level_of, stop_of
from sonde.markets.core.desk.following import Role
from sonde.markets.core.measuring import Market
from sonde.markets.core.money import Currency
from sonde.markets.services import (
    accounts,
    desk_views,
    market_views,
    price_store,
    trade_history,
    trading,
)
from sonde.markets.services.trade_facts import trade_facts
from sonde.markets.services.trading import TradeView
from sonde.platform.api.routing import (
    Acting,
    Cursor,
    IdempotencyKey,
    Limit,
    from_memory,
    once,
    router,
)
from sonde.platform.core.actor import Actor

ROUTER = router("/markets", tag="Markets: trading")
_RECENT = 20
_DAY_MS = 86_400_000

ClosePrice = Annotated[
    Decimal | None,
    Query(description="Understood and not used: a trade is closed at the market's price."),
]
Part = Annotated[Decimal | None, Query(gt=0, le=1, description="Of what is open; all of it.")]
OlderThanDays = Annotated[int, Query(ge=0, le=36_500, description="Ended before so many days.")]


class NewTrade(BaseModel):
    """A trade that was opened."""

    status: str
    trade_id: str
    trade: TradeBody
    other_trade_id: str | None = None


class TradeAnswer(BaseModel):
    """What became of a trade."""

    status: str
    message: str
    trade: TradeBody


class TradePage(BaseModel):
    """Part of the list of trades, newest first."""

    items: list[TradeBody]
    next_cursor: str | None


class PositionBody(TradeBody):
    """A trade that has not ended, with what closing it now would bring, its fee included."""

    current_price: Exact | None
    live_gross: Exact | None
    live_fees: Exact | None
    live_pnl: Exact | None
    live_percent: Exact | None


class Cleaned(BaseModel):
    """How many trades were deleted; the ledger keeps its entries."""

    status: str
    deleted: int


class TradeChanges(BaseModel):
    """What is to be changed of a trade; what is left out stays."""

    model_config = ConfigDict(extra="forbid")

    entry_price: Decimal | None = None
    trigger_price: Decimal | None = None
    tp_pct: Decimal | None = None
    sl_pct: Decimal | None = None
    tp_price: Decimal | None = None
    sl_price: Decimal | None = None
    sl_trailing_pct: Decimal | None = Field(None, description="A stop that follows the price.")
    remove: list[Literal["stop", "target"]] = Field([], description="Guards to take away.")

    def changes(self) -> trading.Changes:
        """Return the changes; raises Invalid."""
        return trading.Changes(
            self.entry_price,
            stop_of(self.sl_price, self.sl_pct, self.sl_trailing_pct),
            level_of(self.tp_price, self.tp_pct, "target"),
            self.trigger_price,
            frozenset(Role(one) for one in self.remove),
        )


@ROUTER.post("/trade", status_code=201, response_model=NewTrade)
def open_trade(actor: Acting, body: NewTradeBody, key: IdempotencyKey = None) -> JSONResponse:
    """Open a trade, if every rule allows it; under a key, once however often it is asked."""

    def do() -> Mapping[str, Any]:
        account_id = account_of(actor, body.account_id)
        market = market_views.tradable(actor, body.symbol)
        view, other = _opened(actor, account_id, body, market)
        told = trade_body(actor, account_id, view.trade, view.instrument)
        answer = NewTrade(
            status="success", trade_id=view.trade.id, trade=told, other_trade_id=other
        )
        return answer.model_dump(mode="json")

    return once(actor, key, body, do)


def _opened(
    actor: Actor, account_id: str, body: NewTradeBody, market: Market
) -> tuple[TradeView, str | None]:
    """Open what is asked for; return the trade, and the id of the other where there are two."""
    if body.or_entry is None:
        active = body.activate
        return trading.open_trade(actor, account_id, body.wish(), market, is_active=active), None
    wishes = body.wishes(body.wish(), body.or_entry)
    view, other = trading.open_either(actor, account_id, wishes, market)
    return view, other.trade.id


@ROUTER.get("/trades")
@from_memory
def list_trades(
    actor: Acting,
    account_id: AccountId = "",
    status: str = "",
    limit: Limit = 100,
    cursor: Cursor = "",
) -> TradePage:
    """List the trades of an account, newest first."""
    wanted = account_of(actor, account_id)
    found = trade_history.newest(actor, wanted, before=cursor, state=status, limit=limit + 1)
    more = found[limit - 1].id if len(found) > limit else None
    return TradePage(items=trade_bodies(actor, wanted, found[:limit]), next_cursor=more)


@ROUTER.get("/trades/recent")
@from_memory
def list_recent_trades(actor: Acting, account_id: AccountId = "") -> list[TradeBody]:
    """List the newest twenty trades."""
    wanted = account_of(actor, account_id)
    return trade_bodies(actor, wanted, trade_history.newest(actor, wanted, limit=_RECENT))


@ROUTER.get("/positions")
@from_memory
def list_positions(actor: Acting, account_id: AccountId = "") -> list[PositionBody]:
    """List the trades that have not ended, at the newest prices."""
    wanted = account_of(actor, account_id)
    money = accounts.get(actor, wanted).currency
    return [_position(money, one) for one in desk_views.positions(actor, wanted)]


@ROUTER.delete("/trades/cleanup")
def clean_up_trades(
    actor: Acting, account_id: AccountId = "", older_than_days: OlderThanDays = 30
) -> Cleaned:
    """Delete trades that ended long ago; the ledger keeps its entries."""
    before_ms = price_store.now_ms() - older_than_days * _DAY_MS
    deleted = trade_history.prune(actor, account_of(actor, account_id), before_ms)
    return Cleaned(status="success", deleted=deleted)


@ROUTER.get("/export")
def export_trades(actor: Acting, account_id: AccountId = "") -> Response:
    """Download the newest 10,000 trades as CSV."""
    text = trade_history.export(actor, account_of(actor, account_id))
    headers = {"Content-Disposition": 'attachment; filename="trades.csv"'}
    return Response(text, media_type="text/csv", headers=headers)


@ROUTER.get("/trades/{trade_id}")
def get_trade(actor: Acting, trade_id: str) -> TradeBody:
    """Look at one trade."""
    account_id = account_of_trade(actor, trade_id)
    trade = trade_history.get(actor, account_id, trade_id)
    return trade_bodies(actor, account_id, [trade])[0]


@ROUTER.patch("/trades/{trade_id}")
def change_trade(actor: Acting, trade_id: str, body: TradeChanges) -> TradeAnswer:
    """Change the prices of the entry, the stop or the target of a trade, or take a guard away."""
    account_id = account_of_trade(actor, trade_id)
    symbol = trade_history.get(actor, account_id, trade_id).symbol
    market = market_views.tradable(actor, symbol)
    view = trading.modify(actor, account_id, trade_id, body.changes(), market)
    return _answer(actor, account_id, view, "The trade was changed.")


@ROUTER.post("/trades/{trade_id}/close")
def close_trade(
    actor: Acting, trade_id: str, part: Part = None, close_price: ClosePrice = None
) -> TradeAnswer:
    """Close a trade at market, or a part of it."""
    account_id = account_of_trade(actor, trade_id)
    symbol = trade_history.get(actor, account_id, trade_id).symbol
    view = trading.close(actor, account_id, trade_id, market_views.tradable(actor, symbol), part)
    words = "The trade closes at the market's next price."
    if close_price is not None:
        words += f" The price {close_price:f} that was sent is not used."
    return _answer(actor, account_id, view, words)


@ROUTER.post("/trades/{trade_id}/cancel")
def cancel_trade(actor: Acting, trade_id: str) -> TradeAnswer:
    """Take a pending trade back."""
    account_id = account_of_trade(actor, trade_id)
    symbol = trade_history.get(actor, account_id, trade_id).symbol
    now_ms = market_views.tradable(actor, symbol).now_ms
    view = trading.cancel(actor, account_id, trade_id, now_ms)
    return _answer(actor, account_id, view, "The trade was cancelled.")


@ROUTER.post("/trades/{trade_id}/activate")
def activate_trade(actor: Acting, trade_id: str) -> TradeAnswer:
    """Send the entry of a pending trade."""
    account_id = account_of_trade(actor, trade_id)
    symbol = trade_history.get(actor, account_id, trade_id).symbol
    view = trading.activate(actor, account_id, trade_id, market_views.tradable(actor, symbol))
    return _answer(actor, account_id, view, "The trade is active; its entry waits to be filled.")


def _answer(actor: Actor, account_id: str, view: TradeView, message: str) -> TradeAnswer:
    told = trade_body(actor, account_id, view.trade, view.instrument)
    return TradeAnswer(status="success", message=message, trade=told)


def _position(money: Currency, view: TradeView) -> PositionBody:
    told = body_of(trade_facts(view.trade, view.instrument, money), view.trade)
    names = ("live_gross", "live_fees", "live_pnl", "live_percent")
    live: dict[str, Decimal | None] = dict.fromkeys(names)
    if view.live is not None:
        amount = money.amount_of
        live = {
            "live_gross": amount(view.live.gross_units),
            "live_fees": amount(view.live.fees_units),
            "live_pnl": amount(view.live.net_units),
            "live_percent": view.live.percent,
        }
    facts = {**told.model_dump(), "current_price": view.mark, **live}
    return PositionBody.model_validate(facts)
