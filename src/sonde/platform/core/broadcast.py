"""Broadcasts in memory: whoever listens in this process hears what is said from then on."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

Say = Callable[[Sequence[tuple[str, bytes]]], Awaitable[None]]
"""Says (channel, message) pairs in order."""
_Listener = tuple[frozenset[str], asyncio.AbstractEventLoop, "asyncio.Queue[tuple[str, bytes]]"]


@dataclass
class MemoryBroadcast:
    """Broadcasts within one process, from any thread.

    Examples
    --------
    >>> MemoryBroadcast().publish([("prices", b"1")])
    """

    _listeners: list[_Listener] = field(default_factory=list)

    def publish(self, messages: Sequence[tuple[str, bytes]]) -> None:
        """Say (channel, message) pairs in order to whoever listens now."""
        for channels, loop, queue in list(self._listeners):
            for message in messages:
                if message[0] in channels and not loop.is_closed():
                    loop.call_soon_threadsafe(queue.put_nowait, message)

    @asynccontextmanager
    async def speaking(self) -> AsyncIterator[Say]:
        """Yield a way to publish from an event loop."""

        async def say(messages: Sequence[tuple[str, bytes]]) -> None:
            self.publish(messages)

        yield say

    async def listen(self, channels: Sequence[str]) -> AsyncIterator[tuple[str, bytes]]:
        """Go through what is said on `channels` from now on."""
        queue: asyncio.Queue[tuple[str, bytes]] = asyncio.Queue()
        listener = (frozenset(channels), asyncio.get_running_loop(), queue)
        self._listeners.append(listener)
        try:
            while True:
                yield await queue.get()
        finally:
            self._listeners.remove(listener)
