"""Counts of tries, shared by all processes through Valkey; alone while it is down."""

from limits.storage import RedisStorage
from redis.exceptions import RedisError

from sonde.platform.core.limiting import Limiter
from sonde.platform.persistence.valkey import PATIENCE_S


class SharedLimiter:
    """A limiter on Valkey that falls back to the memory of this process.

    Parameters
    ----------
    url : str
    """

    def __init__(self, url: str) -> None:
        self._shared = Limiter(
            RedisStorage(url, socket_timeout=PATIENCE_S, socket_connect_timeout=PATIENCE_S)
        )
        self._alone = Limiter()

    def hit(self, key: str, *, tries: int, window_s: int) -> bool:
        """Count one try of `key`; False if there were too many."""
        try:
            return self._shared.hit(key, tries=tries, window_s=window_s)
        except RedisError:
            return self._alone.hit(key, tries=tries, window_s=window_s)

    def clear(self, key: str, *, tries: int, window_s: int) -> None:
        """Forget the tries of `key`."""
        try:
            self._shared.clear(key, tries=tries, window_s=window_s)
        except RedisError:
            self._alone.clear(key, tries=tries, window_s=window_s)
