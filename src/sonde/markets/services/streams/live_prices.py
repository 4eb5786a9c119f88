"""Prices as they come: pushed by a live feed, or looked up where a replay or the store has them."""

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Collection, Iterable, Mapping
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
TELL_EVERY_S: Final = 0.023
_log = structlog.get_logger(__name__)
Write = Callable[[str, Quote], str]
"""Writes a message of the symbol as it was asked for, and its price."""


@dataclass(frozen=True, order=True)
class Asked:
    """A price that a client follows.

    Parameters
    ----------
    key : str
        Of the instrument.
    topic : str
        Under which its messages take each other's place.
    symbol : str
        As the client wrote it.
    """

    key: str
    topic: str
    symbol: str


@dataclass(frozen=True, eq=False)
class PriceStep:
    """Prices that changed together; what many clients follow alike is written once.

    Parameters
    ----------
    quotes : mapping
        By key of the instrument.
    """

    quotes: Mapping[str, Quote]
    _lines: dict[tuple[Write, str, str], str] = field(default_factory=dict)
    _written: dict[tuple[Write, tuple[Asked, ...]], Mapping[str, str]] = field(default_factory=dict)

    def written(self, asked: tuple[Asked, ...], write: Write) -> Mapping[str, str]:
        """Return the messages of what is asked for, by topic."""
        known = self._written.get((write, asked))
        if known is None:
            known = self._written[write, asked] = {
                one.topic: self._line(one, write) for one in asked if one.key in self.quotes
            }
        return known

    def _line(self, one: Asked, write: Write) -> str:
        name = (write, one.key, one.symbol)
        if name not in self._lines:
            self._lines[name] = write(one.symbol, self.quotes[one.key])
        return self._lines[name]


@dataclass(eq=False)
class PriceEars:
    """What one client follows, and where its messages go.

    Parameters
    ----------
    take : callable
        Takes messages by topic; must not wait.
    write : callable
    """

    take: Callable[[Mapping[str, str]], None]
    write: Write
    asked: tuple[Asked, ...] = ()

    def hear(self, step: PriceStep) -> None:
        """Pass on what is followed of the prices that changed."""
        messages = step.written(self.asked, self.write)
        if messages:
            self.take(messages)

    def forget(self, topic: str) -> None:
        """Pass on no more of a topic, even before who follows it has noticed."""
        self.asked = tuple(one for one in self.asked if one.topic != topic)

    def tell(self, one: Asked, quote: Quote) -> None:
        """Pass on a price that was looked up."""
        self.take({one.topic: self.write(one.symbol, quote)})


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
    _ears: dict[PriceEars, None] = field(default_factory=dict)
    _changed: set[str] = field(default_factory=set)
    _told_at_s: float = float("-inf")

    @asynccontextmanager
    async def listening(self, one: Asked, ears: PriceEars) -> AsyncIterator[None]:
        """Give the newest prices of an instrument to a client, in the step of all of them."""
        ears.asked = tuple(sorted((*ears.asked, one)))
        self._ears[ears] = None
        try:
            async with self.hub.listening(feeds.channel_of(one.key), self._note, one.key):
                yield
        finally:
            ears.forget(one.topic)
            if not ears.asked:
                self._ears.pop(ears, None)

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
        quotes = {key: self._boards[key.partition(":")[0]].quote(key, now_ms) for key in changed}
        step = PriceStep({key: one for key, one in quotes.items() if one.price is not None})
        for ears in tuple(self._ears):
            ears.hear(step)


def price_hub(broadcast: Broadcast) -> Hub[FeedEvent]:
    """Return the hub that hears live feeds, and tells of each instrument apart."""

    def read(said: bytes, keys: Collection[str]) -> Iterable[tuple[str, FeedEvent]]:
        return [(event.key, event) for event in decoded_all(said, keys)]

    return Hub(broadcast, read)


async def follow(
    outside: Ports, actor: Actor, heard: LivePrices, ears: PriceEars, topic: str, symbol: str
) -> None:
    """Tell the price of a symbol whenever it changes, from the best source there is.

    Runs until it is cancelled. A live feed pushes; the others are looked at twice a second. The
    source is chosen anew every few seconds, so a feed or replay that is switched is noticed.
    """
    told: Quote | None = None
    look = partial(_look, outside, actor, symbol, heard.looks)
    while True:
        found = await look()
        one = Asked("" if found is None else found.key, topic, symbol)
        if found is not None and (told is None or _differs(found, told)):
            told = found
            ears.tell(one, found)
        if found is not None and found.feed == "live":
            async with heard.listening(one, ears):
                told = await _stay(look, found, partial(ears.tell, one))
        else:
            await asyncio.sleep(LOOK_REPLAY_S)


async def _stay(
    look: Callable[[], Awaitable[Quote | None]], told: Quote, tell: Callable[[Quote], None]
) -> Quote:
    """Look now and then whether the feed is still the source; tell when its price goes stale."""
    while True:
        await asyncio.sleep(LOOK_LIVE_S)
        found = await look()
        if found is None:
            continue
        if (found.is_stale, found.reason) != (told.is_stale, told.reason) and found.is_stale:
            tell(found)
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
