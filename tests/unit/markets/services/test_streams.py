"""The stream without a server: one ear for many, slow clients, bad requests, heartbeats."""

import asyncio
import json
from decimal import Decimal

import pytest

from sonde.markets.core.feeds.events import Bar, Tick, Top, encoded_all
from sonde.markets.core.streaming.outbox import Outbox, TooSlow
from sonde.markets.services import feeds
from sonde.markets.services.streams.following import account_ears
from sonde.markets.services.streams.live_prices import (
    TELL_EVERY_S,
    Asked,
    LivePrices,
    PriceEars,
    price_hub,
)
from sonde.markets.services.streams.session import Hubs, StreamSession
from sonde.platform.core.broadcast import MemoryBroadcast
from sonde.platform.core.parts import Parts
from sonde.platform.core.ports import Ports
from sonde.platform.persistence.memory import MemoryCache, MemoryFiles, MemoryHints, MemoryQueue

KEY = "binance:BTCUSDT"
NOW = 1_700_000_000_000


class LeftError(Exception):
    """The client went away."""


def outside(broadcast=None):
    return Ports(
        None,
        MemoryFiles(),
        MemoryCache(),
        MemoryQueue(),
        MemoryHints(),
        Parts(()),
        broadcast=broadcast or MemoryBroadcast(),
    )


def session(send, **changes):
    ports = outside()
    hubs = Hubs(LivePrices(price_hub(ports.broadcast)), account_ears(ports.broadcast))
    return StreamSession(ports, None, hubs, send, **changes)


def tick(price, number=1, key=KEY):
    return Tick(key, NOW + number, Decimal(price), Decimal(1), number)


def test_a_channel_is_heard_once_however_many_listen():
    broadcast = MemoryBroadcast()
    hub = price_hub(broadcast)

    async def listen():
        heard = [[], [], []]
        async with (
            hub.listening("c", heard[0].append, KEY),
            hub.listening("c", heard[1].append, KEY),
            hub.listening("c", heard[1].append, KEY),
            hub.listening("c", heard[2].append, "binance:ETHUSDT"),
        ):
            await asyncio.sleep(0.01)
            assert (hub.n_channels, len(broadcast._listeners)) == (1, 1)
            bar = Bar(KEY, "1m", NOW, *[Decimal(1)] * 5)
            broadcast.publish([("c", b"nonsense"), ("c", b"[5]")])
            broadcast.publish([("c", encoded_all([tick("1.50"), bar, tick("2", 2, "x:AB")]))])
            await asyncio.sleep(0.02)
        await asyncio.sleep(0.01)
        assert (hub.n_channels, broadcast._listeners) == (0, [])
        return heard, bar

    (one, other, nothing), bar = asyncio.run(listen())
    assert one == other == [tick("1.50"), bar]
    assert nothing == []


def test_prices_are_told_as_the_newest_only_and_written_once_for_all():
    broadcast = MemoryBroadcast()
    prices = LivePrices(price_hub(broadcast))
    channel, written = feeds.channel_of(KEY), []

    def write(symbol, quote):
        written.append(quote)
        return f"{symbol} {quote.price}"

    async def listen():
        told = [[], []]
        one, other = (PriceEars(to.append, write) for to in told)
        asked = Asked(KEY, "price", "BTCUSDT")
        async with prices.listening(asked, one), prices.listening(asked, other):
            await asyncio.sleep(0.01)
            begun = asyncio.get_running_loop().time()
            top = Top(KEY, NOW, Decimal("1.4"), Decimal("1.6"), Decimal(1), Decimal(1))
            for number in range(100):
                broadcast.publish([(channel, encoded_all([top, tick(str(number + 1), number)]))])
                await asyncio.sleep(0.001)
            took = asyncio.get_running_loop().time() - begun
            await asyncio.sleep(2 * TELL_EVERY_S)
            one.forget("price")
            broadcast.publish([(channel, encoded_all([tick("200", 200)]))])
            await asyncio.sleep(2 * TELL_EVERY_S)
        assert prices.hub.n_channels == 0
        return told, took

    (one, other), took = asyncio.run(listen())
    assert one == other[:-1]
    assert one[-1] == {"price": "BTCUSDT 100"}
    assert other[-1] == {"price": "BTCUSDT 200"}
    assert len(written) == len(other) <= took / TELL_EVERY_S + 3
    assert written[-1].bid == Decimal("1.4")


def test_a_client_that_takes_nothing_is_given_up():
    async def never(_frame):
        await asyncio.sleep(60)

    async def nonsense():
        await asyncio.sleep(0)
        return "nonsense"

    async def serve():
        await session(never, outbox=Outbox(most_kept=5), send_within_s=0.2).serve(nonsense)

    async def within():
        async with asyncio.timeout(30):
            await serve()

    with pytest.raises(TooSlow):
        asyncio.run(within())


def test_nonsense_is_answered_and_the_connection_lives():
    sent = []

    async def send(frame):
        sent.append(json.loads(frame))

    async def serve():
        asked = ["nonsense", '{"subscribe": ["prices:x"]}', '{"subscribe": 5}']

        async def receive():
            await asyncio.sleep(0.03)
            if not asked:
                raise LeftError
            return asked.pop(0)

        await session(send, beat_every_s=0.01).serve(receive)

    with pytest.raises(LeftError):
        asyncio.run(serve())
    assert [one["frame"] for one in sent] == list(range(1, len(sent) + 1))
    messages = [message for one in sent for message in one["messages"]]
    assert [one["code"] for one in messages if one["topic"] == "error"] == ["invalid"] * 3
    assert any(one["topic"] == "heartbeat" for one in messages)


def test_a_slow_client_gets_the_newest_price_and_every_order():
    sent = []

    async def serve():
        async def send(frame):
            await asyncio.sleep(0.05)
            sent.extend(json.loads(frame)["messages"])

        async def receive():
            for number in range(100):
                one._latest("price:x", json.dumps({"topic": "price", "number": number}))
                one._keep(json.dumps({"topic": "order", "number": number}))
                await asyncio.sleep(0.002)
            await asyncio.sleep(0.3)
            raise LeftError

        one = session(send)
        await one.serve(receive)

    with pytest.raises(LeftError):
        asyncio.run(serve())
    told = {
        topic: [one["number"] for one in sent if one["topic"] == topic]
        for topic in ("price", "order")
    }
    assert told["order"] == list(range(100))
    assert told["price"] == sorted(told["price"])
    assert told["price"][-1] == 99
    assert len(told["price"]) < 20
