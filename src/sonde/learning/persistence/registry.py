"""The rows of registered models, their versions, and where their aliases point."""

from collections.abc import Sequence, Set
from datetime import datetime
from typing import Any

from sqlalchemy import (
    ForeignKey,
    Index,
    String,
    UniqueConstraint,
    delete,
    func,
    select,
    update,
)
from sqlalchemy.dialects.postgresql import JSONB, insert
from sqlalchemy.orm import Mapped, mapped_column

from sonde.learning.persistence.experiments import ExperimentRow
from sonde.platform.core.identifiers import new_id
from sonde.platform.persistence.database import ID_LENGTH, Table, session

_ID = String(ID_LENGTH)


class RegisteredModelRow(Table):
    """A name under which versions of a model are kept."""

    __tablename__ = "registered_models"
    __table_args__ = (UniqueConstraint("workspace_id", "name"),)

    id: Mapped[str] = mapped_column(_ID, primary_key=True)
    workspace_id: Mapped[str] = mapped_column(_ID)
    owner_id: Mapped[str] = mapped_column(_ID)
    owner_name: Mapped[str] = mapped_column(server_default="")
    name: Mapped[str] = mapped_column(server_default="")
    description: Mapped[str] = mapped_column(server_default="")
    is_archived: Mapped[bool] = mapped_column(server_default="false")
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())


class ModelVersionRow(Table):
    """One trained model under a name; its files are its own and outlive the experiment."""

    __tablename__ = "model_versions"
    __table_args__ = (
        UniqueConstraint("model_id", "number"),
        Index("ix_model_versions_experiment_id", "experiment_id"),
    )

    id: Mapped[str] = mapped_column(_ID, primary_key=True)
    workspace_id: Mapped[str] = mapped_column(_ID)
    owner_id: Mapped[str] = mapped_column(_ID)
    model_id: Mapped[str] = mapped_column(
        _ID, ForeignKey("registered_models.id", ondelete="CASCADE")
    )
    number: Mapped[int]
    owner_name: Mapped[str] = mapped_column(server_default="")
    experiment_id: Mapped[str] = mapped_column(server_default="")
    experiment_title: Mapped[str] = mapped_column(server_default="")
    notes: Mapped[str] = mapped_column(server_default="")
    macro_f1: Mapped[float]
    is_honest: Mapped[bool]
    test_key: Mapped[str] = mapped_column(server_default="")
    data_hash: Mapped[str] = mapped_column(server_default="")
    model_hash: Mapped[str] = mapped_column(server_default="")
    bundle_key: Mapped[str] = mapped_column(server_default="")
    held_out_key: Mapped[str] = mapped_column(server_default="")
    facts: Mapped[dict[str, Any]] = mapped_column(JSONB, server_default="{}")
    is_archived: Mapped[bool] = mapped_column(server_default="false")
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())


class AliasRow(Table):
    """Where an alias points now."""

    __tablename__ = "model_aliases"
    __table_args__ = (UniqueConstraint("model_id", "alias"),)

    id: Mapped[str] = mapped_column(_ID, primary_key=True)
    workspace_id: Mapped[str] = mapped_column(_ID)
    owner_id: Mapped[str] = mapped_column(_ID)
    model_id: Mapped[str] = mapped_column(
        _ID, ForeignKey("registered_models.id", ondelete="CASCADE")
    )
    alias: Mapped[str] = mapped_column(server_default="")
    version_id: Mapped[str] = mapped_column(
        _ID, ForeignKey("model_versions.id", ondelete="CASCADE")
    )


class AliasMoveRow(Table):
    """One move of an alias; never changed once written."""

    __tablename__ = "model_alias_moves"
    __table_args__ = (Index("ix_model_alias_moves_model_id", "model_id", "id"),)

    id: Mapped[str] = mapped_column(_ID, primary_key=True)
    workspace_id: Mapped[str] = mapped_column(_ID)
    owner_id: Mapped[str] = mapped_column(_ID)
    model_id: Mapped[str] = mapped_column(
        _ID, ForeignKey("registered_models.id", ondelete="CASCADE")
    )
    owner_name: Mapped[str] = mapped_column(server_default="")
    alias: Mapped[str] = mapped_column(server_default="")
    kind: Mapped[str] = mapped_column(server_default="")
    reason: Mapped[str] = mapped_column(server_default="")
    from_number: Mapped[int | None]
    to_number: Mapped[int | None]
    evidence: Mapped[dict[str, Any]] = mapped_column(JSONB, server_default="{}")
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())


def add_model(name: str, **columns: Any) -> None:
    """Add a name, unless its workspace has it already."""
    values = {"id": new_id(), "name": name, **columns}
    session().execute(insert(RegisteredModelRow).values(**values).on_conflict_do_nothing())


def find_model(
    name: str, workspace_ids: frozenset[str], *, lock: bool = False
) -> RegisteredModelRow | None:
    """Return the model of that name, fresh; locked, nobody else changes its versions."""
    query = (
        select(RegisteredModelRow)
        .where(RegisteredModelRow.name == name, RegisteredModelRow.workspace_id.in_(workspace_ids))
        .order_by(RegisteredModelRow.id)
        .limit(1)
        .execution_options(populate_existing=True)
    )
    return session().scalar(query.with_for_update() if lock else query)


def models(
    workspace_ids: frozenset[str], *, text: str, archived: bool, limit: int
) -> Sequence[RegisteredModelRow]:
    """Return models by their name, those with `text` in it."""
    query = select(RegisteredModelRow).where(
        RegisteredModelRow.workspace_id.in_(workspace_ids),
        RegisteredModelRow.name.icontains(text, autoescape=True),
    )
    if not archived:
        query = query.where(RegisteredModelRow.is_archived.is_(False))
    ordered = query.order_by(RegisteredModelRow.name, RegisteredModelRow.id).limit(limit)
    return session().scalars(ordered).all()


def change_model(model_id: str, **columns: Any) -> None:
    """Change columns of a model."""
    session().execute(
        update(RegisteredModelRow).where(RegisteredModelRow.id == model_id).values(**columns)
    )


def add_version(model: RegisteredModelRow, **columns: Any) -> ModelVersionRow:
    """Add the next version of a model that is locked."""
    highest = session().scalar(
        select(func.max(ModelVersionRow.number)).where(ModelVersionRow.model_id == model.id)
    )
    row = ModelVersionRow(
        workspace_id=model.workspace_id,
        model_id=model.id,
        number=(highest or 0) + 1,
        **columns,
    )
    session().add(row)
    session().flush()
    return row


def versions(model_ids: Sequence[str]) -> Sequence[ModelVersionRow]:
    """Return the versions of some models, newest first."""
    return (
        session()
        .scalars(
            select(ModelVersionRow)
            .where(ModelVersionRow.model_id.in_(model_ids))
            .order_by(ModelVersionRow.model_id, ModelVersionRow.number.desc())
            .execution_options(populate_existing=True)
        )
        .all()
    )


def find_version(version_id: str, workspace_ids: frozenset[str]) -> ModelVersionRow | None:
    """Return a version of these workspaces, fresh from the database."""
    return session().scalar(
        select(ModelVersionRow)
        .where(ModelVersionRow.id == version_id, ModelVersionRow.workspace_id.in_(workspace_ids))
        .execution_options(populate_existing=True)
    )


def of_experiment(experiment_id: str, workspace_ids: frozenset[str]) -> Sequence[tuple[str, int]]:
    """Return name and number of the versions that came out of an experiment."""
    found = session().execute(
        select(RegisteredModelRow.name, ModelVersionRow.number)
        .join(RegisteredModelRow, RegisteredModelRow.id == ModelVersionRow.model_id)
        .where(
            ModelVersionRow.experiment_id == experiment_id,
            ModelVersionRow.workspace_id.in_(workspace_ids),
        )
        .order_by(RegisteredModelRow.name, ModelVersionRow.number)
    )
    return [(row[0], row[1]) for row in found]


def existing_experiments(ids: Set[str], workspace_ids: frozenset[str]) -> frozenset[str]:
    """Return which of these experiments are still there."""
    found = session().scalars(
        select(ExperimentRow.id).where(
            ExperimentRow.id.in_(ids), ExperimentRow.workspace_id.in_(workspace_ids)
        )
    )
    return frozenset(found)


def change_version(version_id: str, **columns: Any) -> None:
    """Change columns of a version."""
    session().execute(
        update(ModelVersionRow).where(ModelVersionRow.id == version_id).values(**columns)
    )


def aliases(model_ids: Sequence[str]) -> Sequence[tuple[str, str, int]]:
    """Return model id, alias and number of the version of every alias of some models."""
    found = session().execute(
        select(AliasRow.model_id, AliasRow.alias, ModelVersionRow.number)
        .join(ModelVersionRow, ModelVersionRow.id == AliasRow.version_id)
        .where(AliasRow.model_id.in_(model_ids))
        .order_by(AliasRow.alias)
    )
    return [(row[0], row[1], row[2]) for row in found]


def point_alias(alias: str, version: ModelVersionRow, owner_id: str) -> None:
    """Make an alias of the version's model point at it."""
    values = {
        "id": new_id(),
        "workspace_id": version.workspace_id,
        "owner_id": owner_id,
        "model_id": version.model_id,
        "alias": alias,
        "version_id": version.id,
    }
    statement = insert(AliasRow).values(**values)
    session().execute(
        statement.on_conflict_do_update(
            index_elements=["model_id", "alias"],
            set_={"version_id": version.id, "owner_id": owner_id},
        )
    )


def drop_alias(model_id: str, alias: str) -> None:
    """Take an alias away."""
    session().execute(
        delete(AliasRow).where(AliasRow.model_id == model_id, AliasRow.alias == alias)
    )


def note_move(model: RegisteredModelRow, **columns: Any) -> None:
    """Note a move of an alias."""
    session().add(
        AliasMoveRow(id=new_id(), workspace_id=model.workspace_id, model_id=model.id, **columns)
    )
    session().flush()


def moves(model_id: str, alias: str = "", limit: int = 200) -> Sequence[AliasMoveRow]:
    """Return the moves of a model's aliases, or of one of them, newest first."""
    query = select(AliasMoveRow).where(AliasMoveRow.model_id == model_id)
    if alias:
        query = query.where(AliasMoveRow.alias == alias)
    return session().scalars(query.order_by(AliasMoveRow.id.desc()).limit(limit)).all()
