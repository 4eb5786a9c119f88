"""Candles as they come: a snapshot, then bars that grow and bars that have closed."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Final

import structlog

from sonde.markets.core.candles import Candles
from sonde.markets.core.feeds.events import Bar, FeedEvent, Tick
from sonde.markets.core.growing import GrowingBar, grown
from sonde.markets.core.streaming.requests import StreamTopic
from sonde.markets.core.timeframes import Timeframe
from sonde.markets.services import feeds
from sonde.markets.services.recent_bars import RecentBars, recent
from sonde.markets.services.streams.hub import Hub
from sonde.markets.services.streams.messages import (
    bar_facts,
    candles_facts,
    growing_facts,
    line,
)
from sonde.platform.core.actor import Actor
from sonde.platform.core.errors import Unavailable
from sonde.platform.core.ports import Ports
from sonde.platform.services.work import unit_of_work

LOOK_S: Final = 1.0
_SNAPSHOT: Final = 300
_NEWEST: Final = 50
_log = structlog.get_logger(__name__)


@dataclass(frozen=True)
class CandleTellers:
    """Where messages of candles go.

    Parameters
    ----------
    keep : callable
        For closed bars, none of which may be missing.
    latest : callable
        For the bar that grows.
    """

    keep: Callable[[str], None]
    latest: Callable[[str], None]


async def follow(
    outside: Ports, actor: Actor, topic: StreamTopic, hub: Hub[FeedEvent], tell: CandleTellers
) -> None:
    """Tell the candles of a symbol; runs until it is cancelled.

    What a live feed says of the growing bar is passed on; where its bars are shorter, every price
    that it tells goes into the longer one. Closed bars come from where they are stored, or from the
    replay that plays.
    """
    first = await _look(outside, actor, topic, _SNAPSHOT)
    candles = None if first is None else first.candles
    tell.keep(_snapshot(topic, first))
    key = topic.symbol if first is None else first.quote.key
    growing = _Growing(topic, tell)
    growing.look(first)

    async with hub.listening(feeds.channel_of(key), growing.take, key):
        while True:
            await asyncio.sleep(LOOK_S)
            found = await _look(outside, actor, topic, _NEWEST)
            newest = None if found is None else found.candles
            if newest is None:
                continue
            growing.look(found)
            if candles is None or not _follows(candles, newest):
                found = await _look(outside, actor, topic, _SNAPSHOT)
                tell.keep(_snapshot(topic, found))
            elif (newer := _newer(candles, newest)).n:
                tell.keep(line("candle", kind="closed", **candles_facts(newer)))
            candles = newest


@dataclass
class _Growing:
    """Tells the bar that is not over yet, as prices come."""

    topic: StreamTopic
    tell: CandleTellers
    bar: GrowingBar | None = None
    told: GrowingBar | None = None
    key: str = ""
    is_streamed: bool = False

    def take(self, said: FeedEvent) -> None:
        """Take in what a live feed says."""
        if isinstance(said, Bar) and said.timeframe == self.topic.timeframe:
            self.is_streamed = True
            self.tell.latest(line("candle", kind="growing", **bar_facts(said)))
        elif isinstance(said, Tick) and not said.for_display and not self.is_streamed:
            self._take_price(said)

    def look(self, found: RecentBars | None) -> None:
        """Take in what is stored, or where a replay stands."""
        if found is None or found.growing is None or self.is_streamed:
            return
        new, now = found.growing, self.bar
        if now is not None and new.open_time_ms == now.open_time_ms and found.quote.feed == "live":
            new = replace(new, high=max(new.high, now.high), low=min(new.low, now.low))
        self.key, self.bar = found.quote.key, new
        self._say()

    def _take_price(self, tick: Tick) -> None:
        frame, price = Timeframe(self.topic.timeframe), float(tick.price)
        open_ms = frame.floor(tick.time_ms)
        if self.bar is None or open_ms > self.bar.open_time_ms:
            self.bar = grown(None, open_ms, price)
        elif open_ms == self.bar.open_time_ms:
            self.bar = self.bar.at(price)
        self.key = tick.key
        self._say()

    def _say(self) -> None:
        if self.bar is not None and self.bar != self.told:
            self.told = self.bar
            facts = growing_facts(self.key, self.topic.timeframe, self.bar)
            self.tell.latest(line("candle", kind="growing", **facts))


def _snapshot(topic: StreamTopic, found: RecentBars | None) -> str:
    if found is None or found.candles is None:
        reason = "Prices cannot be read at the moment." if found is None else found.reason
        facts = {"symbol": topic.symbol, "timeframe": topic.timeframe, "reason": reason}
        return line("candle", kind="snapshot", time_ms=[], **facts)
    return line("candle", kind="snapshot", **candles_facts(found.candles))


def _follows(told: Candles, found: Candles) -> bool:
    """Say whether the bars found go on where those told end, without a jump."""
    if not (told.n and found.n):
        return told.n == found.n
    last_ms = int(told.open_time_ms[-1])
    return bool(found.open_time_ms[0] <= last_ms <= found.open_time_ms[-1])


def _newer(told: Candles, found: Candles) -> Candles:
    if not found.n:
        return found
    return found.between(int(told.open_time_ms[-1]) + 1, int(found.open_time_ms[-1]) + 1)


async def _look(outside: Ports, actor: Actor, topic: StreamTopic, n_bars: int) -> RecentBars | None:
    def look() -> RecentBars:
        with unit_of_work(outside):
            return recent(actor, topic.symbol, topic.timeframe, n_bars)

    try:
        return await asyncio.to_thread(look)
    except Unavailable as error:
        _log.warning("stream.no_candles", error=error.message)
        return None
