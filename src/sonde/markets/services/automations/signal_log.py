"""The log of what strategies decided, and what came of it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sonde.markets.persistence import automations as rows
from sonde.markets.services.automations import asking
from sonde.platform.core.actor import Actor


@dataclass(frozen=True)
class Signal:
    """What one decision wanted, and what came of it.

    Parameters
    ----------
    automation_id : str
    bar_ms : int
        Open of the bar that was decided on, milliseconds UTC.
    wish, outcome, words, trade_id : str
        The outcome is entered, left, blocked, refused, nothing or late.
    facts : mapping
        Price and its source, reason, confidence, stop, target and indicators.
    """

    automation_id: str
    bar_ms: int
    wish: str
    outcome: str
    words: str
    trade_id: str
    facts: Mapping[str, Any]


def signals(
    actor: Actor, automation_id: str = "", *, before_ms: int | None = None, limit: int = 100
) -> Sequence[Signal]:
    """Return what one strategy decided, or all of the actor's, newest first; raises NotFound."""
    if automation_id:
        ids = [asking.row_of(actor, automation_id).id]
    else:
        ids = [row.id for row in rows.owned(actor.user_id)]
    return [_signal(row) for row in rows.signals(ids, before_ms=before_ms, limit=limit)]


def _signal(row: rows.SignalRow) -> Signal:
    return Signal(
        row.automation_id, row.bar_ms, row.wish, row.outcome, row.words, row.trade_id, row.facts
    )
