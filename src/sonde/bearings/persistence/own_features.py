"""The rows of own features."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import String, UniqueConstraint, delete, func, select, update
from sqlalchemy.dialects.postgresql import JSONB, insert
from sqlalchemy.orm import Mapped, mapped_column

from sonde.platform.persistence.database import ID_LENGTH, Table, session

_ID = String(ID_LENGTH)


class OwnFeatureRow(Table):
    """One feature that people defined themselves; its version grows with its definition."""

    __tablename__ = "bearings_own_features"
    __table_args__ = (UniqueConstraint("workspace_id", "name"),)

    id: Mapped[str] = mapped_column(_ID, primary_key=True)
    workspace_id: Mapped[str] = mapped_column(_ID)
    owner_id: Mapped[str] = mapped_column(_ID)
    owner_name: Mapped[str]
    name: Mapped[str]
    definition: Mapped[dict[str, Any]] = mapped_column(JSONB)
    version: Mapped[int] = mapped_column(server_default="1")
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())


def add(**columns: Any) -> bool:
    """Add one; False if its workspace has one of that name."""
    made = session().execute(
        insert(OwnFeatureRow).values(**columns).on_conflict_do_nothing().returning(OwnFeatureRow.id)
    )
    return made.first() is not None


def find(row_id: str, workspace_ids: frozenset[str]) -> OwnFeatureRow | None:
    """Return one of these workspaces, fresh from the database."""
    return session().scalar(
        select(OwnFeatureRow)
        .where(OwnFeatureRow.id == row_id, OwnFeatureRow.workspace_id.in_(workspace_ids))
        .execution_options(populate_existing=True)
    )


def find_by_name(name: str, workspace_ids: frozenset[str]) -> OwnFeatureRow | None:
    """Return the newest one of that name."""
    return session().scalar(
        select(OwnFeatureRow)
        .where(OwnFeatureRow.name == name, OwnFeatureRow.workspace_id.in_(workspace_ids))
        .order_by(OwnFeatureRow.id.desc())
        .limit(1)
    )


def every(workspace_ids: frozenset[str], limit: int) -> Sequence[OwnFeatureRow]:
    """Return those of these workspaces by their name."""
    query = select(OwnFeatureRow).where(OwnFeatureRow.workspace_id.in_(workspace_ids))
    return (
        session().scalars(query.order_by(OwnFeatureRow.name, OwnFeatureRow.id).limit(limit)).all()
    )


def change(row_id: str, **columns: Any) -> None:
    """Change columns of one; the caller has looked that its name is free."""
    session().execute(update(OwnFeatureRow).where(OwnFeatureRow.id == row_id).values(**columns))


def remove(row_id: str) -> None:
    """Delete one."""
    session().execute(delete(OwnFeatureRow).where(OwnFeatureRow.id == row_id))
