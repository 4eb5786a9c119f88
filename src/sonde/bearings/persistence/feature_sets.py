"""The rows of named sets of features."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import String, UniqueConstraint, delete, func, select, update
from sqlalchemy.dialects.postgresql import JSONB, insert
from sqlalchemy.orm import Mapped, mapped_column

from sonde.platform.persistence.database import ID_LENGTH, Table, session

_ID = String(ID_LENGTH)


class FeatureSetRow(Table):
    """One set of features under a name."""

    __tablename__ = "bearings_feature_sets"
    __table_args__ = (UniqueConstraint("workspace_id", "name"),)

    id: Mapped[str] = mapped_column(_ID, primary_key=True)
    workspace_id: Mapped[str] = mapped_column(_ID)
    owner_id: Mapped[str] = mapped_column(_ID)
    owner_name: Mapped[str]
    name: Mapped[str]
    content: Mapped[dict[str, Any]] = mapped_column(JSONB)
    made_from: Mapped[dict[str, Any]] = mapped_column(JSONB, server_default="{}")
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())


def add(**columns: Any) -> bool:
    """Add one; False if its workspace has one of that name."""
    made = session().execute(
        insert(FeatureSetRow).values(**columns).on_conflict_do_nothing().returning(FeatureSetRow.id)
    )
    return made.first() is not None


def find(row_id: str, workspace_ids: frozenset[str]) -> FeatureSetRow | None:
    """Return one of these workspaces, fresh from the database."""
    return session().scalar(
        select(FeatureSetRow)
        .where(FeatureSetRow.id == row_id, FeatureSetRow.workspace_id.in_(workspace_ids))
        .execution_options(populate_existing=True)
    )


def find_by_name(name: str, workspace_ids: frozenset[str]) -> FeatureSetRow | None:
    """Return the newest one of that name."""
    return session().scalar(
        select(FeatureSetRow)
        .where(FeatureSetRow.name == name, FeatureSetRow.workspace_id.in_(workspace_ids))
        .order_by(FeatureSetRow.id.desc())
        .limit(1)
    )


def every(workspace_ids: frozenset[str], limit: int) -> Sequence[FeatureSetRow]:
    """Return those of these workspaces by their name."""
    query = select(FeatureSetRow).where(FeatureSetRow.workspace_id.in_(workspace_ids))
    return (
        session().scalars(query.order_by(FeatureSetRow.name, FeatureSetRow.id).limit(limit)).all()
    )


def change(row_id: str, **columns: Any) -> None:
    """Change columns of one; the caller has looked that its name is free."""
    session().execute(update(FeatureSetRow).where(FeatureSetRow.id == row_id).values(**columns))


def remove(row_id: str) -> None:
    """Delete one."""
    session().execute(delete(FeatureSetRow).where(FeatureSetRow.id == row_id))
