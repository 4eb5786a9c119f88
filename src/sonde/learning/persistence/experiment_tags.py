"""Tags of a workspace, and which experiments carry them."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String, delete, func, select, text, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Mapped, mapped_column

from sonde.learning.core.tags import Tag
from sonde.learning.persistence.experiments import ExperimentRow
from sonde.platform.core.identifiers import new_id
from sonde.platform.persistence.database import ID_LENGTH, Table, session

_ID = String(ID_LENGTH)


class TagRow(Table):
    """One tag of a workspace."""

    __tablename__ = "tags"
    __table_args__ = (
        Index("uq_tags_workspace_id_name", "workspace_id", text("lower(name)"), unique=True),
    )

    id: Mapped[str] = mapped_column(_ID, primary_key=True)
    workspace_id: Mapped[str] = mapped_column(_ID)
    owner_id: Mapped[str] = mapped_column(_ID)
    name: Mapped[str]
    colour: Mapped[str]
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())


class ExperimentTagRow(Table):
    """That an experiment carries a tag."""

    __tablename__ = "experiment_tags"

    experiment_id: Mapped[str] = mapped_column(
        _ID, ForeignKey("experiments.id", ondelete="CASCADE"), primary_key=True
    )
    tag_id: Mapped[str] = mapped_column(
        _ID, ForeignKey("tags.id", ondelete="CASCADE"), primary_key=True, index=True
    )
    workspace_id: Mapped[str] = mapped_column(_ID)
    owner_id: Mapped[str] = mapped_column(_ID)


def add(**columns: Any) -> str | None:
    """Add a tag; return its id, or None where the workspace has one of this name."""
    made = session().execute(
        insert(TagRow).values(id=new_id(), **columns).on_conflict_do_nothing().returning(TagRow.id)
    )
    found = made.first()
    return None if found is None else found[0]


def every(workspace_ids: frozenset[str]) -> Sequence[Tag]:
    """Return the tags with how many experiments carry each, the most used first."""
    used = func.count(ExperimentRow.id)
    query = (
        select(TagRow, used)
        .outerjoin(ExperimentTagRow, ExperimentTagRow.tag_id == TagRow.id)
        .outerjoin(
            ExperimentRow,
            (ExperimentRow.id == ExperimentTagRow.experiment_id)
            & ExperimentRow.trashed_at.is_(None),
        )
        .where(TagRow.workspace_id.in_(workspace_ids))
        .group_by(TagRow.id)
        .order_by(used.desc(), func.lower(TagRow.name))
        .execution_options(populate_existing=True)
    )
    return [_tag(row, n) for row, n in session().execute(query)]


def named(workspace_id: str, names: Sequence[str]) -> Mapping[str, str]:
    """Return the ids of tags by their names in small letters."""
    lowered = func.lower(TagRow.name)
    query = select(lowered, TagRow.id).where(
        TagRow.workspace_id == workspace_id, lowered.in_([name.lower() for name in names])
    )
    return {row[0]: row[1] for row in session().execute(query)}


def change(tag_id: str, **columns: Any) -> None:
    """Change a tag."""
    session().execute(update(TagRow).where(TagRow.id == tag_id).values(**columns))


def remove(tag_id: str) -> None:
    """Delete a tag; experiments lose it."""
    session().execute(delete(TagRow).where(TagRow.id == tag_id))


def attach(
    experiments: Sequence[tuple[str, str]], tag_ids: Sequence[str], owner_id: str
) -> Sequence[str]:
    """Give experiments (id and workspace) tags; return the ids of those that had one less."""
    values = [
        {"experiment_id": one, "tag_id": tag, "workspace_id": workspace, "owner_id": owner_id}
        for one, workspace in experiments
        for tag in tag_ids
    ]
    if not values:
        return []
    link = ExperimentTagRow
    add_links = insert(link).on_conflict_do_nothing().returning(link.experiment_id)
    # In portions of the driver's own: one statement has room for 65,535 values.
    return sorted(set(session().scalars(add_links, values)))


def detach(experiment_ids: Sequence[str], tag_ids: Sequence[str]) -> Sequence[str]:
    """Take tags from experiments; return the ids of those that had one."""
    link = ExperimentTagRow
    gone = session().execute(
        delete(link)
        .where(link.experiment_id.in_(experiment_ids), link.tag_id.in_(tag_ids))
        .returning(link.experiment_id)
    )
    return sorted({row[0] for row in gone})


def of_experiments(experiment_ids: Sequence[str]) -> Mapping[str, tuple[Tag, ...]]:
    """Return the tags of experiments, by their names."""
    query = (
        select(ExperimentTagRow.experiment_id, TagRow)
        .join(TagRow, TagRow.id == ExperimentTagRow.tag_id)
        .where(ExperimentTagRow.experiment_id.in_(experiment_ids))
        .order_by(func.lower(TagRow.name))
    )
    found: dict[str, tuple[Tag, ...]] = {}
    for experiment_id, row in session().execute(query):
        found[experiment_id] = (*found.get(experiment_id, ()), _tag(row, 0))
    return found


def _tag(row: TagRow, n_experiments: int) -> Tag:
    return Tag(row.id, row.workspace_id, row.owner_id, row.name, row.colour, n_experiments)
