"""What happened to machines: alarms by themselves, and what people note."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from sonde.bearings.core.condition.machines import Node
from sonde.bearings.persistence import condition as rows
from sonde.bearings.services import machines
from sonde.platform.core.actor import Actor, Role
from sonde.platform.core.errors import Forbidden, Invalid, NotFound
from sonde.platform.services.work import ports

_LONGEST = 500
_SOON = timedelta(days=1)


class NoteKind(StrEnum):
    """What people note."""

    NOTE = "note"
    MAINTENANCE = "maintenance"
    REPLACED = "replaced"
    FAILED = "failed"


FEED_FAILED: Final = "not read"


@dataclass(frozen=True)
class Event:
    """Something that happened to a place.

    Parameters
    ----------
    id, node_id : str
    at : datetime
    kind : str
        A `NoteKind`, an `AlarmState`, or ``"not read"`` for a file that could not be read.
    feature, text, by : str
    """

    id: str
    node_id: str
    at: datetime
    kind: str
    feature: str
    text: str
    by: str

    @property
    def is_note(self) -> bool:
        """Whether a person noted it."""
        return self.kind in list(NoteKind)


def note(actor: Actor, node_id: str, kind: NoteKind, text: str, at: datetime | None = None) -> None:
    """Note what happened to a place, now or at a moment; raises NotFound, Forbidden, Invalid.

    A replacement or failure ends a life: health and remaining life begin anew after it.
    """
    node = machines.changeable(actor, node_id)
    now = ports().clock()
    at = at or now
    text = " ".join(text.split())
    if at.tzinfo is None:
        raise Invalid("The moment needs a time zone.", field="at")
    if at > now + _SOON:
        raise Invalid("What happened cannot lie in the future.", field="at")
    if len(text) > _LONGEST or not (text or kind is not NoteKind.NOTE):
        raise Invalid(f"A note has 1 to {_LONGEST} characters.", field="text")
    _add(node, {"at": at, "kind": kind.value, "feature": "", "text": text, "by": actor.name})


def note_unread(actor: Actor, node: Node, text: str) -> None:
    """Note that a file could not become a measurement."""
    said = text[:_LONGEST]
    now = ports().clock()
    _add(node, {"at": now, "kind": FEED_FAILED, "feature": "", "text": said, "by": actor.name})


def events(actor: Actor, node_id: str, *, limit: int = 100) -> tuple[Event, ...]:
    """Return what happened to a place, to those above and below it, newest first; NotFound."""
    nodes = machines.tree(actor)
    machines.get(actor, node_id)
    near = {one.id for one in (*machines.above(nodes, node_id), *machines.below(nodes, node_id))}
    return tuple(
        Event(row.id, row.node_id, row.at, row.kind, row.feature, row.text, row.by)
        for row in rows.events(list(near), limit=limit)
    )


def remove_note(actor: Actor, event_id: str) -> None:
    """Take back what a person noted; raises NotFound, and Forbidden for alarms."""
    actor.require(Role.ANALYST)
    row = rows.find_event(event_id, actor.workspace_ids)
    if row is None:
        raise NotFound("There is no such event, or it is not yours to see.", id=event_id)
    if row.kind not in list(NoteKind):
        raise Forbidden("What was measured stays in the log; only notes can be taken back.")
    machines.changeable(actor, row.node_id)
    rows.remove_event(row.id)


def _add(node: Node, happened: dict[str, object]) -> None:
    rows.add_event(node, happened)
