"""Searches that people keep: by name, pinned, shared in a workspace, as an alert."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Index, String, delete, func, or_, select, text, update
from sqlalchemy.dialects.postgresql import JSONB, insert
from sqlalchemy.orm import Mapped, mapped_column

from sonde.learning.core.saved_searches import SavedSearch
from sonde.platform.core.identifiers import new_id
from sonde.platform.persistence.accounts import UserRow
from sonde.platform.persistence.database import ID_LENGTH, Table, session

_ID = String(ID_LENGTH)


class SavedSearchRow(Table):
    """One kept search."""

    __tablename__ = "saved_searches"
    __table_args__ = (
        Index(
            "uq_saved_searches_owner_id_name",
            "workspace_id",
            "owner_id",
            text("lower(name)"),
            unique=True,
        ),
    )

    id: Mapped[str] = mapped_column(_ID, primary_key=True)
    workspace_id: Mapped[str] = mapped_column(_ID, index=True)
    owner_id: Mapped[str] = mapped_column(_ID)
    name: Mapped[str]
    query: Mapped[str]
    view: Mapped[dict[str, Any]] = mapped_column(JSONB, server_default="{}")
    is_pinned: Mapped[bool] = mapped_column(server_default="false")
    is_shared: Mapped[bool] = mapped_column(server_default="false")
    is_alert: Mapped[bool] = mapped_column(server_default="false")
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())


_LEADING = select(SavedSearchRow, UserRow.name).outerjoin(
    UserRow, UserRow.id == SavedSearchRow.owner_id
)


def add(**columns: Any) -> str | None:
    """Add a search; return its id, or None where its owner has one of this name."""
    made = session().execute(
        insert(SavedSearchRow)
        .values(id=new_id(), **columns)
        .on_conflict_do_nothing()
        .returning(SavedSearchRow.id)
    )
    found = made.first()
    return None if found is None else found[0]


def seen_by(user_id: str, workspace_ids: frozenset[str]) -> Sequence[SavedSearch]:
    """Return what a person keeps and what is shared with them, the pinned ones first."""
    found = session().execute(
        _LEADING.where(
            SavedSearchRow.workspace_id.in_(workspace_ids),
            or_(SavedSearchRow.owner_id == user_id, SavedSearchRow.is_shared),
        )
        .order_by(SavedSearchRow.is_pinned.desc(), func.lower(SavedSearchRow.name))
        .execution_options(populate_existing=True)
    )
    return [_view(row, name) for row, name in found]


def alerts(workspace_id: str) -> Sequence[SavedSearch]:
    """Return the searches of a workspace that tell of what they find."""
    found = session().execute(
        _LEADING.where(SavedSearchRow.workspace_id == workspace_id, SavedSearchRow.is_alert)
    )
    return [_view(row, name) for row, name in found]


def is_name_taken(owner_id: str, workspace_id: str, name: str, but: str) -> bool:
    """Say whether another search of a person has this name."""
    query = select(SavedSearchRow.id).where(
        SavedSearchRow.owner_id == owner_id,
        SavedSearchRow.workspace_id == workspace_id,
        func.lower(SavedSearchRow.name) == func.lower(name),
        SavedSearchRow.id != but,
    )
    return session().scalar(query) is not None


def change(search_id: str, columns: Mapping[str, Any]) -> None:
    """Change a search."""
    session().execute(
        update(SavedSearchRow).where(SavedSearchRow.id == search_id).values(**columns)
    )


def remove(search_id: str) -> None:
    """Delete a search."""
    session().execute(delete(SavedSearchRow).where(SavedSearchRow.id == search_id))


def _view(row: SavedSearchRow, owner_name: str | None) -> SavedSearch:
    return SavedSearch(
        id=row.id,
        owner_id=row.owner_id,
        owner_name=owner_name or "",
        workspace_id=row.workspace_id,
        name=row.name,
        query=row.query,
        view=row.view,
        is_pinned=row.is_pinned,
        is_shared=row.is_shared,
        is_alert=row.is_alert,
        created_at=row.created_at,
    )
