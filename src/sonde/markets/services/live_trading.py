"""Live prices reach the trades: ten times a second, the extremes of the time between among them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

import structlog

from sonde.markets.core.feeds.events import Book, FeedEvent, Tick, Top
from sonde.markets.core.risk.facts import Quote
from sonde.markets.persistence import watches
from sonde.markets.services import missed_bars, trade_prices
from sonde.platform.core.errors import SondeError
from sonde.platform.core.ports import Ports
from sonde.platform.services.work import unit_of_work

_log = structlog.get_logger(__name__)


@dataclass
class PassingPrices:
    """What was traded since prices were shown last: of each instrument lowest, highest, newest.

    Parameters
    ----------
    source : str
        Such as ``"live binance"``.
    book_lasts_ms : int
        While the newest book is not older, what it offered is taken once only.

    Examples
    --------
    >>> from decimal import Decimal
    >>> passing = PassingPrices("live x")
    >>> for time_ms, price in ((1, 5), (2, 9), (3, 4), (4, 6), (5, 7)):
    ...     passing.note(Tick("x:AB", time_ms, Decimal(price), Decimal(1)))
    >>> [int(quote.last) for quote in passing.taken()["x:AB"]]
    [9, 4, 7]
    >>> passing.taken()
    {}
    """

    source: str
    book_lasts_ms: int = 10_000
    _ticks: dict[str, list[Tick]] = field(default_factory=dict)
    _tops: dict[str, Top] = field(default_factory=dict)
    _books: dict[str, Book] = field(default_factory=dict)
    _shown_ms: dict[str, int] = field(default_factory=dict)

    def note(self, event: FeedEvent) -> None:
        """Take in what a feed says."""
        if isinstance(event, Top):
            self._tops[event.key] = event
        elif isinstance(event, Book):
            self._books[event.key] = event
        elif isinstance(event, Tick) and not event.for_display:
            seen = self._ticks.setdefault(event.key, [])
            both = [*seen, event]
            kept = {id(one): one for one in (_least(both), _most(both), event)}
            self._ticks[event.key] = [one for one in both if id(one) in kept]

    def taken(self) -> Mapping[str, Sequence[Quote]]:
        """Return what is to be shown, in order of time; the newest with bid and ask."""
        ticks, self._ticks = self._ticks, {}
        return {
            key: [*map(self._bare, seen[:-1]), self._whole(seen[-1])] for key, seen in ticks.items()
        }

    def _bare(self, tick: Tick) -> Quote:
        return Quote(tick.price, tick.time_ms, self.source, waits_for_book=self._has_book(tick))

    def _whole(self, tick: Tick) -> Quote:
        """Return the newest price with the book, once for each, or with bid and ask."""
        book = self._books.get(tick.key)
        if book is not None and book.bids and book.asks:
            bid, ask = book.bids[0][0], book.asks[0][0]
            if bid <= tick.price <= ask:
                self._shown_ms[tick.key] = self._books.pop(tick.key).time_ms
                whole = Quote(tick.price, tick.time_ms, self.source, bid, ask)
                return replace(whole, bids=book.bids, asks=book.asks)
        top = self._tops.get(tick.key)
        if top is None or not top.bid <= tick.price <= top.ask:
            return self._bare(tick)
        return replace(self._bare(tick), bid=top.bid, ask=top.ask)

    def _has_book(self, tick: Tick) -> bool:
        """Say whether a book was shown, or is there to be, that is not too old to wait for."""
        book = self._books.get(tick.key)
        newest = self._shown_ms.get(tick.key) if book is None else book.time_ms
        return newest is not None and tick.time_ms - newest <= self.book_lasts_ms


def show(outside: Ports, prices: Mapping[str, Sequence[Quote]]) -> int:
    """Show prices to every account that waits for one of them; return to how many.

    Each account is a unit of work of its own: one that fails holds up no other.
    """
    with unit_of_work(outside):
        waited_for = prices.keys() & set(watches.symbols())
        wanted = [
            (one, key)
            for key in prices
            if key in waited_for
            for one in trade_prices.concerned(key, prices[key])
        ]
    for account_id, key in wanted:
        try:
            with unit_of_work(outside):
                missed_bars.catch_up(account_id, key, prices[key][0].time_ms)
                for quote in prices[key]:
                    trade_prices.take_quote(account_id, key, quote)
        except SondeError as error:
            _log.warning("trades.not_shown", account=account_id, error=error.message)
    return len(wanted)


def _least(ticks: Sequence[Tick]) -> Tick:
    return min(ticks, key=lambda one: one.price)


def _most(ticks: Sequence[Tick]) -> Tick:
    return max(ticks, key=lambda one: one.price)
