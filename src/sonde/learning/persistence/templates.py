"""The rows of experiment templates."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import String, UniqueConstraint, delete, func, select
from sqlalchemy.dialects.postgresql import JSONB, insert
from sqlalchemy.orm import Mapped, mapped_column

from sonde.platform.core.identifiers import new_id
from sonde.platform.persistence.database import ID_LENGTH, Table, session

_ID = String(ID_LENGTH)


class TemplateRow(Table):
    """One configuration that was kept under a name."""

    __tablename__ = "experiment_templates"
    __table_args__ = (
        UniqueConstraint("workspace_id", "name", name="uq_experiment_templates_name"),
    )

    id: Mapped[str] = mapped_column(_ID, primary_key=True)
    workspace_id: Mapped[str] = mapped_column(_ID)
    owner_id: Mapped[str] = mapped_column(_ID)
    name: Mapped[str]
    document: Mapped[dict[str, Any]] = mapped_column(JSONB)
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())


def put(workspace_id: str, owner_id: str, name: str, document: Mapping[str, Any]) -> str | None:
    """Add a template or replace the owner's own of that name; None if it is somebody else's."""
    row = insert(TemplateRow).values(
        id=new_id(),
        workspace_id=workspace_id,
        owner_id=owner_id,
        name=name,
        document=dict(document),
    )
    written = row.on_conflict_do_update(
        constraint="uq_experiment_templates_name",
        set_={"document": row.excluded.document},
        where=TemplateRow.owner_id == owner_id,
    )
    return session().scalar(written.returning(TemplateRow.id))


def find(template_id: str, workspace_ids: frozenset[str]) -> TemplateRow | None:
    """Return one template."""
    return session().scalar(
        select(TemplateRow).where(
            TemplateRow.id == template_id, TemplateRow.workspace_id.in_(workspace_ids)
        )
    )


def of_workspaces(workspace_ids: frozenset[str]) -> Sequence[TemplateRow]:
    """Return every template by name."""
    return (
        session()
        .scalars(
            select(TemplateRow)
            .where(TemplateRow.workspace_id.in_(workspace_ids))
            .order_by(func.lower(TemplateRow.name), TemplateRow.id)
        )
        .all()
    )


def remove(template_id: str) -> None:
    """Delete one template."""
    session().execute(delete(TemplateRow).where(TemplateRow.id == template_id))
