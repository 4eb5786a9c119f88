"""One subscription to an exchange's streams: reconnects, marks what was missed, skips garbage."""

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Final

from sonde.markets.core.feeds.building import CandleBuilder
from sonde.markets.core.feeds.ccxt_client import (
    NUMBERS_EVERY_TRADE,
    ExchangeSettings,
    open_stream,
    sentence,
)
from sonde.markets.core.feeds.clock import FeedClock
from sonde.markets.core.feeds.events import Bar, Book, FeedEvent, Interrupted, Tick
from sonde.markets.core.feeds.listings import Listing
from sonde.markets.core.feeds.messages import bar_in, book_in, ticks_in, top_in, top_of
from sonde.markets.core.feeds.port import FeedStanding, FeedState, Topic, TopicKind
from sonde.markets.core.timeframes import Timeframe
from sonde.platform.core.errors import Invalid, Unavailable

_MOST_WAITING: Final = 50_000
_LONGEST_WAIT_S: Final = 30.0
_NEEDS: Final[Mapping[TopicKind, tuple[str, ...]]] = {
    TopicKind.TICKS: ("watchTrades",),
    TopicKind.TOP: ("watchBidsAsks", "watchOrderBook"),
    TopicKind.BOOK: ("watchOrderBook",),
    TopicKind.CANDLES: ("watchOHLCV",),
}
_BAD = (ValueError, TypeError, KeyError, IndexError, AttributeError, ArithmeticError)


@dataclass
class Streaming:
    """One subscription.

    Parameters
    ----------
    settings : ExchangeSettings
    clock : FeedClock
    wanted : sequence of (Topic, Listing)
    source : object
        A client of the exchange that has its markets already.
    """

    settings: ExchangeSettings
    clock: FeedClock
    wanted: Sequence[tuple[Topic, Listing]]
    source: Any
    unreadable: int = 0
    state: FeedState = field(default_factory=lambda: FeedState(FeedStanding.CONNECTING, 0))
    _queue: "asyncio.Queue[FeedEvent | None]" = field(
        default_factory=lambda: asyncio.Queue(_MOST_WAITING)
    )
    _tasks: list["asyncio.Task[None]"] = field(default_factory=list)
    _client: Any = None
    _growing: dict[tuple[str, str], Bar] = field(default_factory=dict)
    _builders: dict[str, list[CandleBuilder]] = field(default_factory=dict)
    _is_closed: bool = False
    _closing: "asyncio.Future[None] | None" = None

    async def events(self) -> AsyncGenerator[FeedEvent, None]:
        """Go through what the exchange says; raises Unavailable for what it does not stream."""
        self.state = FeedState(FeedStanding.CONNECTING, self.clock.now_ms())
        self._client = client = open_stream(self.settings)
        try:
            client.set_markets_from_exchange(self.source)
            _guard(client, self._note_garbage)
            for topic, listing in self.wanted:
                if self._is_streamed(topic, listing):
                    task = asyncio.create_task(self._watch(topic, listing))
                    task.add_done_callback(self._ended)
                    self._tasks.append(task)
            while not self._is_closed:
                yield await self._next()
        finally:
            await self.close()

    async def close(self) -> None:
        """End the subscription and its connections; returns when they are closed."""
        self._is_closed = True
        if self._closing is None:
            self._closing = asyncio.ensure_future(self._let_go())
        await asyncio.shield(self._closing)

    async def _let_go(self) -> None:
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        if self._client is not None:
            await self._client.close()

    def _is_streamed(self, topic: Topic, listing: Listing) -> bool:
        """Say whether a topic has a stream; candles may be built of the ticks instead."""
        if any(self._client.has.get(need) for need in _NEEDS[topic.kind]):
            return True
        if topic.kind is TopicKind.BOOK:  # orders fill at the best prices then
            return False
        ticks = Topic(TopicKind.TICKS, topic.symbol)
        if topic.kind is TopicKind.CANDLES and ticks in {one for one, _ in self.wanted}:
            key, length = listing.instrument.key, Timeframe(topic.timeframe)
            numbered = self.settings.name in NUMBERS_EVERY_TRADE
            self._builders.setdefault(key, []).append(CandleBuilder(key, length, numbered))
            return False
        raise Unavailable(f"{self.settings.name} streams no {topic.kind}.")

    async def _next(self) -> FeedEvent:
        event = await self._queue.get()
        if event is not None:
            return event
        for task in self._tasks:
            if task.done() and not task.cancelled():
                task.result()  # raises what ended it
        raise Unavailable(f"{self.settings.name} streams nothing any more.")

    def _ended(self, _task: "asyncio.Task[None]") -> None:
        """Wake whoever waits for what comes next."""
        if self._queue.full():
            self._queue.get_nowait()
        self._queue.put_nowait(None)

    async def _watch(self, topic: Topic, listing: Listing) -> None:
        ask, read = self._question(topic, listing)
        failures = 0
        while True:
            reason = await self._told(ask, read, listing.instrument.key)
            if not reason:
                failures = 0
                continue
            self._interrupt(listing.instrument.key, reason, is_off=failures > 0)
            await self.clock.sleep(self._wait_s(failures))
            failures += 1

    def _wait_s(self, failures: int) -> float:
        return min(self.settings.first_wait_s * 2 ** min(failures, 10), _LONGEST_WAIT_S)

    async def _told(
        self,
        ask: Callable[[], Awaitable[Any]],
        read: Callable[[Any], Iterable[FeedEvent]],
        key: str,
    ) -> str:
        """Pass on what comes next; return why nothing came, or nothing."""
        import ccxt

        try:
            answer = await ask()
        except asyncio.CancelledError:
            task = asyncio.current_task()
            if self._is_closed or task is None or task.cancelling():
                raise
            return f"{self.settings.name} closed the connection."
        except (ccxt.BaseError, OSError) as error:
            return sentence(self.settings.name, error)
        try:
            events = list(read(answer))
        except (*_BAD, Invalid):
            self._note_garbage(key)
            return ""
        if events:
            self._pass_on(events)
        return ""

    def _pass_on(self, events: Iterable[FeedEvent]) -> None:
        if self.state.standing is not FeedStanding.STREAMING:
            self.state = FeedState(FeedStanding.STREAMING, self.clock.now_ms())
        for event in events:
            if self._queue.full():
                while not self._queue.empty():
                    self._queue.get_nowait()
                reason = "Prices came faster than they were taken; some are missing."
                event = Interrupted("", self.clock.now_ms(), reason)  # noqa: PLW2901
            self._queue.put_nowait(event)

    def _interrupt(self, key: str, reason: str, *, is_off: bool) -> None:
        now_ms = self.clock.now_ms()
        standing = FeedStanding.OFF if is_off else FeedStanding.CONNECTING
        if self.state.standing is not FeedStanding.OFF:
            self.state = FeedState(standing, now_ms, reason)
        self._spoil(key)
        if not self._queue.full():
            self._queue.put_nowait(Interrupted(key, now_ms, reason))

    def _spoil(self, key: str) -> None:
        for name, bar in list(self._growing.items()):
            if key in {"", bar.key}:
                self._growing[name] = replace(bar, is_whole=False)
        for owner, builders in self._builders.items():
            for builder in builders if key in {"", owner} else ():
                builder.interrupt()

    def _note_garbage(self, key: str = "") -> None:
        self.unreadable += 1
        reason = f"{self.settings.name} sent a message that cannot be read."
        self._spoil(key)
        if not self._queue.full():
            self._queue.put_nowait(Interrupted(key, self.clock.now_ms(), reason))

    def _question(
        self, topic: Topic, listing: Listing
    ) -> tuple[Callable[[], Awaitable[Any]], Callable[[Any], Iterable[FeedEvent]]]:
        client, unified, frame = self._client, listing.unified, topic.timeframe
        if topic.kind is TopicKind.TICKS:
            return lambda: client.watch_trades(unified), lambda said: self._ticks(said, listing)
        if topic.kind is TopicKind.BOOK:
            return lambda: client.watch_order_book(unified), lambda said: [
                self._book(said, listing)
            ]
        if topic.kind is TopicKind.CANDLES:
            return (
                lambda: client.watch_ohlcv(unified, frame),
                lambda said: self._bars(said, listing, frame),
            )
        if client.has.get("watchBidsAsks"):
            return (
                lambda: client.watch_bids_asks([unified]),
                lambda said: [top_in(said[unified], listing, self.clock.now_ms())],
            )
        return (
            lambda: client.watch_order_book(unified),
            lambda said: [top_of(self._book(said, listing))],
        )

    def _book(self, said: Mapping[str, Any], listing: Listing) -> Book:
        return book_in(said, listing, self.clock.now_ms())

    def _ticks(self, trades: Sequence[Mapping[str, Any]], listing: Listing) -> Iterable[Tick | Bar]:
        """Go through trades, and the candles that are built of them where none are streamed."""
        builders = self._builders.get(listing.instrument.key, ())
        for tick in ticks_in(trades, listing):
            yield tick
            for builder in builders:
                yield from builder.add(tick)
        for builder in builders:
            growing = builder.growing()
            if growing is not None:
                yield growing

    def _bars(self, rows: Iterable[list[Any]], listing: Listing, frame: str) -> Iterable[Bar]:
        """Go through growing bars; one is finished when the venue has begun the next."""
        name = (listing.instrument.key, frame)
        for row in sorted(rows):
            # An update tells the whole bar so far, so that one after a break makes it whole again.
            bar = bar_in(row, listing, frame)
            before = self._growing.get(name)
            if before is not None and bar.open_time_ms < before.open_time_ms:
                continue
            if before is not None and bar.open_time_ms > before.open_time_ms:
                yield replace(before, is_finished=True)
            self._growing[name] = bar
            yield bar


def _guard(client: Any, note: Callable[[], None]) -> None:
    """Make every connection of ccxt survive a message that it cannot read."""
    make = client.client
    guarded: set[int] = set()

    def open_guarded(url: str) -> Any:
        connection = make(url)
        if id(connection) in guarded:
            return connection
        guarded.add(id(connection))
        read = connection.handle_text_or_binary_message

        def read_safely(data: Any) -> None:
            import ccxt

            try:
                read(data)
            except (*_BAD, ccxt.BaseError):
                note()

        connection.handle_text_or_binary_message = read_safely
        return connection

    client.client = open_guarded
