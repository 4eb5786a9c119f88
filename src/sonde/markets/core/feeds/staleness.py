"""How old prices are: stale ones block entries until fresh ones come."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from sonde.platform.core.errors import Invalid

DEFAULT_MAX_AGE_MS = 15_000


@dataclass(frozen=True)
class WentStale:
    """A symbol has had no price for too long.

    Parameters
    ----------
    key : str
    time_ms : int
        When that was noticed, milliseconds UTC.
    age_ms : int
        Age of the last price; -1 where there never was one.
    """

    key: str
    time_ms: int
    age_ms: int


@dataclass(frozen=True)
class CameBack:
    """A stale symbol has a price again.

    Parameters
    ----------
    key : str
    time_ms : int
        Milliseconds UTC.
    silent_ms : int
        How long there was none; -1 where there never was one before.
    """

    key: str
    time_ms: int
    silent_ms: int


@dataclass(frozen=True)
class Verdict:
    """Whether an entry is allowed, and why not."""

    allowed: bool
    reason: str = ""


@dataclass
class StalenessWatch:
    """Watches the age of the last price of every symbol.

    Parameters
    ----------
    max_age_ms : int
        A price older than this is stale; 1 to 86,400,000.
    limits_ms : dict
        Other limits for single symbols.

    Raises
    ------
    Invalid
        If a limit is out of range.

    Examples
    --------
    >>> watch = StalenessWatch(1_000)
    >>> watch.saw("x:AB", 5_000, now_ms=5_000)
    >>> watch.look(6_001)
    (WentStale(key='x:AB', time_ms=6001, age_ms=1001),)
    >>> watch.entry("x:AB", 6_001).allowed
    False
    >>> watch.saw("x:AB", 7_000, now_ms=7_000)
    CameBack(key='x:AB', time_ms=7000, silent_ms=2000)
    """

    max_age_ms: int = DEFAULT_MAX_AGE_MS
    limits_ms: dict[str, int] = field(default_factory=dict)
    _last_ms: dict[str, int] = field(default_factory=dict)
    _watched_from_ms: dict[str, int] = field(default_factory=dict)
    _stale: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        for limit in (self.max_age_ms, *self.limits_ms.values()):
            if not 1 <= limit <= 86_400_000:
                raise Invalid(f"A price may be 1 ms to 24 hours old, not {limit} ms.", value=limit)

    def expect(self, keys: Iterable[str], now_ms: int) -> None:
        """Watch symbols that have no price yet."""
        for key in keys:
            self._watched_from_ms.setdefault(key, now_ms)

    def saw(self, key: str, price_time_ms: int, *, now_ms: int) -> CameBack | None:
        """Note a price; say so where it ends a silence.

        A price that was old when it came does not make its symbol fresh, and neither does one
        that claims to come from the future.
        """
        self._watched_from_ms.setdefault(key, now_ms)
        before = self._last_ms.get(key)
        at_ms = min(price_time_ms, now_ms)
        if before is not None and at_ms < before:
            return None
        self._last_ms[key] = at_ms
        if key not in self._stale or now_ms - at_ms > self.limit_ms(key):
            return None
        self._stale.discard(key)
        return CameBack(key, now_ms, -1 if before is None else at_ms - before)

    def look(self, now_ms: int) -> tuple[WentStale, ...]:
        """Return the symbols that have gone stale since the last look."""
        found = []
        for key, from_ms in self._watched_from_ms.items():
            since_ms = self._last_ms.get(key, from_ms)
            if key not in self._stale and now_ms - since_ms > self.limit_ms(key):
                self._stale.add(key)
                found.append(WentStale(key, now_ms, self.age_ms(key, now_ms)))
        return tuple(found)

    def limit_ms(self, key: str) -> int:
        """Return how old a price of `key` may be."""
        return self.limits_ms.get(key, self.max_age_ms)

    def age_ms(self, key: str, now_ms: int) -> int:
        """Return the age of the last price; -1 where there never was one."""
        last_ms = self._last_ms.get(key)
        return -1 if last_ms is None else max(now_ms - last_ms, 0)

    def is_stale(self, key: str, now_ms: int) -> bool:
        """Say whether there is no price that is young enough."""
        age_ms = self.age_ms(key, now_ms)
        return age_ms < 0 or age_ms > self.limit_ms(key)

    def entry(self, key: str, now_ms: int) -> Verdict:
        """Say whether a position may be opened at the price that there is."""
        age_ms = self.age_ms(key, now_ms)
        if age_ms < 0:
            return Verdict(False, f"There is no price of {key} yet.")
        if age_ms > self.limit_ms(key):
            limit_s = self.limit_ms(key) / 1000
            words = f"The last price of {key} is {age_ms / 1000:g} s old; at most {limit_s:g} s."
            return Verdict(False, words)
        return Verdict(True)
