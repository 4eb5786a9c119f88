"""Orders as the journal of an account tells them: what became of each, by its newest event."""

from collections.abc import Iterable, Mapping
from typing import Any, Final

ENDED: Final = frozenset({"filled", "cancelled", "expired", "rejected"})


def orders_of(events: Iterable[Mapping[str, Any]]) -> dict[int, Mapping[str, Any]]:
    """Return the newest event of each order, by its number.

    Parameters
    ----------
    events : iterable of mapping
        Facts of the engine's events, oldest first.

    Examples
    --------
    >>> told = [{"order": 1, "state": "accepted"}, {"order": 0}, {"order": 1, "state": "filled"}]
    >>> orders_of(told)
    {1: {'order': 1, 'state': 'filled'}}
    """
    newest: dict[int, Mapping[str, Any]] = {}
    for event in events:
        if event.get("order"):
            newest[int(event["order"])] = event
    return newest


def open_orders(events: Iterable[Mapping[str, Any]]) -> tuple[Mapping[str, Any], ...]:
    """Return the newest event of each order that has not ended, in order of their numbers.

    Examples
    --------
    >>> open_orders([{"order": 2, "state": "accepted"}, {"order": 1, "state": "expired"}])
    ({'order': 2, 'state': 'accepted'},)
    """
    newest = orders_of(events)
    return tuple(
        newest[number] for number in sorted(newest) if newest[number]["state"] not in ENDED
    )
