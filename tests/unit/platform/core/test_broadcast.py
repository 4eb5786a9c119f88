"""Broadcasts in memory reach who listens, in order, from any thread."""

import asyncio

from sonde.platform.core.broadcast import MemoryBroadcast


def test_who_listens_hears_in_order_and_only_his_channels():
    broadcast = MemoryBroadcast()
    broadcast.publish([("a", b"before")])

    async def listen():
        heard = []
        listening = broadcast.listen(["a", "b"])
        first = asyncio.ensure_future(anext(listening))
        await asyncio.sleep(0)
        await asyncio.to_thread(broadcast.publish, [("a", b"1"), ("c", b"x"), ("b", b"2")])
        heard += [await first, await anext(listening)]
        await listening.aclose()
        return heard

    assert asyncio.run(listen()) == [("a", b"1"), ("b", b"2")]
    broadcast.publish([("a", b"after")])
