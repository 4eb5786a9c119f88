"""How a trade is entered: the kinds of orders, what sets them off, and how long they hold.

A wish says it in prices and percent (`EntryWish`); the order that it becomes has whole ticks
(`EntryOrder`). What is missing or contradicts itself is refused in words.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from types import MappingProxyType

from sonde.markets.core.instruments import Instrument
from sonde.markets.core.sides import Side
from sonde.platform.core.errors import Invalid

_LONGEST_MINUTES = 525_600
_MINUTE_MS = 60_000


class EntryKind(StrEnum):
    """The order that enters a trade."""

    MARKET = "market"
    LIMIT = "limit"
    STOP = "stop"
    STOP_LIMIT = "stop_limit"
    IF_TOUCHED = "take_profit"
    TRAILING = "trailing"


class Force(StrEnum):
    """How long an entry holds: until cancelled, at once in part or whole, or for a time."""

    GTC = "GTC"
    IOC = "IOC"
    FOK = "FOK"
    GTD = "GTD"


_NAMES: Mapping[EntryKind, str] = MappingProxyType(
    {
        EntryKind.MARKET: "market",
        EntryKind.LIMIT: "limit",
        EntryKind.STOP: "stop",
        EntryKind.STOP_LIMIT: "stop-limit",
        EntryKind.IF_TOUCHED: "if-touched",
        EntryKind.TRAILING: "trailing",
    }
)
_LIMITED = (EntryKind.LIMIT, EntryKind.STOP_LIMIT)
_TRIGGERED = (EntryKind.STOP, EntryKind.STOP_LIMIT, EntryKind.IF_TOUCHED)


@dataclass(frozen=True)
class EntryWish:
    """How somebody wants to enter.

    Parameters
    ----------
    kind : EntryKind, optional
        Without one, what the prices say: a trigger makes a stop, a limit price a limit order.
    trigger : Decimal, optional
        Price that sets a stop, stop-limit or if-touched order off.
    trail_percent : Decimal, optional
        A trailing entry follows the best price at this distance and enters when it turns.
    post_only : bool
        A limit order that would take from the book is refused instead.
    force : Force
    good_for_minutes : int, optional
        With ``GTD``.
    """

    kind: EntryKind | None = None
    trigger: Decimal | None = None
    trail_percent: Decimal | None = None
    post_only: bool = False
    force: Force = Force.GTC
    good_for_minutes: int | None = None


@dataclass(frozen=True)
class EntryOrder:
    """The entry of a trade in ticks; a trade from before there were kinds has an empty one.

    Parameters
    ----------
    kind : str
        Value of an `EntryKind`.
    trigger_ticks : int, optional
    trail_ticks : int, optional
        Distance from the best price.
    post_only : bool
    force : str
    expires_ms : int
        With ``GTD``, milliseconds UTC of the market's clock; else 0.
    either : str
        Id of the other trade of which this or that is to be entered; empty for none.
    """

    kind: str = ""
    trigger_ticks: int | None = None
    trail_ticks: int | None = None
    post_only: bool = False
    force: str = "GTC"
    expires_ms: int = 0
    either: str = ""


@dataclass(frozen=True)
class EntryAt:
    """Where and when an entry is asked for; `last` is the newest price, None without one."""

    instrument: Instrument
    side: Side
    last: Decimal | None
    now_ms: int


def kind_of(wish: EntryWish, limit_price: Decimal | None) -> EntryKind:
    """Return the kind of order that is meant.

    Examples
    --------
    >>> kind_of(EntryWish(trigger=Decimal(5)), None).value, kind_of(EntryWish(), Decimal(5)).value
    ('stop', 'limit')
    """
    if wish.kind is not None:
        return wish.kind
    if wish.trail_percent is not None:
        return EntryKind.TRAILING
    if wish.trigger is not None:
        return EntryKind.STOP if limit_price is None else EntryKind.STOP_LIMIT
    return EntryKind.MARKET if limit_price is None else EntryKind.LIMIT


def entry_order(wish: EntryWish, limit_price: Decimal | None, at: EntryAt) -> EntryOrder:
    """Return the order of an entry.

    Raises
    ------
    Invalid
        If a price, a distance or a time is missing, too much, off the grid, or on the wrong side
        of the market.

    Examples
    --------
    >>> from sonde.markets.core.instruments import FEE_PRESETS
    >>> btc = Instrument("binance", "BTCUSDT", "BTC", "USDT", Decimal("0.01"), Decimal("0.00001"),
    ...                  Decimal(5), FEE_PRESETS["binance"])
    >>> entry_order(EntryWish(trigger=Decimal(51)), None, EntryAt(btc, Side.LONG, Decimal(50), 0))
    EntryOrder(kind='stop', trigger_ticks=5100, trail_ticks=None, post_only=False, force='GTC', \
expires_ms=0, either='')
    """
    kind = kind_of(wish, limit_price)
    _check_prices(kind, wish, limit_price)
    trigger = None if wish.trigger is None else at.instrument.ticks_of(wish.trigger)
    _check_way(kind, wish, at)
    return EntryOrder(
        kind.value,
        trigger,
        _trail_ticks(wish.trail_percent, at),
        wish.post_only,
        wish.force.value,
        _expires_ms(wish, at.now_ms),
    )


def expected_ticks(side: Side, limit: int | None, trigger: int | None) -> int | None:
    """Return the price at which an entry fills when it does; None for the market's.

    A stop-limit order fills from its trigger on, unless its limit waits for a better price.

    Examples
    --------
    >>> expected_ticks(Side.LONG, 510, 500), expected_ticks(Side.SHORT, 510, 500)
    (500, 510)
    """
    told = [one for one in (limit, trigger) if one]
    if not told:
        return None
    return min(told) if side is Side.LONG else max(told)


def distance_ticks(percent: Decimal, price_ticks: int) -> int:
    """Return the distance of a trailing order, from a share of the price, at least one tick.

    Raises
    ------
    Invalid
        If the share is not above 0 and below 100 %.

    Examples
    --------
    >>> distance_ticks(Decimal("1.5"), 5_000_000)
    75000
    """
    if not percent.is_finite() or not 0 < percent < 100:
        raise Invalid(
            f"A trailing distance is above 0 % and below 100 %, not {percent:f} %.", field="trail"
        )
    return max(1, int(price_ticks * percent / 100))


def _trail_ticks(percent: Decimal | None, at: EntryAt) -> int | None:
    if percent is None:
        return None
    if at.last is None:
        raise Invalid("A trailing order needs a price to follow; there is none.", field="trail")
    return distance_ticks(percent, int(at.last / at.instrument.tick))


def _check_prices(kind: EntryKind, wish: EntryWish, limit_price: Decimal | None) -> None:
    """Ask for what the kind needs, and refuse what it does not have."""
    name = _NAMES[kind]
    needs = (
        (kind in _LIMITED, limit_price, "entry_price", "its limit price"),
        (kind in _TRIGGERED, wish.trigger, "trigger", "the price that sets it off"),
        (kind is EntryKind.TRAILING, wish.trail_percent, "trail", "its distance in percent"),
    )
    for is_needed, value, field, words in needs:
        if is_needed and value is None:
            raise Invalid(f"A {name} order needs {words}.", field=field)
        if not is_needed and value is not None:
            raise Invalid(f"A {name} order does not have {words}; leave it out.", field=field)
    if wish.post_only and kind is not EntryKind.LIMIT:
        raise Invalid("Only a limit order can be post-only.", field="post_only")


def _check_way(kind: EntryKind, wish: EntryWish, at: EntryAt) -> None:
    """Refuse a trigger that the price has passed already: it would be a market order."""
    if wish.trigger is None or at.last is None:
        return
    way = at.side.sign if kind is not EntryKind.IF_TOUCHED else -at.side.sign
    if (wish.trigger - at.last) * way > 0:
        return
    where = "above" if way > 0 else "below"
    other = "a stop" if kind is EntryKind.IF_TOUCHED else "an if-touched"
    raise Invalid(
        f"The trigger of this {_NAMES[kind]} order lies {where} the price, which is "
        f"{at.last:,f} now; {other} order waits on the other side.",
        field="trigger",
    )


def _expires_ms(wish: EntryWish, now_ms: int) -> int:
    minutes = wish.good_for_minutes
    if wish.force is not Force.GTD:
        if minutes is not None:
            raise Invalid("Only an order that is good for a time has minutes.", field="minutes")
        return 0
    if minutes is None or not 0 < minutes <= _LONGEST_MINUTES:
        raise Invalid(
            f"Say for how many minutes the order is good: 1 to {_LONGEST_MINUTES}.",
            field="minutes",
        )
    return now_ms + minutes * _MINUTE_MS
