"""What many clients ask alike is looked up once: answers shared for a moment, accounts followed."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from functools import partial
from typing import Any, Generic, TypeVar

from sonde.markets.services.streams.hub import ended

T = TypeVar("T")
Line = tuple[int, str, str]
"""Number of the journal's entry after which it is told, topic, message."""


@dataclass
class SharedLooks(Generic[T]):
    """Answers that stay good for a moment: who asks meanwhile gets the same one.

    Parameters
    ----------
    keep_s : float
    """

    keep_s: float
    _asked: dict[str, tuple[float, "asyncio.Task[T]"]] = field(default_factory=dict)

    async def look(self, name: str, work: Callable[[], Awaitable[T]]) -> T:
        """Return what `work` finds, or found a moment ago under this name."""
        now_s = asyncio.get_running_loop().time()
        known = self._asked.get(name)
        if known is None or now_s - known[0] >= self.keep_s:
            fresh = {key: one for key, one in self._asked.items() if now_s - one[0] < self.keep_s}
            known = (now_s, asyncio.ensure_future(work()))
            self._asked = {**fresh, name: known}
        return await asyncio.shield(known[1])


@dataclass
class _Followed:
    takers: list["asyncio.Queue[Line | BaseException]"] = field(default_factory=list)
    is_ready: asyncio.Event = field(default_factory=asyncio.Event)
    work: "asyncio.Task[None] | None" = None

    def tell(self, said: Line) -> None:
        for taker in self.takers:
            taker.put_nowait(said)


Tell = Callable[[Line], None]
Work = Callable[[Callable[[], None], Tell], Coroutine[Any, Any, None]]


@dataclass
class SharedFollowing:
    """Follows each name once in a process, while anybody listens to it."""

    _followed: dict[str, _Followed] = field(default_factory=dict)

    @asynccontextmanager
    async def listening(
        self, name: str, work: Work
    ) -> AsyncIterator["asyncio.Queue[Line | BaseException]"]:
        """Yield a queue of everything that is told from now on, and of what ended it.

        `work` is given a function to call once it knows from where it tells, and one to tell with.
        """
        followed = self._followed.get(name)
        if followed is None or (followed.work is not None and followed.work.done()):
            followed = self._followed[name] = _Followed()
            followed.work = asyncio.create_task(work(followed.is_ready.set, followed.tell))
            followed.work.add_done_callback(partial(_ended, followed))
        queue: asyncio.Queue[Line | BaseException] = asyncio.Queue()
        followed.takers.append(queue)
        try:
            await followed.is_ready.wait()
            yield queue
        finally:
            followed.takers.remove(queue)
            if not followed.takers and followed.work is not None:
                if self._followed.get(name) is followed:
                    del self._followed[name]
                await ended(followed.work)


def _ended(followed: _Followed, work: "asyncio.Task[None]") -> None:
    """Tell everybody who listens what ended the work, unless nobody wants it any more."""
    error = None if work.cancelled() else work.exception()
    if error is not None:
        for taker in followed.takers:
            taker.put_nowait(error)
    followed.is_ready.set()
