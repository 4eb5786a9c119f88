"""An exchange as a feed, through ccxt: any exchange by its name."""

import time
from collections.abc import AsyncGenerator, Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

import numpy as np

from sonde.markets.core.candles import Candles, Feed, Provenance
from sonde.markets.core.feeds.ccxt_client import ExchangeSettings, asked, open_rest
from sonde.markets.core.feeds.clock import FeedClock, WallClock
from sonde.markets.core.feeds.events import FeedEvent
from sonde.markets.core.feeds.listings import Listing, listings_of
from sonde.markets.core.feeds.port import FeedStanding, FeedState, HistoryPage, Topic
from sonde.markets.core.feeds.streaming import Streaming
from sonde.markets.core.instruments import Instrument
from sonde.markets.core.timeframes import Timeframe
from sonde.platform.core.errors import Invalid, NotFound, Unavailable

PAGE_BARS: Final = 1000


@dataclass
class ExchangeFeed:
    """Prices of one exchange.

    Parameters
    ----------
    settings : ExchangeSettings
    clock : FeedClock
    sleep : callable
        How a blocking request waits between tries, in seconds.
    """

    settings: ExchangeSettings
    clock: FeedClock = field(default_factory=WallClock)
    sleep: Callable[[float], None] = time.sleep
    kind: Feed = "live"
    left_out: dict[str, str] = field(default_factory=dict)
    _rest: Any = None
    _listings: dict[str, Listing] | None = None
    _streams: list[Streaming] = field(default_factory=list)
    _state: FeedState | None = None

    @property
    def name(self) -> str:
        """The exchange's name."""
        return self.settings.name

    def state(self) -> FeedState:
        """Return how the feed stands; ``off: ...`` says why there are no prices."""
        if self._streams:
            return self._streams[-1].state
        return self._state or FeedState(FeedStanding.READY, self.clock.now_ms())

    def instruments(self) -> Sequence[Instrument]:
        """Return what the exchange lists; raises NotFound and Unavailable."""
        return tuple(listing.instrument for listing in self._load().values())

    def history(
        self, symbol: str, timeframe: str, from_ms: int, to_ms: int
    ) -> Iterator[HistoryPage]:
        """Go through the candles that are over by the exchange's clock and by ours."""
        listing, length = self._listing(symbol), Timeframe(timeframe)
        if timeframe not in (self._client().timeframes or {}):
            known = ", ".join(self._client().timeframes or ())
            raise Invalid(f"{self.name} has no {timeframe} candles; it has {known}.")
        over_ms = self._now_ms() - length.ms
        next_ms = -(-(from_ms - length.anchor_ms) // length.ms) * length.ms + length.anchor_ms
        while next_ms < to_ms:
            rows = self._page(listing, timeframe, next_ms)
            wanted = [row for row in rows if next_ms <= row[0] < to_ms]
            whole = [row for row in wanted if row[0] <= over_ms]
            if whole:
                yield HistoryPage(self._candles(listing, length, whole), len(wanted) - len(whole))
            if len(whole) < len(wanted) or not wanted:
                return
            next_ms = int(whole[-1][0]) + length.ms

    async def subscribe(self, topics: Sequence[Topic]) -> AsyncGenerator[FeedEvent, None]:
        """Go through what the exchange streams; goes on by itself after every interruption."""
        import asyncio

        await asyncio.to_thread(self._load)
        wanted = [(topic, self._listing(topic.symbol)) for topic in topics]
        stream = Streaming(self.settings, self.clock, wanted, self._rest)
        self._streams.append(stream)
        try:
            async for event in stream.events():
                yield event
        finally:
            await stream.close()
            self._streams.remove(stream)

    async def close(self) -> None:
        """End every subscription and every connection."""
        for stream in list(self._streams):
            await stream.close()
        if self._rest is not None and self._rest.session is not None:
            self._rest.session.close()

    def _client(self) -> Any:
        if self._rest is None:
            self._rest = open_rest(self.settings)
        return self._rest

    def _load(self) -> dict[str, Listing]:
        if self._listings is None:
            markets = self._ask(lambda: self._client().load_markets()).values()
            mode = self._client().precisionMode
            self._listings, self.left_out = listings_of(self.name, mode, markets)
        return self._listings

    def _listing(self, symbol: str) -> Listing:
        try:
            return self._load()[symbol]
        except KeyError:
            raise NotFound(
                f"{self.name} has no {symbol} that can be traded.", symbol=symbol
            ) from None

    def _ask(self, question: Callable[[], Any]) -> Any:
        client = self._client()
        try:
            answer = asked(client, self.settings, question, self.sleep)
        except Unavailable as error:
            self._state = FeedState(FeedStanding.OFF, self.clock.now_ms(), error.message)
            raise
        self._state = FeedState(FeedStanding.READY, self.clock.now_ms())
        return answer

    def _now_ms(self) -> int:
        """Return the earlier of the exchange's time and ours: neither may end a candle early."""
        ours = self.clock.now_ms()
        if not self._client().has.get("fetchTime"):
            return ours
        return min(ours, int(self._ask(self._client().fetch_time)))

    def _page(self, listing: Listing, timeframe: str, since_ms: int) -> list[list[Any]]:
        client = self._client()
        rows = self._ask(
            lambda: client.fetch_ohlcv(listing.unified, timeframe, since_ms, PAGE_BARS)
        )
        if not all(len(row) >= 6 and None not in row[:6] for row in rows):
            raise Unavailable(f"{self.name} sent candles of {listing.unified} with holes.")
        return [row[:6] for row in {row[0]: row for row in sorted(rows)}.values()]

    def _candles(self, listing: Listing, timeframe: Timeframe, rows: list[list[Any]]) -> Candles:
        o, h, low, c, v = np.array([row[1:] for row in rows], dtype=np.float64).T
        times = np.array([row[0] for row in rows], dtype=np.int64)
        volume = v * float(listing.contract)
        source = Provenance(self.name, "live", self.name, "", self.clock.now_ms())
        try:
            return Candles(listing.instrument, timeframe, times, o, h, low, c, volume, source)
        except Invalid as error:
            raise Unavailable(f"{self.name} sent candles that are none. {error.message}") from error
