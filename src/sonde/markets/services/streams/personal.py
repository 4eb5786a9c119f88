"""A person's notifications and jobs, for whoever listens: what is new or changed since."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

from sonde.markets.services.streams.messages import line
from sonde.platform.core.actor import Actor
from sonde.platform.services import jobs, notifications

_MOST: Final = 50


@dataclass
class PersonalFollower:
    """Tells notifications and jobs that were not told yet, or are not as they were told."""

    _told: dict[str, str] = field(default_factory=dict)

    def news(self, actor: Actor, topic: str) -> list[tuple[str, str]]:
        """Return what is new of ``notification`` or ``job``, oldest first."""
        lines = self._jobs(actor) if topic == "job" else self._notifications(actor)
        found = []
        for name, told in lines:
            if self._told.get(name) != told:
                self._told[name] = told
                found.append((topic, told))
        return found[::-1]

    def _notifications(self, actor: Actor) -> Iterator[tuple[str, str]]:
        page = notifications.list_notifications(actor, unread_only=True, limit=_MOST)
        for one in page.items:
            facts = {"kind": one.kind, "title": one.title, "body": one.body, "link": one.link}
            yield one.id, line("notification", id=one.id, at=one.created_at, **facts)

    def _jobs(self, actor: Actor) -> Iterator[tuple[str, str]]:
        own = (one for one in jobs.list_jobs(actor, limit=_MOST).items)
        for one in own:
            if one.owner_id == actor.user_id:
                facts = {"kind": one.kind, "title": one.title, "state": one.state}
                done = {"fraction": one.fraction, "phase": one.phase, "error": one.error}
                yield one.id, line("job", id=one.id, **facts, **done)
