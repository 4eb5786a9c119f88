"""Prices as they come: pushed by a live feed, or looked up where a replay or the store has them."""

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Collection, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from functools import partial
from typing import Final

import structlog

from sonde.markets.core.feeds.events import FeedEvent, Tick, Top, decoded_all
from sonde.markets.core.feeds.quotes import Quote, QuoteBoard
from sonde.markets.services import feeds, quotes
from sonde.markets.services.streams.hub import Hub
from sonde.markets.services.streams.sharing import SharedLooks
from sonde.platform.core.actor import Actor
from sonde.platform.core.errors import Unavailable
from sonde.platform.core.ports import Broadcast, Ports
from sonde.platform.services.work import unit_of_work

LOOK_LIVE_S: Final = 2.0
LOOK_REPLAY_S: Final = 0.5
# Just longer than the time between two frames of a client: what is told leaves at once.
TELL_EVERY_S: Final = 0.021
_log = structlog.get_logger(__name__)


@dataclass(frozen=True, eq=False)
class PriceNews:
    """A price that is told to many: each way to write it is written once."""

    quote: Quote
    _written: dict[str, str] = field(default_factory=dict)

    def written(self, name: str, write: Callable[[Quote], str]) -> str:
        """Return the price as `write` writes it, or wrote it under this name."""
        if name not in self._written:
            self._written[name] = write(self.quote)
        return self._written[name]


Tell = Callable[[PriceNews], None]


@dataclass
class LivePrices:
    """What a process hears of live feeds, and what it looked up lately for all its clients.

    Parameters
    ----------
    hub : Hub
        Hears the feeds.
    looks : SharedLooks
    """

    hub: Hub[FeedEvent]
    looks: SharedLooks[Quote | None] = field(default_factory=lambda: SharedLooks(LOOK_LIVE_S / 2))
    _boards: dict[str, QuoteBoard] = field(default_factory=dict)
    _takers: dict[str, list[Tell]] = field(default_factory=dict)
    _changed: set[str] = field(default_factory=set)
    _told_at_s: float = float("-inf")

    @asynccontextmanager
    async def listening(self, key: str, take: Tell) -> AsyncIterator[None]:
        """Give the newest price of an instrument to `take`, at most 48 times a second."""
        takers = self._takers.setdefault(key, [])
        takers.append(take)
        try:
            async with self.hub.listening(feeds.channel_of(key), self._note, key):
                yield
        finally:
            takers.remove(take)
            if not takers and self._takers.get(key) is takers:
                del self._takers[key]

    def _note(self, event: FeedEvent) -> None:
        if not isinstance(event, Tick | Top):
            return
        venue = event.key.partition(":")[0]
        self._boards.setdefault(venue, QuoteBoard("live", venue)).note(event)
        if not self._changed:
            loop = asyncio.get_running_loop()
            loop.call_at(max(self._told_at_s + TELL_EVERY_S, loop.time()), self._tell)
        self._changed.add(event.key)

    def _tell(self) -> None:
        changed, self._changed = self._changed, set()
        self._told_at_s, now_ms = asyncio.get_running_loop().time(), round(time.time() * 1000)
        for key in changed:
            quote = self._boards[key.partition(":")[0]].quote(key, now_ms)
            news = PriceNews(quote)
            for take in tuple(self._takers.get(key, ())) if quote.price is not None else ():
                take(news)


def price_hub(broadcast: Broadcast) -> Hub[FeedEvent]:
    """Return the hub that hears live feeds, and tells of each instrument apart."""

    def read(said: bytes, keys: Collection[str]) -> Iterable[tuple[str, FeedEvent]]:
        return [(event.key, event) for event in decoded_all(said, keys)]

    return Hub(broadcast, read)


async def follow(
    outside: Ports,
    actor: Actor,
    symbol: str,
    heard: LivePrices,
    tell: Tell,
) -> None:
    """Tell the price of a symbol whenever it changes, from the best source there is.

    Runs until it is cancelled. A live feed pushes; the others are looked at twice a second. The
    source is chosen anew every few seconds, so a feed or replay that is switched is noticed.
    """
    told: Quote | None = None
    while True:
        found = await _look(outside, actor, symbol, heard.looks)
        if found is not None and (told is None or _differs(found, told)):
            told = found
            tell(PriceNews(found))
        if found is not None and found.feed == "live":
            async with heard.listening(found.key, tell):
                told = await _stay(partial(_look, outside, actor, symbol, heard.looks), found, tell)
        else:
            await asyncio.sleep(LOOK_REPLAY_S)


async def _stay(look: Callable[[], Awaitable[Quote | None]], told: Quote, tell: Tell) -> Quote:
    """Look now and then whether the feed is still the source; tell when its price goes stale."""
    while True:
        await asyncio.sleep(LOOK_LIVE_S)
        found = await look()
        if found is None:
            continue
        if (found.is_stale, found.reason) != (told.is_stale, told.reason) and found.is_stale:
            tell(PriceNews(found))
        if (found.feed, found.key) != (told.feed, told.key):
            return told
        told = found


async def _look(
    outside: Ports, actor: Actor, symbol: str, looks: SharedLooks[Quote | None]
) -> Quote | None:
    """Return a live price, which is everybody's, else what the person has; None if unknown."""
    live = await looks.look(symbol, lambda: _read(outside, lambda: quotes.live(actor, symbol)))
    if live is not None and live.price is not None:
        return live
    return await _read(outside, lambda: quotes.latest(actor, symbol))


async def _read(outside: Ports, look: Callable[[], Quote | None]) -> Quote | None:
    def work() -> Quote | None:
        with unit_of_work(outside):
            return look()

    try:
        return await asyncio.to_thread(work)
    except Unavailable as error:
        _log.warning("stream.no_look", error=error.message)
        return None


def _differs(one: Quote, other: Quote) -> bool:
    """Say whether two prices differ in more than their age."""
    names = ("key", "price", "bid", "ask", "time_ms", "is_stale", "feed", "source")
    return any(getattr(one, name) != getattr(other, name) for name in names)
