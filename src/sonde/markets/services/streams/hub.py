"""One ear for many listeners: each channel is heard once in a process, and told on in memory."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Callable, Collection, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Generic, TypeVar

import structlog

from sonde.platform.core.errors import Invalid, Unavailable
from sonde.platform.core.ports import Broadcast

T = TypeVar("T")
_AGAIN_AFTER_S = 1.0
_TELL_AGAIN_S = 0.2
_log = structlog.get_logger(__name__)


async def ended(*tasks: "asyncio.Task[None]") -> None:
    """End tasks, and wait until they have let go of what they held.

    They are told again while they go on: what they call may swallow being cancelled as it connects.
    """
    going = set(tasks)
    while going:
        for task in going:
            task.cancel()
        _, going = await asyncio.wait(going, timeout=_TELL_AGAIN_S)


@dataclass
class _Channel(Generic[T]):
    takers: dict[str, Counter[Callable[[T], None]]] = field(default_factory=dict)
    ear: "asyncio.Task[None] | None" = None


@dataclass
class Hub(Generic[T]):
    """Hears channels of a broadcast while anybody listens to them.

    Parameters
    ----------
    broadcast : Broadcast
    read : callable
        From what was said, and whom anybody listens for, to (whom it is of, what listeners are
        given); called once, however many listen. What it refuses with Invalid is passed over.
    """

    broadcast: Broadcast
    read: Callable[[bytes, Collection[str]], Iterable[tuple[str, T]]]
    _channels: dict[str, _Channel[T]] = field(default_factory=dict)

    @asynccontextmanager
    async def listening(
        self, name: str, take: Callable[[T], None], of: str = ""
    ) -> AsyncIterator[None]:
        """Give what is said on a channel of somebody to `take`, which must not wait.

        Who listens several times is given everything once.
        """
        channel = self._channels.setdefault(name, _Channel())
        takers = channel.takers.setdefault(of, Counter())
        takers[take] += 1
        if channel.ear is None:
            channel.ear = asyncio.create_task(self._hear(name, channel))
        try:
            yield
        finally:
            takers[take] -= 1
            if not takers[take]:
                del takers[take]
            if not takers and channel.takers.get(of) is takers:
                del channel.takers[of]
            if not channel.takers and channel.ear is not None:
                del self._channels[name]
                await ended(channel.ear)

    @property
    def n_channels(self) -> int:
        """How many channels are heard now."""
        return len(self._channels)

    async def _hear(self, name: str, channel: _Channel[T]) -> None:
        while True:
            try:
                async for _, said in self.broadcast.listen([name]):
                    self._tell(channel, said)
            except Unavailable as error:
                _log.warning("stream.deaf", channel=name, error=error.message)
            await asyncio.sleep(_AGAIN_AFTER_S)

    def _tell(self, channel: _Channel[T], said: bytes) -> None:
        try:
            heard = self.read(said, channel.takers)
        except Invalid as error:
            _log.warning("stream.unreadable", error=error.message)
            return
        for of, one in heard:
            for take in tuple(channel.takers.get(of, ())):
                take(one)
