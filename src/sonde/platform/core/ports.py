"""What is outside (queue, files, cache, hints), as small ports with a real and a memory form."""

from collections.abc import AsyncIterator, Callable, Iterator, Mapping, Sequence
from contextlib import AbstractAsyncContextManager, AbstractContextManager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import Enum, auto
from pathlib import Path
from typing import Protocol

from sonde.platform.core.broadcast import MemoryBroadcast, Say
from sonde.platform.core.limiting import Limiter
from sonde.platform.core.parts import Parts
from sonde.platform.core.quota import Quota
from sonde.platform.core.recent import Recent


class FileStore(Protocol):
    """Whole files under random keys; a stored file never changes."""

    def put(self, key: str, source: Path | bytes) -> int:
        """Store a whole file under `key` (atomically); return its size in bytes."""
        ...

    def local_path(self, key: str) -> Path:
        """Return a local path with the file's content, fetched once if it is remote.

        Raises NotFound if there is no such file.
        """
        ...

    def read(self, key: str) -> bytes:
        """Return the whole content; raises NotFound."""
        ...

    def delete(self, key: str) -> None:
        """Delete the file; nothing happens if it is not there."""
        ...

    def exists(self, key: str) -> bool:
        """Say whether the file is there."""
        ...

    def keys(self, prefix: str = "") -> Iterator[str]:
        """Go through the stored keys that begin with `prefix`."""
        ...

    def check(self) -> None:
        """Raise Unavailable if the store cannot be written."""
        ...


@dataclass(frozen=True)
class CacheStatistics:
    """How well the cache serves."""

    hits: int
    misses: int
    entries: int


class Cache(Protocol):
    """Computed answers with a time to live; losing it loses nothing."""

    def get(self, key: str) -> bytes | None:
        """Return the stored bytes, or None (also while the cache is down)."""
        ...

    def set(self, key: str, value: bytes, ttl_s: int) -> None:
        """Store `value` for `ttl_s` seconds; does nothing while the cache is down."""
        ...

    def set_all(self, entries: Mapping[str, bytes], ttl_s: int) -> None:
        """Store values by key for `ttl_s` seconds, in one go."""
        ...

    def invalidate(self, prefix: str) -> int:
        """Drop all entries whose key begins with `prefix`; return how many."""
        ...

    def statistics(self) -> CacheStatistics:
        """Return hits, misses and entries."""
        ...

    def check(self) -> None:
        """Raise Unavailable if the cache does not answer."""
        ...


class Queue(Protocol):
    """Wakes workers; the database says what there is to do."""

    def wake(self, queue: str, job_id: str) -> None:
        """Tell a worker of `queue` to look at `job_id`; raises Unavailable."""
        ...

    def check(self) -> None:
        """Raise Unavailable if the broker does not answer."""
        ...


class Hints(Protocol):
    """Tells open pages to look again; never carries data."""

    def publish(self, user_id: str, topic: str) -> None:
        """Hint that `topic` (``jobs``, ``notifications``, ...) changed; may be lost."""
        ...

    def listen(self, user_id: str) -> AsyncIterator[str]:
        """Go through the topics hinted to a person from now on; raises Unavailable."""
        ...


class Broadcast(Protocol):
    """Says small messages to whoever listens now; nothing is kept, and some may be lost."""

    def publish(self, messages: Sequence[tuple[str, bytes]]) -> None:
        """Say (channel, message) pairs in order; may be lost."""
        ...

    def speaking(self) -> AbstractAsyncContextManager[Say]:
        """Yield a way to publish from an event loop, which goes on meanwhile."""
        ...

    def listen(self, channels: Sequence[str]) -> AsyncIterator[tuple[str, bytes]]:
        """Go through the (channel, message) pairs said from now on; raises Unavailable."""
        ...


class RateLimiter(Protocol):
    """Counts tries in a moving window."""

    def hit(self, key: str, *, tries: int, window_s: int) -> bool:
        """Count one try of `key`; False if there were `tries` in the window already."""
        ...

    def clear(self, key: str, *, tries: int, window_s: int) -> None:
        """Forget the tries of `key`."""
        ...


Clock = Callable[[], datetime]


def utc_now() -> datetime:
    """Return the present time in UTC."""
    return datetime.now(UTC)


class NotKept(Exception):
    """Something has to be asked of the database that is not kept in memory."""


class Reads(Enum):
    """Where a transaction may read from.

    `KEPT` never waits: what is not kept in memory raises NotKept. `ANY` asks the database for what
    is not kept. `ANEW` asks for everything: for who was told that something has changed, which may
    be known a moment before memory knows it.
    """

    KEPT = auto()
    ANY = auto()
    ANEW = auto()


class TransactionSource(Protocol):
    """Opens database transactions; the database itself is never faked."""

    def transaction(self, reads: Reads = Reads.ANY) -> AbstractContextManager[None]:
        """Open one transaction and make it the current one; raises NotKept as `reads` says."""
        ...

    def following(self) -> AbstractContextManager[None]:
        """Keep what is read inside, as long as the database tells what changes."""
        ...

    def check(self) -> None:
        """Raise Unavailable if the database does not answer."""
        ...


@dataclass(frozen=True)
class Ports:
    """Everything outside that services may reach, built once by ``app``."""

    database: TransactionSource
    files: FileStore
    cache: Cache
    queue: Queue
    hints: Hints
    parts: Parts
    limiter: RateLimiter = field(default_factory=Limiter)
    clock: Clock = utc_now
    quota: Quota = field(default_factory=Quota)
    recent: Recent = field(default_factory=Recent)
    broadcast: Broadcast = field(default_factory=MemoryBroadcast)
