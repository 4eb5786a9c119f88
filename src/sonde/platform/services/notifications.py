"""What a person is told in the product: the lines under the bell."""

from collections.abc import Sequence

from sonde.platform.core.actor import Actor
from sonde.platform.core.errors import NotFound
from sonde.platform.core.notifications import Notification
from sonde.platform.core.paging import Slice
from sonde.platform.persistence import events as rows
from sonde.platform.services.jobs import hint_after_commit

TOPIC = "notifications"


def list_notifications(
    actor: Actor, *, unread_only: bool = False, cursor: str = "", limit: int = 50
) -> Slice[Notification]:
    """Return the actor's notifications, newest first."""
    found = rows.page(actor.user_id, unread_only=unread_only, before=cursor, limit=limit + 1)
    return Slice.cut(found, limit, key=lambda notification: notification.id)


def unread_count(actor: Actor) -> int:
    """Return how many notifications the actor has not read."""
    return rows.count_unread(actor.user_id)


def mark_read(actor: Actor, notification_ids: Sequence[str]) -> int:
    """Mark notifications as read; raises NotFound if one is not the actor's."""
    for notification_id in notification_ids:
        if not rows.exists(actor.user_id, notification_id):
            raise NotFound(
                f"There is no notification {notification_id}.", notification_id=notification_id
            )
    return _changed(actor, rows.mark_read(actor.user_id, notification_ids))


def mark_all_read(actor: Actor) -> int:
    """Mark all of the actor's notifications as read; return how many were not."""
    return _changed(actor, rows.mark_read(actor.user_id, None))


def _changed(actor: Actor, count: int) -> int:
    if count:
        hint_after_commit(actor.user_id, TOPIC)
    return count
