"""Clocks that are passed in: what time it is, in milliseconds UTC, and how to wait."""

import asyncio
import time
from dataclasses import dataclass
from typing import Protocol

from sonde.platform.core.errors import Invalid


class FeedClock(Protocol):
    """Tells the time and waits."""

    def now_ms(self) -> int:
        """Return the time, milliseconds UTC."""
        ...

    async def sleep(self, seconds: float) -> None:
        """Wait."""
        ...


@dataclass(frozen=True)
class WallClock:
    """The clock on the wall."""

    def now_ms(self) -> int:
        """Return the time, milliseconds UTC."""
        return time.time_ns() // 1_000_000

    async def sleep(self, seconds: float) -> None:
        """Wait."""
        await asyncio.sleep(seconds)


@dataclass
class VirtualClock:
    """A clock that moves when it is told to, or when somebody waits on it: always the same way.

    Parameters
    ----------
    at_ms : int
        Milliseconds UTC.

    Examples
    --------
    >>> clock = VirtualClock(1_000)
    >>> clock.advance(500)
    >>> clock.now_ms()
    1500
    """

    at_ms: int = 0

    def now_ms(self) -> int:
        """Return the time, milliseconds UTC."""
        return self.at_ms

    def advance(self, by_ms: int) -> None:
        """Move on; raises Invalid for backwards."""
        if by_ms < 0:
            raise Invalid(f"A clock does not go back ({by_ms} ms).")
        self.at_ms += by_ms

    async def sleep(self, seconds: float) -> None:
        """Move on by `seconds` at once, and let others run."""
        self.advance(round(seconds * 1000))
        await asyncio.sleep(0)
