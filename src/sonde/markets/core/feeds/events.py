"""What a feed says: trades, the best bid and ask, the book, candles, and that it was interrupted.

Prices and quantities are exact decimals, as the venue writes them; times are milliseconds UTC.
"""

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, fields
from decimal import Decimal
from typing import Any, Final

from sonde.platform.core.errors import Invalid


@dataclass(frozen=True)
class Tick:
    """One trade of the venue.

    Parameters
    ----------
    key : str
        The instrument, such as ``"binance:BTCUSDT"``.
    time_ms : int
        When it was traded, milliseconds UTC.
    price, quantity : Decimal
    sequence : int, optional
        The venue's number of the trade; equal numbers are one trade.
    for_display : bool
        True for a point on the way of a recorded candle: to be drawn, never to trade at.
    """

    key: str
    time_ms: int
    price: Decimal
    quantity: Decimal
    sequence: int | None = None
    for_display: bool = False


@dataclass(frozen=True)
class Top:
    """The best bid and the best ask, with what is there at each.

    Parameters
    ----------
    key : str
    time_ms : int
        Milliseconds UTC.
    bid, ask, bid_quantity, ask_quantity : Decimal
    """

    key: str
    time_ms: int
    bid: Decimal
    ask: Decimal
    bid_quantity: Decimal
    ask_quantity: Decimal


Level = tuple[Decimal, Decimal]


@dataclass(frozen=True)
class Book:
    """Levels of the order book, the best first.

    Parameters
    ----------
    key : str
    time_ms : int
        Milliseconds UTC.
    bids, asks : tuple of (Decimal, Decimal)
        Price and quantity.
    """

    key: str
    time_ms: int
    bids: tuple[Level, ...]
    asks: tuple[Level, ...]


@dataclass(frozen=True)
class Bar:
    """A candle as it grows, or whole.

    Parameters
    ----------
    key : str
    timeframe : str
        Such as ``"1m"``.
    open_time_ms : int
        Milliseconds UTC.
    open, high, low, close, volume : Decimal
    is_finished : bool
        Its time is over. A bar that is not finished is never stored.
    is_whole : bool
        Nothing of it was missed. A finished bar that is not whole waits for the venue's own.
    """

    key: str
    timeframe: str
    open_time_ms: int
    open: Decimal
    high: Decimal
    low: Decimal
    close: Decimal
    volume: Decimal
    is_finished: bool = False
    is_whole: bool = True


@dataclass(frozen=True)
class Interrupted:
    """Something may have been missed: the connection was lost, or a message was unreadable.

    Parameters
    ----------
    key : str
        The instrument, or empty for the whole feed.
    time_ms : int
        Milliseconds UTC.
    reason : str
        A sentence for people.
    """

    key: str
    time_ms: int
    reason: str


FeedEvent = Tick | Top | Book | Bar | Interrupted
_KINDS: Final[Mapping[str, type[FeedEvent]]] = {
    "tick": Tick,
    "top": Top,
    "book": Book,
    "bar": Bar,
    "interrupted": Interrupted,
}
_NAMES: Final = {kind: name for name, kind in _KINDS.items()}
_DECIMALS: Final = {
    kind: frozenset(one.name for one in fields(kind) if one.type is Decimal) for kind in _NAMES
}
_NO_MESSAGE: Final = "This is no message of a price feed."
_NONE = (ValueError, KeyError, TypeError, AttributeError, ArithmeticError)


def encoded(event: FeedEvent) -> bytes:
    """Return `event` as one line of JSON; decimals travel as text.

    Examples
    --------
    >>> line = encoded(Tick("x:AB", 5, Decimal("1.50"), Decimal("2")))
    >>> decoded(line) == Tick("x:AB", 5, Decimal("1.50"), Decimal("2"))
    True
    """
    return _written(_facts(event))


def encoded_all(events: Sequence[FeedEvent]) -> bytes:
    """Return events as one line of JSON.

    Examples
    --------
    >>> line = encoded_all([Interrupted("x:AB", 5, "lost"), Interrupted("x:CD", 5, "lost")])
    >>> [event.key for event in decoded_all(line, {"x:CD"})]
    ['x:CD']
    """
    return _written([_facts(event) for event in events])


def decoded(line: bytes) -> FeedEvent:
    """Return the event that `encoded` wrote.

    Raises
    ------
    Invalid
        For anything else.
    """
    try:
        return _event(json.loads(line))
    except _NONE as error:
        raise Invalid(_NO_MESSAGE) from error


def decoded_all(line: bytes, keys: Collection[str]) -> Sequence[FeedEvent]:
    """Return the events of some instruments that `encoded_all` wrote; raises Invalid."""
    try:
        return [_event(facts) for facts in json.loads(line) if facts["key"] in keys]
    except _NONE as error:
        raise Invalid(_NO_MESSAGE) from error


def _facts(event: FeedEvent) -> Mapping[str, Any]:
    facts = {name: _plain(value) for name, value in vars(event).items()}
    return {"kind": _NAMES[type(event)], **facts}


def _written(facts: object) -> bytes:
    return json.dumps(facts, separators=(",", ":")).encode()


def _event(facts: dict[str, Any]) -> FeedEvent:
    kind = _KINDS[facts.pop("kind")]
    decimals = _DECIMALS[kind]
    return kind(**{name: _typed(name in decimals, value) for name, value in facts.items()})


def _plain(value: Any) -> Any:
    if isinstance(value, Decimal):
        return str(value)
    if isinstance(value, tuple):
        return [[str(price), str(quantity)] for price, quantity in value]
    return value


def _typed(is_decimal: bool, value: Any) -> Any:
    if is_decimal:
        return Decimal(value)
    if isinstance(value, list):
        return tuple((Decimal(price), Decimal(quantity)) for price, quantity in value)
    return value
