"""The ports in memory: for unit tests, and for commands that need no server."""

import tempfile
from collections.abc import AsyncIterator, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from sonde.platform.core.errors import Invalid, NotFound, Unavailable
from sonde.platform.core.ports import CacheStatistics


@dataclass
class MemoryFiles:
    """Files in a dictionary, written out where somebody needs a path."""

    content: dict[str, bytes] = field(default_factory=dict)
    _folder: tempfile.TemporaryDirectory[str] | None = None

    def put(self, key: str, source: Path | bytes) -> int:
        """Store a whole file under `key`; return its size in bytes."""
        if ".." in key or key.startswith("/"):
            raise Invalid(f"{key!r} cannot be the name of a stored file.", key=key)
        self.content[key] = source if isinstance(source, bytes) else source.read_bytes()
        return len(self.content[key])

    def local_path(self, key: str) -> Path:
        """Return a local path with the file's content."""
        if self._folder is None:
            self._folder = tempfile.TemporaryDirectory(prefix="sonde-")
        path = Path(self._folder.name) / key
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(self.read(key))
        return path

    def read(self, key: str) -> bytes:
        """Return the whole content; raises NotFound."""
        try:
            return self.content[key]
        except KeyError:
            raise NotFound(f"There is no stored file {key}.", key=key) from None

    def delete(self, key: str) -> None:
        """Delete the file; nothing happens if it is not there."""
        self.content.pop(key, None)

    def exists(self, key: str) -> bool:
        """Say whether the file is there."""
        return key in self.content

    def keys(self, prefix: str = "") -> Iterator[str]:
        """Go through the stored keys that begin with `prefix`."""
        yield from [key for key in sorted(self.content) if key.startswith(prefix)]

    def check(self) -> None:
        """Memory is always there."""

    def close(self) -> None:
        """Remove what was written out."""
        if self._folder is not None:
            self._folder.cleanup()


@dataclass
class MemoryCache:
    """A cache in a dictionary; `now_s` moves its time."""

    entries: dict[str, tuple[bytes, float]] = field(default_factory=dict)
    now_s: float = 0.0
    hits: int = 0
    misses: int = 0

    def get(self, key: str) -> bytes | None:
        """Return the stored bytes, or None."""
        value, expires_s = self.entries.get(key, (b"", self.now_s))
        if expires_s <= self.now_s:
            self.misses += 1
            return None
        self.hits += 1
        return value

    def set(self, key: str, value: bytes, ttl_s: int) -> None:
        """Store `value` for `ttl_s` seconds."""
        if ttl_s <= 0:
            raise Invalid("A cache entry needs a time to live.", ttl_s=ttl_s)
        self.entries[key] = (value, self.now_s + ttl_s)

    def set_all(self, entries: Mapping[str, bytes], ttl_s: int) -> None:
        """Store values by key for `ttl_s` seconds."""
        for key, value in entries.items():
            self.set(key, value, ttl_s)

    def invalidate(self, prefix: str) -> int:
        """Drop all entries whose key begins with `prefix`; return how many."""
        names = [key for key in self.entries if key.startswith(prefix)]
        for name in names:
            del self.entries[name]
        return len(names)

    def statistics(self) -> CacheStatistics:
        """Return hits, misses and entries."""
        alive = sum(1 for _, expires_s in self.entries.values() if expires_s > self.now_s)
        return CacheStatistics(self.hits, self.misses, alive)

    def check(self) -> None:
        """Memory is always there."""


@dataclass
class MemoryQueue:
    """Remembers whom it was asked to wake; `is_down` makes it refuse."""

    woken: list[tuple[str, str]] = field(default_factory=list)
    is_down: bool = False

    def wake(self, queue: str, job_id: str) -> None:
        """Note the wake; raises Unavailable while it is down."""
        self.check()
        self.woken.append((queue, job_id))

    def check(self) -> None:
        """Raise Unavailable while it is down."""
        if self.is_down:
            raise Unavailable("The job queue does not answer.")


@dataclass
class MemoryHints:
    """Remembers the hints."""

    published: list[tuple[str, str]] = field(default_factory=list)

    def publish(self, user_id: str, topic: str) -> None:
        """Note the hint."""
        self.published.append((user_id, topic))

    async def listen(self, user_id: str) -> AsyncIterator[str]:
        """Go through what was hinted so far."""
        for person, topic in list(self.published):
            if person == user_id:
                yield topic
