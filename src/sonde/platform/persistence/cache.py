"""Computed answers in Valkey, always with a time to live."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

from sonde.platform.core.errors import Invalid, Unavailable
from sonde.platform.core.ports import CacheStatistics
from sonde.platform.persistence import valkey

if TYPE_CHECKING:
    from redis import Redis

_ENTRY = "sonde:cache:"
_COUNTS = "sonde:cache-counts"
_BATCH = 500


@dataclass(frozen=True)
class ValkeyCache:
    """A cache in a database of its own; while the server is down it behaves as if empty.

    Parameters
    ----------
    client : Redis
    """

    client: "Redis"

    @classmethod
    def connect(cls, url: str) -> "ValkeyCache":
        """Make the cache; no connection is opened yet."""
        return cls(valkey.connect(url))

    def get(self, key: str) -> bytes | None:
        """Return the stored bytes, or None (also while the cache is down)."""
        from redis import RedisError

        try:
            value = cast("bytes | None", self.client.get(_ENTRY + key))
            self.client.hincrby(_COUNTS, "misses" if value is None else "hits", 1)
        except RedisError:
            return None
        return value

    def set(self, key: str, value: bytes, ttl_s: int) -> None:
        """Store `value` for `ttl_s` seconds; does nothing while the cache is down."""
        self.set_all({key: value}, ttl_s)

    def set_all(self, entries: Mapping[str, bytes], ttl_s: int) -> None:
        """Store values by key for `ttl_s` seconds, in one go."""
        from redis import RedisError

        if ttl_s <= 0:
            raise Invalid("A cache entry needs a time to live.", ttl_s=ttl_s)
        pipeline = self.client.pipeline(transaction=False)
        for key, value in entries.items():
            pipeline.set(_ENTRY + key, value, ex=ttl_s)
        try:
            pipeline.execute()
        except RedisError:
            return

    def invalidate(self, prefix: str) -> int:
        """Drop all entries whose key begins with `prefix`; return how many."""
        from redis import RedisError

        dropped = 0
        try:
            batch: list[bytes] = []
            for name in self.client.scan_iter(match=_pattern(prefix), count=_BATCH):
                batch.append(name)
                if len(batch) == _BATCH:
                    dropped += self._drop(batch)
                    batch = []
            return dropped + self._drop(batch)
        except RedisError:
            return dropped

    def _drop(self, names: list[bytes]) -> int:
        return cast("int", self.client.unlink(*names)) if names else 0

    def statistics(self) -> CacheStatistics:
        """Return hits, misses and entries; zeros while the cache is down."""
        from redis import RedisError

        try:
            counts = cast("dict[bytes, bytes]", self.client.hgetall(_COUNTS))
            entries = sum(1 for _ in self.client.scan_iter(match=_pattern(""), count=_BATCH))
        except RedisError:
            return CacheStatistics(0, 0, 0)
        return CacheStatistics(int(counts.get(b"hits", 0)), int(counts.get(b"misses", 0)), entries)

    def check(self) -> None:
        """Raise Unavailable if the cache does not answer."""
        from redis import RedisError

        try:
            self.client.ping()
        except RedisError as error:
            raise Unavailable("The cache does not answer.") from error


def _pattern(prefix: str) -> str:
    return _ENTRY + re.sub(r"([\\*?\[\]])", r"\\\1", prefix) + "*"
