"""One client of the live stream: what it follows, what waits for it, how fast it takes it."""

import asyncio
from collections.abc import Awaitable, Callable, Coroutine, Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import Any, Final

from sonde.markets.core.feeds.quotes import Quote
from sonde.markets.core.streaming.outbox import Outbox, TooSlow, framed
from sonde.markets.core.streaming.requests import (
    ACCOUNT_TOPICS,
    MOST_TOPICS,
    StreamRequest,
    StreamTopic,
    read_request,
)
from sonde.markets.services.streams import candles, live_prices
from sonde.markets.services.streams.following import (
    AccountEars,
    follow_account,
    follow_personal,
)
from sonde.markets.services.streams.hub import ended
from sonde.markets.services.streams.live_prices import LivePrices, PriceEars
from sonde.markets.services.streams.messages import line, price_facts
from sonde.platform.core.actor import Actor
from sonde.platform.core.errors import Invalid, SondeError
from sonde.platform.core.ports import Ports

SEND_WITHIN_S: Final = 10.0
BEAT_EVERY_S: Final = 15.0
_ACCOUNT: Final = "account"


@dataclass(frozen=True)
class Hubs:
    """What one process hears: prices of live feeds, and that accounts changed."""

    prices: LivePrices
    accounts: AccountEars


@dataclass
class StreamSession:
    """One client.

    Parameters
    ----------
    outside : Ports
    actor : Actor
    hubs : Hubs
    send : callable
        Sends one frame; waits while the client does not take it.
    outbox : Outbox
    beat_every_s, send_within_s : float
        Between two heartbeats; that a client may take for one frame.
    """

    outside: Ports
    actor: Actor
    hubs: Hubs
    send: Callable[[str], Awaitable[None]]
    outbox: Outbox = field(default_factory=Outbox)
    beat_every_s: float = BEAT_EVERY_S
    send_within_s: float = SEND_WITHIN_S
    _following: dict[str, "asyncio.Task[None]"] = field(default_factory=dict)
    _working: set["asyncio.Task[None]"] = field(default_factory=set)
    _account_topics: set[str] = field(default_factory=set)
    _account_id: str = ""
    _news: asyncio.Event = field(default_factory=asyncio.Event)
    _ears: PriceEars = field(init=False)
    _trouble: BaseException | None = None
    _sends_since_s: float | None = None

    def __post_init__(self) -> None:
        """Make the ears, which write prices as lines."""
        self._ears = PriceEars(self._take_prices, _price_line)

    async def serve(self, receive: Callable[[], Awaitable[str]]) -> None:
        """Serve until `receive` raises that the client left; raises TooSlow."""
        work = (self._send_frames(), self._hear(receive), self._beat(), self._watch())
        tasks = [asyncio.create_task(one) for one in work]
        try:
            done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
            for one in done:
                one.result()
        finally:
            await ended(*tasks, *self._working)

    async def _hear(self, receive: Callable[[], Awaitable[str]]) -> None:
        while True:
            text = await receive()
            try:
                self.take_in(text)
            except SondeError as error:
                self._keep(line("error", code=error.code, message=error.message))

    def take_in(self, text: str) -> None:
        """Do what the client says; raises Invalid for what cannot be understood."""
        self._obey(read_request(text))

    async def write(self, number: int, messages: tuple[str, ...], /) -> None:
        """Send everything that waits as one frame."""
        await self.send(framed(number, messages))

    def beat(self) -> str:
        """Return the message that says that the connection lives."""
        return line("heartbeat", at=self.outside.clock().isoformat())

    def _obey(self, asked: StreamRequest) -> None:
        for topic in asked.unsubscribe:
            self._stop(topic)
        if len(self._following) + len(asked.subscribe) > MOST_TOPICS:
            raise Invalid(f"One connection follows at most {MOST_TOPICS} topics.")
        wanted = {topic.kind for topic in asked.subscribe} & ACCOUNT_TOPICS
        for topic in asked.subscribe:
            if topic.kind not in ACCOUNT_TOPICS and topic.name not in self._following:
                self._start(topic.name, self._follow(topic))
        is_other = bool(asked.account_id) and asked.account_id != self._account_id
        if wanted or is_other or asked.after is not None:
            self._account_topics |= wanted
            self._account_id = asked.account_id or self._account_id
            self._start(_ACCOUNT, self._follow_account(asked.after))

    def _stop(self, topic: StreamTopic) -> None:
        self._account_topics.discard(topic.kind)
        task = self._following.pop(topic.name, None)
        if task is not None:
            task.cancel()
            self._ears.forget(topic.name)
            self.outbox.forget(topic.name)

    def _start(self, name: str, work: Coroutine[Any, Any, None]) -> None:
        before = self._following.pop(name, None)
        if before is not None:
            before.cancel()
        task = self._following[name] = asyncio.create_task(work)
        self._working.add(task)
        task.add_done_callback(partial(self._ended, name))

    def _ended(self, name: str, task: "asyncio.Task[None]") -> None:
        """Tell the client why following ended; what nobody foresaw ends the connection."""
        self._working.discard(task)
        error = None if task.cancelled() else task.exception()
        if error is None:
            return
        if self._following.get(name) is task:
            del self._following[name]
        if isinstance(error, SondeError):
            self._keep(line("error", code=error.code, message=error.message, of=name))
        else:
            self._fail(error)

    def _follow(self, topic: StreamTopic) -> Coroutine[Any, Any, None]:
        name = topic.name
        if topic.kind == "price":
            return live_prices.follow(
                self.outside, self.actor, self.hubs.prices, self._ears, name, topic.symbol
            )
        if topic.kind == "candle":
            tellers = candles.CandleTellers(self._keep, partial(self._latest, name))
            return candles.follow(self.outside, self.actor, topic, self.hubs.prices.hub, tellers)
        return follow_personal(self.outside, self.actor, topic.kind, self._keep)

    async def _follow_account(self, after: int | None) -> None:
        def tell(topic: str, message: str) -> None:
            if topic in self._account_topics:
                self._keep(message)

        await follow_account(
            self.outside, self.actor, self._account_id, after, self.hubs.accounts, tell
        )

    def _latest(self, name: str, message: str) -> None:
        self.outbox.latest(name, message)
        self._news.set()

    def _take_prices(self, messages: Mapping[str, str]) -> None:
        self.outbox.latest_all(messages)
        self._news.set()

    def _keep(self, message: str) -> None:
        try:
            self.outbox.keep(message)
        except TooSlow as error:
            self._fail(error)
        self._news.set()

    def _fail(self, error: BaseException) -> None:
        self._trouble = self._trouble or error
        self._news.set()

    async def _send_frames(self) -> None:
        clock, number = asyncio.get_running_loop().time, 0
        while True:
            if self._trouble is not None:
                raise self._trouble
            due_s = self.outbox.due_in_s(clock())
            if due_s is None:
                await self._news.wait()
                self._news.clear()
            elif due_s > 0:
                await asyncio.sleep(due_s)
            else:
                number += 1
                self._sends_since_s = now_s = clock()
                await self.write(number, self.outbox.take(now_s))
                self._sends_since_s = None

    async def _watch(self) -> None:
        """Give the client up once it does not take a frame; cheaper than a clock for each."""
        clock = asyncio.get_running_loop().time
        while True:
            await asyncio.sleep(self.send_within_s / 4)
            since_s = self._sends_since_s
            if since_s is not None and clock() - since_s > self.send_within_s:
                raise TooSlow

    async def _beat(self) -> None:
        while True:
            await asyncio.sleep(self.beat_every_s)
            self._latest("heartbeat", self.beat())


def _price_line(symbol: str, quote: Quote) -> str:
    """Return a price with the symbol as the client wrote it."""
    return line("price", **price_facts(quote), asked=symbol)
