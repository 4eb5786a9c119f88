"""Runs the live feeds of an installation: one process at a time, by a lease with a fencing token.

The lease is kept by a beat. Whoever cannot keep it stops telling prices before another may begin.
"""

import asyncio
import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

import structlog

from sonde.markets.core.feeds.ccxt_client import ExchangeSettings
from sonde.markets.core.feeds.clock import FeedClock, WallClock
from sonde.markets.core.feeds.events import Bar, Book, FeedEvent, Tick, Top, encoded, encoded_all
from sonde.markets.core.feeds.exchange import ExchangeFeed
from sonde.markets.core.feeds.port import FeedStanding, FeedState, PriceFeed, Topic, TopicKind
from sonde.markets.core.feeds.staleness import (
    DEFAULT_MAX_AGE_MS,
    CameBack,
    StalenessWatch,
    WentStale,
)
from sonde.markets.persistence import feeds as rows
from sonde.markets.persistence import paper_work
from sonde.markets.services import feeds, live_trading
from sonde.markets.services.live_trading import PassingPrices
from sonde.platform.core.errors import SondeError, Unavailable
from sonde.platform.core.ports import Ports
from sonde.platform.services import events
from sonde.platform.services.work import unit_of_work

STALE, BACK = "markets.feed_stale", "markets.feed_back"
_FLUSH_S: Final = 0.005
_LOOK_S: Final = 0.1
_SHOW_S: Final = 0.1
_GROW_S: Final = 0.1
_RETRY_S: Final = 5.0
_log = structlog.get_logger(__name__)

OpenFeed = Callable[[ExchangeSettings], PriceFeed]
Wanted = Mapping[str, tuple[ExchangeSettings, tuple[str, ...]]]


@dataclass(frozen=True)
class RunnerTiming:
    """How the runner holds on to its lease.

    Parameters
    ----------
    lease_s : float
        A runner that was silent for this long is replaced.
    beat_s : float
        Time between two beats; each also looks for feeds that were switched.
    idle_s : float, optional
        The runner ends when no feed was on for this long; None means never.
    """

    lease_s: float = 8.0
    beat_s: float = 1.0
    idle_s: float | None = None


@dataclass
class FeedRunner:
    """Runs what is wanted, while it holds the lease.

    Parameters
    ----------
    outside : Ports
    holder : str
        Names this process.
    open_feed : callable
        From settings to a feed.
    clock : FeedClock
    timing : RunnerTiming
    max_age_ms : int
        An older price is stale.
    """

    outside: Ports
    holder: str
    open_feed: OpenFeed = ExchangeFeed
    clock: FeedClock = field(default_factory=WallClock)
    timing: RunnerTiming = field(default_factory=RunnerTiming)
    max_age_ms: int = DEFAULT_MAX_AGE_MS
    _followers: dict[str, "Follower"] = field(default_factory=dict)
    _is_ending: bool = False
    _is_idle: bool = False

    async def run(self) -> bool:
        """Run the feeds whenever the lease is ours; return whether it ended for idling."""
        while not (self._is_ending or self._is_idle):
            try:
                token = await asyncio.to_thread(self._take)
            except Unavailable as error:
                _log.warning("feeds.no_lease", error=error.message)
                token = None
            if token is None:
                await asyncio.sleep(self.timing.beat_s)
                continue
            _log.info("feeds.running", holder=self.holder, fence=token)
            await self._hold(token)
        return self._is_idle

    def end(self) -> None:
        """End soon."""
        self._is_ending = True

    async def _hold(self, token: int) -> None:
        loop = asyncio.get_running_loop()
        kept_at = used_at = loop.time()
        try:
            while not (self._is_ending or self._is_idle):
                left_s = kept_at + self.timing.lease_s - 2 * self.timing.beat_s - loop.time()
                try:
                    beat = asyncio.to_thread(self._beat, token)
                    wanted = await asyncio.wait_for(beat, max(left_s, 0.0))
                except TimeoutError:
                    _log.warning("feeds.lease_given_up")
                    return
                except Unavailable as error:
                    _log.warning("feeds.beat_missed", error=error.message)
                else:
                    if wanted is None:
                        return
                    kept_at = loop.time()
                    used_at = kept_at if wanted else used_at
                    self._is_idle = kept_at - used_at > (self.timing.idle_s or math.inf)
                    await self._follow(wanted)
                await asyncio.sleep(self.timing.beat_s)
        finally:
            await self._follow({})
            await asyncio.to_thread(self._drop, token)

    async def _follow(self, wanted: Wanted) -> None:
        """End what is not wanted any more, begin what is new."""
        for name, follower in list(self._followers.items()):
            if wanted.get(name) != (follower.settings, follower.symbols):
                await follower.end()
                del self._followers[name]
        for name, (settings, symbols) in wanted.items():
            if name not in self._followers:
                feed = self.open_feed(settings)
                watch = StalenessWatch(self.max_age_ms)
                follower = Follower(self.outside, feed, settings, symbols, self.clock, watch)
                self._followers[name] = follower
                follower.begin()

    def _take(self) -> int | None:
        with unit_of_work(self.outside):
            return rows.take_lease(feeds.LEASE, self.holder, self.timing.lease_s)

    def _beat(self, token: int) -> Wanted | None:
        """Keep the lease and note how the feeds stand; None if it is not ours any more."""
        with unit_of_work(self.outside):
            if not rows.extend_lease(feeds.LEASE, token, self.timing.lease_s):
                return None
            for name, follower in self._followers.items():
                state = follower.state()
                rows.note_state(name, state.standing.value, state.reason, state.since_ms)
            return feeds.wanted()

    def _drop(self, token: int) -> None:
        try:
            with unit_of_work(self.outside):
                rows.drop_lease(feeds.LEASE, token)
        except Unavailable as error:
            _log.warning("feeds.lease_not_dropped", error=error.message)


@dataclass
class Follower:
    """Tells on what one feed says, and who is stale.

    Parameters
    ----------
    outside : Ports
    feed : PriceFeed
    settings : ExchangeSettings
    symbols : tuple of str
    clock : FeedClock
    watch : StalenessWatch
    """

    outside: Ports
    feed: PriceFeed
    settings: ExchangeSettings
    symbols: tuple[str, ...]
    clock: FeedClock
    watch: StalenessWatch = field(default_factory=StalenessWatch)
    _waiting: list[FeedEvent] = field(default_factory=list)
    _growing: dict[tuple[str, str], Bar] = field(default_factory=dict)
    _newest: dict[str, Tick | Top] = field(default_factory=dict)
    _tasks: list["asyncio.Task[None]"] = field(default_factory=list)
    _news: asyncio.Event = field(default_factory=asyncio.Event)
    _trouble: FeedState | None = None
    _passing: PassingPrices = field(default_factory=lambda: PassingPrices("live"))

    def begin(self) -> None:
        """Begin to listen and to tell."""
        keys = [f"{self.settings.name}:{symbol}" for symbol in self.symbols]
        self.watch.expect(keys, self.clock.now_ms())
        self._passing = PassingPrices(f"live {self.settings.name}")
        work = (
            self._listen(),
            self._tell(),
            self._tell_growing(),
            self._watch_ages(),
            self._show_trades(),
        )
        self._tasks = [asyncio.create_task(one) for one in work]

    async def end(self) -> None:
        """End; the last prices are told before."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        self._let_grow()
        told, self._waiting = self._waiting, []
        newest, self._newest = self._newest | newest_of(told), {}
        await asyncio.to_thread(self.outside.broadcast.publish, written(told))
        await asyncio.to_thread(keep, self.outside, newest)
        await self.feed.close()

    def state(self) -> FeedState:
        """Return how the feed stands; what it cannot do at all is its reason to be off."""
        return self._trouble or self.feed.state()

    async def _listen(self) -> None:
        while True:
            try:
                async for event in self.feed.subscribe(_topics(self.symbols)):
                    self._trouble = None
                    self._note(event)
            except SondeError as error:
                self._trouble = FeedState(FeedStanding.OFF, self.clock.now_ms(), error.message)
                _log.warning("feed.off", feed=self.settings.name, reason=error.message)
            await asyncio.sleep(_RETRY_S)

    def _note(self, event: FeedEvent) -> None:
        self._passing.note(event)
        if isinstance(event, Book):  # for orders only: nobody draws twenty levels
            return
        if isinstance(event, Bar):
            name = (event.key, event.timeframe)
            self._growing.pop(name, None)
            if not event.is_finished:
                self._growing[name] = event
                return
        if event.key:
            self._waiting.append(event)
        else:
            keys = (f"{self.settings.name}:{symbol}" for symbol in self.symbols)
            self._waiting += [replace(event, key=key) for key in keys]
        self._news.set()
        if isinstance(event, Tick | Top):
            back = self.watch.saw(event.key, event.time_ms, now_ms=self.clock.now_ms())
            if back is not None:
                self._later(back)

    async def _tell_growing(self) -> None:
        """Tell what each bar that grows is now; often enough for whoever draws it."""
        while True:
            await asyncio.sleep(_GROW_S)
            self._let_grow()

    def _let_grow(self) -> None:
        if self._growing:
            self._waiting += self._growing.values()
            self._growing.clear()
            self._news.set()

    async def _tell(self) -> None:
        async with self.outside.broadcast.speaking() as say:
            while True:
                await self._news.wait()
                await asyncio.sleep(_FLUSH_S)
                self._news.clear()
                told, self._waiting = self._waiting, []
                self._newest |= newest_of(told)
                await say(written(told))

    async def _show_trades(self) -> None:
        """Let the trades of every account see the prices; what is down is tried again."""
        while True:
            await asyncio.sleep(_SHOW_S)
            newest, self._newest = self._newest, {}
            if newest:
                await asyncio.to_thread(keep, self.outside, newest)
            prices = self._passing.taken()
            if prices:
                try:
                    await asyncio.to_thread(live_trading.show, self.outside, prices)
                except Unavailable as error:
                    _log.warning("trades.not_shown", error=error.message)

    async def _watch_ages(self) -> None:
        while True:
            await asyncio.sleep(_LOOK_S)
            for change in self.watch.look(self.clock.now_ms()):
                self._later(change)

    def _later(self, change: WentStale | CameBack) -> None:
        task = asyncio.create_task(asyncio.to_thread(self._notify, change))
        self._tasks.append(task)
        task.add_done_callback(self._tasks.remove)

    def _notify(self, change: WentStale | CameBack) -> None:
        """Tell who switched the feed on, and everybody with a trade or strategy in the symbol."""
        kind, title, body = _words(change, self.state().words)
        try:
            with unit_of_work(self.outside):
                row = rows.find(self.settings.name)
                concerned = dict(paper_work.people_waiting(change.key))
                if row is not None:
                    concerned.setdefault(row.changed_by, row.workspace_id)
                for user_id, workspace_id in concerned.items():
                    events.emit_to(user_id, workspace_id, kind=kind, title=title, body=body)
        except Unavailable as error:
            _log.warning("feed.not_notified", title=title, error=error.message)


def tell(outside: Ports, told: Sequence[FeedEvent]) -> None:
    """Broadcast events in order and keep the last of each instrument."""
    outside.broadcast.publish(written(told))
    keep(outside, newest_of(told))


def written(told: Sequence[FeedEvent]) -> Sequence[tuple[str, bytes]]:
    """Return events in order as broadcasts, those of a venue in one message."""
    said: dict[str, list[FeedEvent]] = {}
    for event in told:
        said.setdefault(feeds.channel_of(event.key), []).append(event)
    return [(name, encoded_all(events)) for name, events in said.items()]


def newest_of(told: Sequence[FeedEvent]) -> dict[str, Tick | Top]:
    """Return the last trade and the last bid and ask of each instrument, by where they are kept."""
    return {
        feeds.cache_name(event.key, "tick" if isinstance(event, Tick) else "top"): event
        for event in told
        if isinstance(event, Tick | Top)
    }


def keep(outside: Ports, newest: Mapping[str, Tick | Top]) -> None:
    """Keep the last events for whoever asks for a price."""
    entries = {name: encoded(event) for name, event in newest.items()}
    outside.cache.set_all(entries, feeds.KEPT_S)


def _topics(symbols: Sequence[str]) -> list[Topic]:
    return [
        topic
        for symbol in symbols
        for topic in (
            Topic(TopicKind.TICKS, symbol),
            Topic(TopicKind.TOP, symbol),
            Topic(TopicKind.BOOK, symbol),
            Topic(TopicKind.CANDLES, symbol, "1m"),
        )
    ]


def _words(change: WentStale | CameBack, state: str) -> tuple[str, str, str]:
    if isinstance(change, CameBack):
        return BACK, f"Prices of {change.key} are back", "Positions can be opened again."
    age = f"for {change.age_ms / 1000:.0f} s" if change.age_ms >= 0 else "yet"
    body = f"There has been no price {age} ({state}). No position is opened until one comes."
    return STALE, f"Prices of {change.key} are stale", body
