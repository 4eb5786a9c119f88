"""ccxt's unified messages as events; what is no price is refused."""

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any, Final

from sonde.markets.core.feeds.events import Bar, Book, Level, Tick, Top
from sonde.markets.core.feeds.listings import Listing, exact
from sonde.platform.core.errors import Invalid

_DEPTH: Final = 20


def ticks_in(trades: Sequence[Mapping[str, Any]], listing: Listing) -> Iterator[Tick]:
    """Go through trades; raises Invalid for one that is none."""
    for trade in trades:
        price, amount = exact(trade["price"]), exact(trade["amount"]) * listing.contract
        number = str(trade.get("id") or "")
        _check_positive(price, amount)
        yield Tick(
            listing.instrument.key,
            int(trade["timestamp"]),
            price,
            amount,
            int(number) if number.isdigit() else None,
        )


def top_in(ticker: Mapping[str, Any], listing: Listing, now_ms: int) -> Top:
    """Return the best bid and ask of a ticker; where the venue gives no time, it is `now_ms`."""
    bid, ask = exact(ticker["bid"]), exact(ticker["ask"])
    _check_positive(bid, ask)
    return Top(
        listing.instrument.key,
        _time_of(ticker, now_ms),
        bid,
        ask,
        exact(ticker.get("bidVolume") or 0) * listing.contract,
        exact(ticker.get("askVolume") or 0) * listing.contract,
    )


def book_in(book: Mapping[str, Any], listing: Listing, now_ms: int) -> Book:
    """Return the best twenty levels of each side."""
    sides = [_levels(book[side][:_DEPTH], listing) for side in ("bids", "asks")]
    return Book(listing.instrument.key, _time_of(book, now_ms), sides[0], sides[1])


def top_of(book: Book) -> Top:
    """Return the best bid and ask of a book; raises Invalid if a side is empty.

    Examples
    --------
    >>> one, two = Decimal(1), Decimal(2)
    >>> top_of(Book("x:AB", 5, ((one, two),), ((two, one),))).ask
    Decimal('2')
    """
    if not (book.bids and book.asks):
        raise Invalid("A side of the book is empty.")
    (bid, bid_quantity), (ask, ask_quantity) = book.bids[0], book.asks[0]
    return Top(book.key, book.time_ms, bid, ask, bid_quantity, ask_quantity)


def bar_in(row: Sequence[Any], listing: Listing, timeframe: str) -> Bar:
    """Return one growing candle; raises Invalid for one that is none."""
    o, h, low, c = (exact(value) for value in row[1:5])
    _check_positive(o, h, low, c)
    volume = exact(row[5]) * listing.contract
    if not low <= min(o, c) <= max(o, c) <= h or volume < 0:
        raise Invalid("This is no candle.")
    return Bar(listing.instrument.key, timeframe, int(row[0]), o, h, low, c, volume)


def _levels(rows: Sequence[Sequence[Any]], listing: Listing) -> tuple[Level, ...]:
    return tuple((exact(row[0]), exact(row[1]) * listing.contract) for row in rows)


def _time_of(message: Mapping[str, Any], now_ms: int) -> int:
    stamp = message.get("timestamp")
    return now_ms if stamp is None else int(stamp)


def _check_positive(*values: Decimal) -> None:
    if any(value <= 0 for value in values):
        raise Invalid("A price is above 0.")
