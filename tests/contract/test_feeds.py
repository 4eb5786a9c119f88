"""One suite for every form of a price feed: in memory, replayed, and an exchange through ccxt."""

import asyncio
from decimal import Decimal

import pytest

from sonde.markets.core.feeds.ccxt_client import ExchangeSettings
from sonde.markets.core.feeds.clock import VirtualClock, WallClock
from sonde.markets.core.feeds.events import Tick
from sonde.markets.core.feeds.exchange import ExchangeFeed
from sonde.markets.core.feeds.memory import MemoryFeed
from sonde.markets.core.feeds.port import FeedStanding, Topic, TopicKind
from sonde.markets.core.feeds.replay import ReplayFeed, replay_of
from sonde.platform.core.errors import Invalid, NotFound
from tests.integration.markets.exchange_server import ExchangeServer, agg_trade, kline_row
from tests.unit.markets.core.feeds.samples import AB, MINUTE, candles

TICKS = Topic(TopicKind.TICKS, "AB")


class Memory:
    """The form for tests."""

    symbol = "AB"

    def __init__(self):
        clock = VirtualClock(5 * MINUTE)
        self.feed = MemoryFeed([AB], clock, [candles(6)])

    def play(self):
        self.feed.push(Tick(AB.key, 1, Decimal(10), Decimal(1), 1))

    def end(self):
        """Nothing runs."""


class Replayed:
    """The form that lives offline; five of six minutes are over."""

    symbol = "AB"

    def __init__(self):
        clock = VirtualClock(0)
        state = replay_of([candles(6)], 0, 60.0).play(0)
        clock.advance(5_000)
        self.feed = ReplayFeed([candles(6)], state, clock)

    def play(self):
        """It plays by itself."""

    def end(self):
        """Nothing runs."""


class Exchange:
    """The form for the internet, against a local server."""

    symbol = "BTCUSDT"

    def __init__(self):
        self.server = ExchangeServer(now_ms=5 * MINUTE).start()
        rows = [kline_row(k * MINUTE) for k in range(6)]
        self.server.candles["BTCUSDT", "1m"] = rows
        settings = ExchangeSettings("binance", self.server.http, self.server.ws)
        self.feed = ExchangeFeed(settings, WallClock())

    def play(self):
        self.server.say("btcusdt@aggTrade", agg_trade(1, 1, "10.00"))

    def end(self):
        self.server.stop()


@pytest.fixture(params=[Memory, Replayed, Exchange])
def form(request):
    made = request.param()
    yield made
    asyncio.run(made.feed.close())
    made.end()


def test_only_candles_that_are_over_are_history(form):
    pages = list(form.feed.history(form.symbol, "1m", MINUTE, 100 * MINUTE))
    opened = [int(at) for page in pages for at in page.candles.open_time_ms]
    assert opened == [k * MINUTE for k in range(1, 5)]
    assert sum(page.unfinished for page in pages) == 1
    assert all(page.candles.instrument.symbol == form.symbol for page in pages)
    assert list(form.feed.history(form.symbol, "1m", 10**9, 10**9 + MINUTE)) == []


def test_unknown_symbols_and_timeframes_are_refused(form):
    with pytest.raises(NotFound):
        list(form.feed.history("NOSUCH", "1m", 0, MINUTE))
    with pytest.raises(Invalid):
        list(form.feed.history(form.symbol, "7m", 0, MINUTE))

    async def listen():
        async for _ in form.feed.subscribe([Topic(TopicKind.TICKS, "NOSUCH")]):
            pass

    with pytest.raises(NotFound):
        asyncio.run(listen())


def test_instruments_are_told_and_the_state_has_words(form):
    assert form.symbol in {one.symbol for one in form.feed.instruments()}
    assert form.feed.state().words
    assert form.feed.state().standing is not FeedStanding.OFF
    assert form.feed.kind in {"live", "replay"}
    assert form.feed.name


def test_ticks_are_told_with_their_instrument_and_a_closed_feed_ends(form):
    async def listen():
        told = []
        async for event in form.feed.subscribe([Topic(TopicKind.TICKS, form.symbol)]):
            told.append(event)
            if len(told) == 1:
                return told
        return told

    async def both():
        listening = asyncio.create_task(listen())
        while not listening.done():
            await asyncio.to_thread(form.play)
            await asyncio.wait([listening], timeout=0.05)
        await form.feed.close()
        return listening.result()

    (tick,) = asyncio.run(asyncio.wait_for(both(), 20))
    assert isinstance(tick, Tick)
    assert tick.key.endswith(f":{form.symbol}")
    assert tick.price > 0
