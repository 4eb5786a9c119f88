"""Locks: who may not open what, until when, and why."""

from collections.abc import Iterable
from dataclasses import dataclass

from sonde.markets.core.sides import Side
from sonde.platform.core.errors import Invalid

_LONGEST_REASON = 300


@dataclass(frozen=True)
class Lock:
    """Entries that are not allowed for a while.

    Parameters
    ----------
    id : str
    symbol : str
        Key of the instrument; empty for every symbol.
    side : Side, optional
        None for both.
    until_ms : int, optional
        None until somebody removes it.
    reason : str
    made_by : str
        A person's id, or the code of the rule that made it.
    made_at_ms : int
    """

    id: str
    symbol: str
    side: Side | None
    until_ms: int | None
    reason: str
    made_by: str
    made_at_ms: int

    def holds(self, symbol: str, side: Side, now_ms: int) -> bool:
        """Say whether the lock keeps this entry back now."""
        return (
            self.symbol in ("", symbol)
            and self.side in (None, side)
            and (self.until_ms is None or now_ms < self.until_ms)
        )


@dataclass(frozen=True)
class Forgiven:
    """A pause that somebody ended: trades closed up to then no longer count for its rule.

    Parameters
    ----------
    code : str
        Of the rule.
    symbol : str
        Empty for every symbol.
    at_ms : int
    """

    code: str
    symbol: str
    at_ms: int


def checked_lock(lock: Lock) -> Lock:
    """Return a lock that a person asks for.

    Raises
    ------
    Invalid
        If it would end before it begins, or its reason is empty or too long.

    Examples
    --------
    >>> checked_lock(Lock("l", "", None, 5, "holidays", "u", 9))
    Traceback (most recent call last):
    sonde.platform.core.errors.Invalid: A lock ends after it begins.
    """
    if lock.until_ms is not None and lock.until_ms <= lock.made_at_ms:
        raise Invalid("A lock ends after it begins.", field="until")
    if not 0 < len(lock.reason.strip()) <= _LONGEST_REASON or not lock.reason.isprintable():
        raise Invalid(f"Say why, in 1 to {_LONGEST_REASON} printable characters.", field="reason")
    return lock


def holding(locks: Iterable[Lock], symbol: str, side: Side, now_ms: int) -> Lock | None:
    """Return the lock that keeps an entry back for longest, None if there is none.

    Examples
    --------
    >>> lock = Lock("l", "binance:BTCUSDT", Side.SHORT, 100, "no shorts", "u", 0)
    >>> holding([lock], "binance:BTCUSDT", Side.SHORT, 99) is lock
    True
    >>> holding([lock], "binance:BTCUSDT", Side.LONG, 99) is None
    True
    """
    found = [one for one in locks if one.holds(symbol, side, now_ms)]
    endless = [one for one in found if one.until_ms is None]
    if endless:
        return endless[0]
    return max(found, key=lambda one: one.until_ms or 0, default=None)


def listed(locks: Iterable[Lock], now_ms: int) -> tuple[Lock, ...]:
    """Return the locks that have not run out, newest first."""
    still = [one for one in locks if one.until_ms is None or now_ms < one.until_ms]
    return tuple(sorted(still, key=lambda one: (one.made_at_ms, one.id), reverse=True))
