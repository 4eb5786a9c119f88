"""Which orders the reference engine accepts, and what it sets aside for them (3.4, 3.5)."""

from collections.abc import Callable
from dataclasses import dataclass

from sonde.markets.core.engine.reference.account import Account
from sonde.markets.core.engine.reference.values import (
    BUY,
    NEEDS_LIMIT,
    NEEDS_TRIGGER,
    Order,
    slipped,
)


@dataclass
class Market:
    """The last that was seen of the market, ticks; None before anything was."""

    last: int | None = None
    bid: int | None = None
    ask: int | None = None
    time_ms: int = 0


def reduces(order: Order, account: Account) -> bool:
    """Return whether the order can only reduce: by its flag, or as a sale on spot."""
    return order.request.reduce_only or (account.terms.spot and order.side != BUY)


def hold_price(order: Order, market: Market) -> int | None:
    """Return the price at which the order sets money aside, ticks (3.5)."""
    for price in (order.limit, order.level, market.last):
        if price is not None:
            return max(price, 0)
    return None


def needed(order: Order, account: Account) -> int:
    """Return what the order sets aside for what remains of it, units (3.5)."""
    if order.request.kind == "market" or reduces(order, account) or order.hold_price is None:
        return 0
    return account.price_to_open(order.hold_price, order.remaining, account.terms.taker)


def refusal(order: Order, account: Account, market: Market) -> str:
    """Return the code for which the order is refused, or nothing (3.4)."""
    checks: tuple[tuple[str, Callable[[Order, Account, Market], bool]], ...] = (
        ("quantity", lambda o, _a, _m: o.remaining <= 0),
        ("price", lambda o, _a, _m: not _priced(o)),
        ("expired", _expired),
        ("min_notional", _too_small),
        ("spot_short", _sells_short),
        ("nothing_to_reduce", lambda o, a, _m: o.request.reduce_only and not a.opposes(o.side)),
        ("post_only", lambda o, _a, m: o.request.post_only and _crosses(o, m)),
        ("insufficient_balance", lambda o, a, m: not _paid_for(o, a, m)),
    )
    return next((code for code, refuses in checks if refuses(order, account, market)), "")


def _expired(order: Order, _account: Account, market: Market) -> bool:
    return order.request.force == "gtd" and (order.request.expires_ms or 0) <= market.time_ms


def _sells_short(order: Order, account: Account, _market: Market) -> bool:
    if not account.terms.spot or order.side == BUY or order.request.reduce_only:
        return False
    return order.remaining > account.position


def _priced(order: Order) -> bool:
    kind = order.request.kind
    asked = (
        (kind in NEEDS_LIMIT, order.limit),
        (kind in NEEDS_TRIGGER, order.trigger),
        (kind == "trailing", order.distance),
    )
    return all(value is not None and value > 0 for wanted, value in asked if wanted)


def _too_small(order: Order, account: Account, market: Market) -> bool:
    if order.request.reduce_only:
        return False
    prices = (order.limit, order.trigger, market.last)
    price = next((each for each in prices if each is not None), None)
    if price is None:
        return False
    return account.value(price, order.remaining) < account.terms.min_notional


def _crosses(order: Order, market: Market) -> bool:
    opposite = market.ask if order.side == BUY else market.bid
    if opposite is None or order.limit is None:
        return False
    return order.side * (order.limit - opposite) >= 0


def _paid_for(order: Order, account: Account, market: Market) -> bool:
    if order.request.kind != "market":
        return needed(order, account) <= account.free
    if reduces(order, account) or account.opposes(order.side) or market.last is None:
        return True
    terms = account.terms
    price = slipped(market.last, order.side, terms.half_spread + terms.slippage)
    return account.price_to_open(price, order.remaining, terms.taker) <= account.free
