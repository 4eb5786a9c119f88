"""Prices as they are served: the last one, where it is from and how old, or the reason why none.

No price is ever made up: what is missing is None, with a sentence.
"""

from dataclasses import dataclass, field
from decimal import Decimal

from sonde.markets.core.candles import Feed
from sonde.markets.core.feeds.events import Bar, FeedEvent, Tick, Top
from sonde.markets.core.feeds.staleness import DEFAULT_MAX_AGE_MS


@dataclass(frozen=True)
class Quote:
    """What is known of the price of one symbol at a moment.

    Parameters
    ----------
    key : str
    price : Decimal or None
        Of the last trade; None if none is known.
    bid, ask : Decimal or None
    time_ms : int or None
        When it was traded, milliseconds UTC.
    age_ms : int or None
        How old that is now.
    is_stale : bool
        Too old to trade at, or missing.
    feed : {"live", "replay", "file"}
    source : str
        Name of the feed, such as ``"binance"``.
    reason : str
        Why there is no price or why it is stale; empty otherwise.
    """

    key: str
    price: Decimal | None
    bid: Decimal | None
    ask: Decimal | None
    time_ms: int | None
    age_ms: int | None
    is_stale: bool
    feed: Feed
    source: str
    reason: str = ""


def no_quote(key: str, feed: Feed, source: str, reason: str) -> Quote:
    """Return that there is no price, and why.

    Examples
    --------
    >>> no_quote("x:AB", "live", "x", "The feed is off.").price is None
    True
    """
    return Quote(key, None, None, None, None, None, True, feed, source, reason)


@dataclass
class QuoteBoard:
    """Keeps the last price of every symbol of one feed.

    Parameters
    ----------
    feed : {"live", "replay", "file"}
    source : str
    max_age_ms : int
        What is older is marked as stale.

    Examples
    --------
    >>> board = QuoteBoard("live", "x")
    >>> board.note(Tick("x:AB", 1_000, Decimal("2.5"), Decimal(1)))
    >>> quote = board.quote("x:AB", now_ms=1_250)
    >>> quote.price, quote.age_ms, quote.feed, quote.is_stale
    (Decimal('2.5'), 250, 'live', False)
    """

    feed: Feed
    source: str
    max_age_ms: int = DEFAULT_MAX_AGE_MS
    _price: dict[str, tuple[int, Decimal]] = field(default_factory=dict)
    _top: dict[str, Top] = field(default_factory=dict)

    def note(self, event: FeedEvent) -> None:
        """Take in what a feed says; what is older than what is known changes nothing."""
        if isinstance(event, Tick):
            self._note_price(event.key, event.time_ms, event.price)
        elif isinstance(event, Top):
            known = self._top.get(event.key)
            if known is None or event.time_ms >= known.time_ms:
                self._top[event.key] = event

    def note_close(self, bar: Bar, close_time_ms: int) -> None:
        """Take in a finished bar: its close is the last price at its close time."""
        if bar.is_finished:
            self._note_price(bar.key, close_time_ms, bar.close)

    def quote(self, key: str, now_ms: int) -> Quote:
        """Return what is known of `key` at `now_ms`."""
        known = self._price.get(key)
        if known is None:
            reason = f"{self.source} has told no price of {key} yet."
            return no_quote(key, self.feed, self.source, reason)
        time_ms, price = known
        age_ms = max(now_ms - time_ms, 0)
        is_stale = age_ms > self.max_age_ms
        reason = f"The last price is {age_ms / 1000:g} s old." if is_stale else ""
        top = self._top.get(key)
        bid, ask = (None, None) if top is None else (top.bid, top.ask)
        return Quote(
            key, price, bid, ask, time_ms, age_ms, is_stale, self.feed, self.source, reason
        )

    def _note_price(self, key: str, time_ms: int, price: Decimal) -> None:
        known = self._price.get(key)
        if known is None or time_ms >= known[0]:
            self._price[key] = (time_ms, price)
