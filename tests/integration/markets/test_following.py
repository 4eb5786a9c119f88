"""From an exchange's message to whoever listens: through the real ccxt and the follower."""

import asyncio
from decimal import Decimal

from sonde.markets.core.feeds.ccxt_client import ExchangeSettings
from sonde.markets.core.feeds.clock import WallClock
from sonde.markets.core.feeds.events import Tick, decoded, decoded_all
from sonde.markets.core.feeds.exchange import ExchangeFeed
from sonde.markets.core.feeds.port import FeedStanding
from sonde.markets.services import feeds
from sonde.markets.services.feed_running import Follower
from sonde.platform.core.parts import Parts
from sonde.platform.core.ports import Ports
from sonde.platform.persistence.memory import MemoryCache, MemoryFiles, MemoryHints, MemoryQueue
from tests.integration.markets.exchange_server import ExchangeServer, agg_trade

KEY = "binance:BTCUSDT"


class NoDatabase:
    """Nothing here may be written."""

    def transaction(self, reads=None):
        raise AssertionError("the way of a price leads through no database")

    def check(self):
        raise AssertionError


def _outside():
    return Ports(
        NoDatabase(), MemoryFiles(), MemoryCache(), MemoryQueue(), MemoryHints(), Parts(())
    )


def test_a_price_travels_from_the_exchange_to_who_listens_exactly_and_in_order():
    server, outside = ExchangeServer().start(), _outside()
    settings = ExchangeSettings("binance", server.http, server.ws)
    feed = ExchangeFeed(settings, WallClock())
    follower = Follower(outside, feed, settings, ("BTCUSDT",), WallClock())

    async def follow():
        heard = []
        listening = outside.broadcast.listen([feeds.channel_of(KEY)])
        first = asyncio.ensure_future(anext(listening))
        follower.begin()
        while "btcusdt@aggTrade" not in server.subscribed:
            await asyncio.sleep(0.01)
        now_ms = WallClock().now_ms()
        trades = [agg_trade(n, now_ms, f"670{n:02d}.10") for n in range(40)]
        await asyncio.to_thread(server.say, "btcusdt@aggTrade", *trades)
        heard += decoded_all((await first)[1], {KEY})
        while len(heard) < 40:
            heard += decoded_all((await anext(listening))[1], {KEY})
        assert follower.state().standing is FeedStanding.STREAMING
        await listening.aclose()
        await follower.end()
        return heard

    try:
        told = asyncio.run(asyncio.wait_for(follow(), 30))
    finally:
        server.stop()
    assert [tick.price for tick in told] == [Decimal(f"670{n:02d}.10") for n in range(40)]
    last = decoded(outside.cache.get(feeds.cache_name(KEY, "tick")))
    assert isinstance(last, Tick)
    assert last.sequence == 39
