"""Events: what happened, told to people. Written with the change, delivered after it."""

import structlog

from sonde.platform.core.actor import Actor
from sonde.platform.core.errors import Unavailable
from sonde.platform.core.ports import Ports
from sonde.platform.persistence import events as rows
from sonde.platform.services.work import after_commit, ports, unit_of_work

TOPIC = "notifications"
_BATCH = 200
_log = structlog.get_logger(__name__)


def emit(actor: Actor, *, kind: str, title: str, body: str = "", link: str = "") -> None:
    """Note that something happened; the actor is told once the unit of work is committed.

    Should the process die in between, the next sweep tells them.
    """
    emit_to(actor.user_id, actor.workspace_id, kind=kind, title=title, body=body, link=link)


def emit_to(
    owner_id: str, workspace_id: str, *, kind: str, title: str, body: str = "", link: str = ""
) -> None:
    """Note that something happened to a person who is not acting now."""
    event_id = rows.add_event(owner_id, workspace_id, kind=kind, title=title, body=body, link=link)
    outside = ports()
    after_commit(lambda: _deliver(outside, event_id))


def deliver_pending() -> int:
    """Deliver what was left undelivered in this unit of work; return how many people it reached."""
    outside = ports()
    reached = rows.deliver(_BATCH)
    after_commit(lambda: _hint(outside, reached))
    return len(reached)


def _deliver(outside: Ports, event_id: str) -> None:
    try:
        with unit_of_work(outside):
            reached = rows.deliver(1, event_id)
    except Unavailable as error:
        # What happened is committed and stays so; the next sweep tells.
        _log.warning("event.put_off", event_id=event_id, error=error.message)
        return
    _hint(outside, reached)


def _hint(outside: Ports, reached: frozenset[str]) -> None:
    for user_id in reached:
        outside.hints.publish(user_id, TOPIC)
