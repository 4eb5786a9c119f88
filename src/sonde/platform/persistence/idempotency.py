"""Answers that were given under an idempotency key."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, String, delete, func, select
from sqlalchemy.dialects.postgresql import JSONB, insert
from sqlalchemy.orm import Mapped, mapped_column

from sonde.platform.persistence.database import Table, session


class IdempotencyRow(Table):
    """One request under a key, and its answer once there is one."""

    __tablename__ = "idempotency_keys"

    user_id: Mapped[str] = mapped_column(
        ForeignKey("users.id", ondelete="CASCADE"), primary_key=True
    )
    key: Mapped[str] = mapped_column(String(255), primary_key=True)
    request_hash: Mapped[str] = mapped_column(String(64))
    status: Mapped[int | None]
    answer: Mapped[dict[str, Any] | None] = mapped_column(JSONB(none_as_null=True))
    created_at: Mapped[datetime] = mapped_column(server_default=func.now(), index=True)


def claim(user_id: str, key: str, request_hash: str) -> IdempotencyRow:
    """Return the row of a key, locked; it is made if nobody used the key before.

    A second request under the same key waits here until the first one has answered.
    """
    session().execute(
        insert(IdempotencyRow)
        .values(user_id=user_id, key=key, request_hash=request_hash)
        .on_conflict_do_nothing()
    )
    return (
        session()
        .scalars(
            select(IdempotencyRow)
            .where(IdempotencyRow.user_id == user_id, IdempotencyRow.key == key)
            .with_for_update()
        )
        .one()
    )


def forget_before(moment: datetime) -> None:
    """Drop answers older than `moment`."""
    session().execute(delete(IdempotencyRow).where(IdempotencyRow.created_at < moment))
