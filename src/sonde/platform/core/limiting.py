"""How often something may be tried, counted in memory."""

from limits import RateLimitItem, RateLimitItemPerSecond
from limits.storage import MemoryStorage, Storage
from limits.strategies import MovingWindowRateLimiter


class Limiter:
    """Counts tries in a moving window.

    Parameters
    ----------
    storage : limits.storage.Storage, optional
        Where the counts live; the memory of this process by default.
    """

    def __init__(self, storage: Storage | None = None) -> None:
        self._window = MovingWindowRateLimiter(storage or MemoryStorage())

    @staticmethod
    def _item(tries: int, window_s: int) -> RateLimitItem:
        return RateLimitItemPerSecond(tries, window_s)

    def hit(self, key: str, *, tries: int, window_s: int) -> bool:
        """Count one try of `key`; False if there were `tries` in the last `window_s` already."""
        return bool(self._window.hit(self._item(tries, window_s), key))

    def clear(self, key: str, *, tries: int, window_s: int) -> None:
        """Forget the tries of `key`."""
        self._window.clear(self._item(tries, window_s), key)
