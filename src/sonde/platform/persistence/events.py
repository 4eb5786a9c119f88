"""What happened (the outbox) and what people are told about it (notifications)."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Index, String, func, insert, select, text, update
from sqlalchemy.orm import Mapped, mapped_column

from sonde.platform.core.identifiers import new_id
from sonde.platform.core.notifications import Notification
from sonde.platform.persistence.database import ID_LENGTH, Table, session

_ID = String(ID_LENGTH)


class OutboxRow(Table):
    """One event, written with the change that it tells of, delivered afterwards."""

    __tablename__ = "outbox"
    __table_args__ = (
        Index("ix_outbox_undelivered", "id", postgresql_where=text("delivered_at is null")),
    )

    id: Mapped[str] = mapped_column(_ID, primary_key=True)
    workspace_id: Mapped[str] = mapped_column(_ID)
    owner_id: Mapped[str] = mapped_column(_ID)
    kind: Mapped[str]
    title: Mapped[str]
    body: Mapped[str]
    link: Mapped[str]
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())
    delivered_at: Mapped[datetime | None]


class NotificationRow(Table):
    """One line under a person's bell; its id is the event's, so that it exists once."""

    __tablename__ = "notifications"
    __table_args__ = (Index("ix_notifications_owner_id_id", "owner_id", "id"),)

    id: Mapped[str] = mapped_column(_ID, primary_key=True)
    workspace_id: Mapped[str] = mapped_column(_ID)
    owner_id: Mapped[str] = mapped_column(_ID)
    kind: Mapped[str]
    title: Mapped[str]
    body: Mapped[str]
    link: Mapped[str]
    created_at: Mapped[datetime]
    read_at: Mapped[datetime | None]


def _as_notification(row: NotificationRow) -> Notification:
    return Notification(
        row.id, row.kind, row.title, row.body, row.link, row.created_at, row.read_at
    )


def add_event(
    owner_id: str, workspace_id: str, *, kind: str, title: str, body: str, link: str
) -> str:
    """Add an event for a person to the outbox; return its id."""
    event_id = new_id()
    session().execute(
        insert(OutboxRow).values(
            id=event_id,
            workspace_id=workspace_id,
            owner_id=owner_id,
            kind=kind,
            title=title,
            body=body,
            link=link,
        )
    )
    return event_id


def deliver(limit: int, event_id: str = "") -> frozenset[str]:
    """Turn undelivered events (or the one named) into notifications; return whom they reach."""
    query = select(OutboxRow).where(OutboxRow.delivered_at.is_(None))
    if event_id:
        query = query.where(OutboxRow.id == event_id)
    rows = session().scalars(
        query.order_by(OutboxRow.id).limit(limit).with_for_update(skip_locked=True)
    )
    reached = set()
    for row in rows:
        row.delivered_at = func.now()
        session().add(
            NotificationRow(
                id=row.id,
                workspace_id=row.workspace_id,
                owner_id=row.owner_id,
                kind=row.kind,
                title=row.title,
                body=row.body,
                link=row.link,
                created_at=row.created_at,
            )
        )
        reached.add(row.owner_id)
    session().flush()
    return frozenset(reached)


def page(owner_id: str, *, unread_only: bool, before: str, limit: int) -> Sequence[Notification]:
    """Return up to `limit` notifications older than the id `before`, newest first."""
    query = select(NotificationRow).where(NotificationRow.owner_id == owner_id)
    if unread_only:
        query = query.where(NotificationRow.read_at.is_(None))
    if before:
        query = query.where(NotificationRow.id < before)
    rows = session().scalars(query.order_by(NotificationRow.id.desc()).limit(limit))
    return [_as_notification(row) for row in rows]


def count_unread(owner_id: str) -> int:
    """Return how many notifications a person has not read."""
    query = select(func.count()).select_from(NotificationRow)
    return (
        session().scalar(
            query.where(NotificationRow.owner_id == owner_id, NotificationRow.read_at.is_(None))
        )
        or 0
    )


def mark_read(owner_id: str, notification_ids: Sequence[str] | None) -> int:
    """Mark a person's notifications (None: all) as read; return how many were not."""
    statement = update(NotificationRow).where(
        NotificationRow.owner_id == owner_id, NotificationRow.read_at.is_(None)
    )
    if notification_ids is not None:
        statement = statement.where(NotificationRow.id.in_(notification_ids))
    changed = session().execute(statement.values(read_at=func.now()).returning(NotificationRow.id))
    return len(changed.all())


def exists(owner_id: str, notification_id: str) -> bool:
    """Say whether this person has such a notification."""
    query = select(NotificationRow.id).where(
        NotificationRow.owner_id == owner_id, NotificationRow.id == notification_id
    )
    return session().scalar(query) is not None
