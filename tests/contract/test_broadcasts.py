"""One suite for every form of broadcasting."""

import asyncio

import pytest

from sonde.platform.core.broadcast import MemoryBroadcast
from sonde.platform.core.errors import Unavailable
from sonde.platform.persistence.broadcast import ValkeyBroadcast

pytestmark = pytest.mark.integration


@pytest.fixture(params=["memory", "valkey"])
def broadcast(request):
    if request.param == "memory":
        yield MemoryBroadcast()
        return
    made = ValkeyBroadcast.connect(request.getfixturevalue("valkey").url(1))
    yield made
    made.client.close()


def test_everybody_who_listens_hears_everything_in_order(broadcast):
    messages = [("a", f"{number}".encode()) for number in range(50)]

    async def hear(n):
        heard = []
        listening = broadcast.listen(["a"])
        async for message in listening:
            heard.append(message)
            if message[1] == b"49":
                break
        await listening.aclose()
        return heard[-n:]

    async def both():
        listeners = [asyncio.create_task(hear(50)) for _ in range(2)]
        while not all(one.done() for one in listeners):
            await asyncio.to_thread(broadcast.publish, [("b", b"x"), *messages])
            await asyncio.sleep(0.05)
        return [one.result() for one in listeners]

    for heard in asyncio.run(asyncio.wait_for(both(), 20)):
        assert heard == messages

    async def spoken():
        async with broadcast.speaking() as say:
            listener = asyncio.create_task(hear(50))
            while not listener.done():
                await say([("b", b"x"), *messages])
                await asyncio.sleep(0.05)
            return await listener

    assert asyncio.run(asyncio.wait_for(spoken(), 20)) == messages


def test_a_dead_server_loses_messages_and_is_told_to_listeners():
    dead = ValkeyBroadcast.connect("redis://127.0.0.1:1/0")
    dead.publish([("a", b"1")])

    async def listen():
        async with dead.speaking() as say:
            await say([("a", b"1")])
        async for _ in dead.listen(["a"]):
            pass

    with pytest.raises(Unavailable):
        asyncio.run(listen())
    dead.client.close()
