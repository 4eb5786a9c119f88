"""A feed in memory: it says what it is told to say."""

import asyncio
from collections.abc import AsyncGenerator, Iterator, Sequence
from dataclasses import dataclass, field

from sonde.markets.core.candles import Candles, Feed
from sonde.markets.core.feeds.clock import FeedClock
from sonde.markets.core.feeds.events import FeedEvent
from sonde.markets.core.feeds.port import (
    FeedStanding,
    FeedState,
    HistoryPage,
    Topic,
    concerns,
)
from sonde.markets.core.instruments import Instrument
from sonde.markets.core.timeframes import Timeframe
from sonde.platform.core.errors import NotFound, Unavailable


@dataclass
class MemoryFeed:
    """A feed whose events are pushed by hand; `off_because` makes it refuse.

    Parameters
    ----------
    known : sequence of Instrument
    clock : FeedClock
    recorded : sequence of Candles
    """

    known: Sequence[Instrument]
    clock: FeedClock
    recorded: Sequence[Candles] = ()
    name: str = "memory"
    kind: Feed = "live"
    off_because: str = ""
    _queues: list["asyncio.Queue[FeedEvent | None]"] = field(default_factory=list)

    def state(self) -> FeedState:
        """Return how the feed stands."""
        if self.off_because:
            return FeedState(FeedStanding.OFF, self.clock.now_ms(), self.off_because)
        standing = FeedStanding.STREAMING if self._queues else FeedStanding.READY
        return FeedState(standing, self.clock.now_ms())

    def instruments(self) -> Sequence[Instrument]:
        """Return what can be traded; raises Unavailable while it is off."""
        self._check()
        return self.known

    def history(
        self, symbol: str, timeframe: str, from_ms: int, to_ms: int
    ) -> Iterator[HistoryPage]:
        """Go through the candles that are over by the clock."""
        self._check()
        length = Timeframe(timeframe).ms
        self._key(symbol)
        for one in self.recorded:
            if (one.instrument.symbol, one.timeframe.name) == (symbol, timeframe):
                asked = one.between(from_ms, to_ms)
                over = asked.between(from_ms, min(to_ms, self.clock.now_ms() - length + 1))
                if over.n:
                    yield HistoryPage(over, asked.n - over.n)

    def push(self, *events: FeedEvent) -> None:
        """Tell `events` to whoever has subscribed."""
        for event in events:
            for queue in self._queues:
                queue.put_nowait(event)

    async def subscribe(self, topics: Sequence[Topic]) -> AsyncGenerator[FeedEvent, None]:
        """Go through what is pushed from now on."""
        self._check()
        wanted = [(topic, self._key(topic.symbol)) for topic in topics]
        queue: asyncio.Queue[FeedEvent | None] = asyncio.Queue()
        self._queues.append(queue)
        try:
            while (event := await queue.get()) is not None:
                if any(concerns(event, topic, key) for topic, key in wanted):
                    yield event
        finally:
            self._queues.remove(queue)

    async def close(self) -> None:
        """End every subscription."""
        for queue in self._queues:
            queue.put_nowait(None)
        await asyncio.sleep(0)

    def _check(self) -> None:
        if self.off_because:
            raise Unavailable(f"The feed is off: {self.off_because}")

    def _key(self, symbol: str) -> str:
        for one in self.known:
            if one.symbol == symbol:
                return one.key
        raise NotFound(f"There is no symbol {symbol} at {self.name}.", symbol=symbol)
