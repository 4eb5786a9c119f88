"""What goes into the reference engine and what comes out."""

from dataclasses import dataclass, field
from typing import Literal

BUY, SELL = 1, -1

Kind = Literal["market", "limit", "stop", "stop_limit", "take_profit", "trailing"]
Force = Literal["gtc", "ioc", "fok", "gtd"]
State = Literal[
    "pending", "accepted", "partially_filled", "filled", "cancelled", "expired", "rejected"
]
STOPS: tuple[Kind, ...] = ("stop", "stop_limit", "trailing")
NEEDS_LIMIT: tuple[Kind, ...] = ("limit", "stop_limit")
NEEDS_TRIGGER: tuple[Kind, ...] = ("stop", "stop_limit", "take_profit")


@dataclass(frozen=True)
class Terms:
    """What the account and the instrument lay down, in whole numbers.

    Parameters
    ----------
    start : int
        Units of money at the beginning.
    unit_value : int
        Units that one step is worth at one tick.
    maker, taker, maintenance : int
        Rates in parts per 10**9.
    leverage : int
        In hundredths; 100 is none.
    spot : bool
        Whether there are no shorts and no liquidation.
    min_notional : int
        Units.
    half_spread, slippage, impact : int
        Parts per 10**6 of the price.
    share : int or None
        Parts per 10**9 of a bar's volume; None is unlimited.
    touch : bool
        Whether a resting limit fills at its price, rather than beyond it only.
    latency_ms : int
        From submission to the moment at which an order can act.
    """

    start: int = 10**12
    unit_value: int = 1
    maker: int = 0
    taker: int = 0
    maintenance: int = 0
    leverage: int = 100
    spot: bool = False
    min_notional: int = 0
    half_spread: int = 0
    slippage: int = 0
    impact: int = 0
    share: int | None = None
    touch: bool = False
    latency_ms: int = 0


@dataclass(frozen=True)
class Request:
    """One order as it is asked for.

    Parameters
    ----------
    kind : str
    side : {1, -1}
    quantity : int
        Steps.
    limit, trigger : int or None
        Ticks.
    distance : int or None
        Of a trailing stop, in ticks, or in parts per 10**6 of the price.
    relative : bool
        Whether the distance is in parts per 10**6.
    """

    kind: Kind
    side: int
    quantity: int
    limit: int | None = None
    trigger: int | None = None
    distance: int | None = None
    relative: bool = False
    reduce_only: bool = False
    post_only: bool = False
    force: Force = "gtc"
    expires_ms: int | None = None


@dataclass(frozen=True)
class Bar:
    """One bar: open time in milliseconds UTC, prices in ticks, volume in steps."""

    open_ms: int
    open: int
    high: int
    low: int
    close: int
    volume: int


@dataclass(frozen=True)
class Quote:
    """One moment of a market: prices in ticks, depth in steps, None if not known.

    Bids and asks are levels of price and quantity, the best first, where a book was told.
    """

    time_ms: int
    bid: int
    ask: int
    last: int
    depth: int | None = None
    bids: tuple[tuple[int, int], ...] = ()
    asks: tuple[tuple[int, int], ...] = ()


@dataclass(frozen=True)
class Fill:
    """One fill: prices in ticks, quantity in steps, money in units; order 0 is a liquidation."""

    order: int
    time_ms: int
    side: int
    price: int
    reference: int
    quantity: int
    fee: int
    slippage: int
    gross: int
    maker: bool


@dataclass
class Order:
    """One order as it lives: what was asked for, and what became of it."""

    number: int
    request: Request
    quantity: int
    active_from_ms: int
    state: State = "accepted"
    code: str = ""
    filled: int = 0
    held: int = 0
    hold_price: int | None = None
    limit: int | None = None
    trigger: int | None = None
    distance: int | None = None
    best: int | None = None
    eligible: bool = False
    fired: bool = False
    resting: bool = False
    oco: list[int] = field(default_factory=list)
    children: list[int] = field(default_factory=list)
    entry: int = 0

    @property
    def side(self) -> int:
        """Return +1 for a purchase, -1 for a sale."""
        return self.request.side

    @property
    def remaining(self) -> int:
        """Return what has not filled, in steps."""
        return self.quantity - self.filled

    @property
    def open(self) -> bool:
        """Return whether it is accepted and has not ended."""
        return self.state in ("accepted", "partially_filled")

    @property
    def working(self) -> bool:
        """Return whether it is open and can act now."""
        return self.open and self.eligible

    @property
    def acts_as(self) -> Kind:
        """Return what it is now: a stop that was triggered is a market or a limit order."""
        if not self.fired:
            return self.request.kind
        return "limit" if self.request.kind == "stop_limit" else "market"

    @property
    def level(self) -> int | None:
        """Return the price that triggers it, or a trailing stop's present one (3.1)."""
        if self.request.kind != "trailing":
            return self.trigger
        if self.best is None or self.distance is None:
            return None
        if self.request.relative:
            return slipped(self.best, self.side, self.distance, least=None)
        return self.best + self.side * self.distance


def slipped(price: int, side: int, ppm: int, least: int | None = 1) -> int:
    """Return a price worsened for `side`, rounded against it (1.3).

    Parameters
    ----------
    price, ppm : int
        Ticks, and parts per 10**6.
    side : {1, -1}
    least : int or None
        Lower bound of the result, ticks.

    Examples
    --------
    >>> slipped(10_000, BUY, 150), slipped(10_000, SELL, 150)
    (10002, 9998)
    """
    if side == BUY:
        worse = -(-price * (10**6 + ppm) // 10**6)
    else:
        worse = price * (10**6 - ppm) // 10**6
    return worse if least is None else max(worse, least)


def share_of(amount: int, parts: int, whole: int = 10**9) -> int:
    """Return amount * parts / whole, rounded up: what is owed (1.2).

    Examples
    --------
    >>> share_of(100_000_001, 1_000_000)
    100001
    """
    return -(-amount * parts // whole)
