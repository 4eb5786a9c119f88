"""What many clients ask alike: looked up once, followed once, and what ends it is told to all."""

import asyncio

import pytest

from sonde.markets.services.streams.sharing import SharedFollowing, SharedLooks
from sonde.platform.core.errors import NotFound


def test_one_look_answers_everybody_for_a_moment():
    async def ask():
        looked = []

        async def look():
            looked.append(len(looked))
            await asyncio.sleep(0.01)
            return looked[-1]

        looks = SharedLooks(0.05)
        first = await asyncio.gather(*(looks.look("BTCUSDT", look) for _ in range(50)))
        other = await looks.look("ETHUSDT", look)
        await asyncio.sleep(0.06)
        return first, other, await looks.look("BTCUSDT", look)

    assert asyncio.run(ask()) == ([0] * 50, 1, 2)


def test_who_leaves_while_it_is_looked_up_takes_the_answer_from_nobody():
    async def ask():
        looks = SharedLooks(1.0)
        waiting = [
            asyncio.create_task(looks.look("x", lambda: asyncio.sleep(0.02, "told")))
            for _ in range(2)
        ]
        await asyncio.sleep(0)
        waiting[0].cancel()
        return await waiting[1]

    assert asyncio.run(ask()) == "told"


def test_an_account_is_followed_once_and_let_go_with_the_last_listener():
    begun, ended = [], []

    async def work(begin, tell):
        begun.append(True)
        begin()
        try:
            for number in range(1_000):
                tell((number, "order", f"order {number}"))
                await asyncio.sleep(0.001)
        finally:
            ended.append(True)

    async def listen():
        shared = SharedFollowing()
        async with shared.listening("a", work) as one:
            first = await one.get()
            async with shared.listening("a", work) as two:
                later = await two.get()
                told = [await one.get() for _ in range(later[0])]
            assert not ended
        return first, later, told[-1]

    first, later, same = asyncio.run(listen())
    assert (first[0], later) == (0, same)
    assert (len(begun), len(ended)) == (1, 1)


def test_what_ends_the_following_reaches_everybody_and_the_next_begins_anew():
    async def work(begin, _tell):
        begin()
        raise NotFound("This account is gone.")

    async def listen():
        shared = SharedFollowing()
        async with shared.listening("a", work) as one, shared.listening("a", work) as two:
            return [type(await queue.get()) for queue in (one, two)]

    assert asyncio.run(listen()) == [NotFound, NotFound]


def test_work_that_fails_before_it_begins_leaves_nobody_waiting():
    async def work(_begin, _tell):
        raise NotFound("There is no such account.")

    async def listen():
        async with SharedFollowing().listening("a", work) as queue:
            raise await asyncio.wait_for(queue.get(), 1)

    with pytest.raises(NotFound):
        asyncio.run(listen())
