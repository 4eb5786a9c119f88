"""Prices as they come: pushed by a live feed, or looked up where a replay or the store has them."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from functools import partial
from typing import Final

import structlog

from sonde.markets.core.feeds.events import FeedEvent, Tick, Top, decoded
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
_log = structlog.get_logger(__name__)


@dataclass(frozen=True)
class Heard:
    """What a feed said, and the price that is known after it; None for candles."""

    event: FeedEvent
    quote: Quote | None


@dataclass
class LivePrices:
    """What a process hears of live feeds, and what it looked up lately for all its clients."""

    hub: Hub[Heard]
    looks: SharedLooks[Quote | None] = field(default_factory=lambda: SharedLooks(LOOK_LIVE_S / 2))


def price_hub(broadcast: Broadcast) -> Hub[Heard]:
    """Return the hub that hears live feeds."""
    boards: dict[str, QuoteBoard] = {}

    def read(said: bytes) -> Heard:
        event = decoded(said)
        if not isinstance(event, Tick | Top):
            return Heard(event, None)
        venue = event.key.partition(":")[0]
        board = boards.setdefault(venue, QuoteBoard("live", venue))
        board.note(event)
        return Heard(event, board.quote(event.key, round(time.time() * 1000)))

    return Hub(broadcast, read)


async def follow(
    outside: Ports,
    actor: Actor,
    symbol: str,
    heard: LivePrices,
    tell: Callable[[Quote], None],
) -> None:
    """Tell the price of a symbol whenever it changes, from the best source there is.

    Runs until it is cancelled. A live feed pushes; the others are looked at twice a second. The
    source is chosen anew every few seconds, so a feed or replay that is switched is noticed.
    """
    told: Quote | None = None

    def take(said: Heard) -> None:
        if said.quote is not None and said.quote.price is not None:
            tell(said.quote)

    while True:
        found = await _look(outside, actor, symbol, heard.looks)
        if found is not None and (told is None or _differs(found, told)):
            told = found
            tell(found)
        if found is not None and found.feed == "live":
            async with heard.hub.listening(feeds.channel_of(found.key), take):
                told = await _stay(partial(_look, outside, actor, symbol, heard.looks), found, tell)
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
