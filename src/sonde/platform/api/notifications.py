"""Notifications over REST: list them, mark them as read."""

from datetime import datetime

from pydantic import BaseModel, ConfigDict, Field

from sonde.platform.api.routing import Acting, Cursor, Limit, router
from sonde.platform.services import notifications

ROUTER = router("/notifications", tag="Notifications")


class NotificationBody(BaseModel):
    """One line under the bell."""

    model_config = ConfigDict(from_attributes=True)

    id: str
    kind: str
    title: str
    body: str
    link: str
    created_at: datetime
    read_at: datetime | None


class NotificationPage(BaseModel):
    """Part of the list of notifications, newest first, and how many are unread in all."""

    items: list[NotificationBody]
    next_cursor: str | None
    unread: int


class ReadRequest(BaseModel):
    """Which notifications were read; without ids, all of them."""

    ids: list[str] | None = Field(default=None, max_length=500)


class ReadAnswer(BaseModel):
    """How many notifications this has changed."""

    marked: int


@ROUTER.get("")
def list_notifications(
    actor: Acting, unread: bool = False, limit: Limit = 50, cursor: Cursor = ""
) -> NotificationPage:
    """List what you were told, newest first."""
    page = notifications.list_notifications(actor, unread_only=unread, cursor=cursor, limit=limit)
    return NotificationPage(
        items=[NotificationBody.model_validate(note) for note in page.items],
        next_cursor=page.next_cursor or None,
        unread=notifications.unread_count(actor),
    )


@ROUTER.post("/read")
def mark_read(actor: Acting, request: ReadRequest) -> ReadAnswer:
    """Mark notifications as read."""
    if request.ids is None:
        return ReadAnswer(marked=notifications.mark_all_read(actor))
    return ReadAnswer(marked=notifications.mark_read(actor, request.ids))
