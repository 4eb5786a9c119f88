"""The rows of comparisons that were kept."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Index, String, delete, func, insert, select, update
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from sonde.platform.core.identifiers import new_id
from sonde.platform.persistence.database import ID_LENGTH, Table, session

_ID = String(ID_LENGTH)


class ComparisonRow(Table):
    """One comparison: which experiments, under which name, with what note."""

    __tablename__ = "comparisons"
    __table_args__ = (Index("ix_comparisons_workspace_id_id", "workspace_id", "id"),)

    id: Mapped[str] = mapped_column(_ID, primary_key=True)
    workspace_id: Mapped[str] = mapped_column(_ID)
    owner_id: Mapped[str] = mapped_column(_ID)
    owner_name: Mapped[str] = mapped_column(server_default="")
    name: Mapped[str]
    note: Mapped[str] = mapped_column(server_default="")
    experiment_ids: Mapped[list[str]] = mapped_column(JSONB)
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())


def add(**columns: Any) -> str:
    """Add a comparison; return its id."""
    comparison_id = new_id()
    session().execute(insert(ComparisonRow).values(id=comparison_id, **columns))
    return comparison_id


def find(comparison_id: str, workspace_ids: frozenset[str]) -> ComparisonRow | None:
    """Return one of these workspaces, fresh from the database."""
    return session().scalar(
        select(ComparisonRow)
        .where(ComparisonRow.id == comparison_id, ComparisonRow.workspace_id.in_(workspace_ids))
        .execution_options(populate_existing=True)
    )


def page(workspace_ids: frozenset[str], *, before: str, limit: int) -> Sequence[ComparisonRow]:
    """Return up to `limit` comparisons older than the id `before`, newest first."""
    query = select(ComparisonRow).where(ComparisonRow.workspace_id.in_(workspace_ids))
    if before:
        query = query.where(ComparisonRow.id < before)
    return session().scalars(query.order_by(ComparisonRow.id.desc()).limit(limit)).all()


def change(comparison_id: str, **columns: Any) -> None:
    """Change columns of one."""
    session().execute(
        update(ComparisonRow).where(ComparisonRow.id == comparison_id).values(**columns)
    )


def remove(comparison_id: str) -> None:
    """Delete one."""
    session().execute(delete(ComparisonRow).where(ComparisonRow.id == comparison_id))
