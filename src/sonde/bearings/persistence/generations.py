"""The rows of generations, of saved configurations and of the eleven classes."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import (
    BigInteger,
    Identity,
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

from sonde.bearings.core.fault_classes import JOURNAL_CLASSES
from sonde.bearings.core.generations import Generation, SavedConfig
from sonde.platform.core.identifiers import new_id
from sonde.platform.persistence.database import ID_LENGTH, Table, session

_ID = String(ID_LENGTH)


class FaultClassRow(Table):
    """One of the eleven classes of journal bearings: ids and order are a contract."""

    __tablename__ = "bearings_fault_classes"

    id: Mapped[int] = mapped_column(Identity(start=len(JOURNAL_CLASSES)), primary_key=True)
    key: Mapped[str] = mapped_column(unique=True)
    title: Mapped[str]
    french: Mapped[str]


class GenerationRow(Table):
    """One generation."""

    __tablename__ = "bearings_generations"
    __table_args__ = (Index("ix_bearings_generations_workspace_id_id", "workspace_id", "id"),)

    id: Mapped[str] = mapped_column(_ID, primary_key=True)
    workspace_id: Mapped[str] = mapped_column(_ID)
    owner_id: Mapped[str] = mapped_column(_ID)
    name: Mapped[str]
    config: Mapped[dict[str, Any]] = mapped_column(JSONB)
    config_hash: Mapped[str] = mapped_column(String(64))
    n_signals: Mapped[int]
    n_bytes: Mapped[int] = mapped_column(BigInteger)
    job_id: Mapped[str] = mapped_column(_ID, server_default="")
    dataset_id: Mapped[str] = mapped_column(_ID, server_default="")
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())


class GenerationConfigRow(Table):
    """A configuration under a name."""

    __tablename__ = "bearings_generation_configs"
    __table_args__ = (UniqueConstraint("owner_id", "name"),)

    id: Mapped[str] = mapped_column(_ID, primary_key=True)
    workspace_id: Mapped[str] = mapped_column(_ID)
    owner_id: Mapped[str] = mapped_column(_ID)
    name: Mapped[str]
    config: Mapped[dict[str, Any]] = mapped_column(JSONB)
    changed_at: Mapped[datetime] = mapped_column(server_default=func.now())


def fault_classes() -> Sequence[FaultClassRow]:
    """Return the eleven classes in their order."""
    return session().scalars(select(FaultClassRow).order_by(FaultClassRow.id)).all()


def _as_generation(row: GenerationRow) -> Generation:
    return Generation(
        id=row.id,
        workspace_id=row.workspace_id,
        owner_id=row.owner_id,
        name=row.name,
        config=row.config,
        config_hash=row.config_hash,
        n_signals=row.n_signals,
        n_bytes=row.n_bytes,
        job_id=row.job_id,
        dataset_id=row.dataset_id,
        created_at=row.created_at,
    )


def add(generation: Generation) -> None:
    """Add a generation."""
    session().execute(
        insert(GenerationRow).values(
            id=generation.id,
            workspace_id=generation.workspace_id,
            owner_id=generation.owner_id,
            name=generation.name,
            config=dict(generation.config),
            config_hash=generation.config_hash,
            n_signals=generation.n_signals,
            n_bytes=generation.n_bytes,
            job_id=generation.job_id,
            dataset_id=generation.dataset_id,
            created_at=generation.created_at,
        )
    )


def find(generation_id: str, workspace_ids: frozenset[str]) -> Generation | None:
    """Return one generation of these workspaces, fresh from the database."""
    row = session().scalar(
        select(GenerationRow)
        .where(GenerationRow.id == generation_id, GenerationRow.workspace_id.in_(workspace_ids))
        .execution_options(populate_existing=True)
    )
    return None if row is None else _as_generation(row)


def page(workspace_ids: frozenset[str], *, before: str, limit: int) -> list[Generation]:
    """Return up to `limit` generations older than the id `before`, newest first."""
    query = select(GenerationRow).where(GenerationRow.workspace_id.in_(workspace_ids))
    if before:
        query = query.where(GenerationRow.id < before)
    rows = session().scalars(query.order_by(GenerationRow.id.desc()).limit(limit))
    return [_as_generation(row) for row in rows]


def note_job(generation_id: str, job_id: str) -> None:
    """Note which job makes a generation."""
    _change(generation_id, job_id=job_id)


def note_dataset(generation_id: str, dataset_id: str) -> None:
    """Note what a generation has made."""
    _change(generation_id, dataset_id=dataset_id)


def _change(generation_id: str, **values: str) -> None:
    session().execute(
        update(GenerationRow).where(GenerationRow.id == generation_id).values(**values)
    )


def put_config(
    owner: tuple[str, str], name: str, config: Mapping[str, Any], now: datetime
) -> SavedConfig:
    """Keep a configuration of `owner` (user id, workspace id), in place of one of that name."""
    values = {"config": dict(config), "changed_at": now}
    row = session().scalar(
        insert(GenerationConfigRow)
        .values(id=new_id(), owner_id=owner[0], workspace_id=owner[1], name=name, **values)
        .on_conflict_do_update(index_elements=["owner_id", "name"], set_=values)
        .returning(GenerationConfigRow)
        .execution_options(populate_existing=True)
    )
    assert row is not None  # noqa: S101
    return _as_config(row)


def _as_config(row: GenerationConfigRow) -> SavedConfig:
    return SavedConfig(row.id, row.name, row.config, row.changed_at)


def configs_of(owner_id: str) -> list[SavedConfig]:
    """Return a person's configurations by name."""
    query = select(GenerationConfigRow).where(GenerationConfigRow.owner_id == owner_id)
    rows = session().scalars(query.order_by(GenerationConfigRow.name))
    return [_as_config(row) for row in rows]


def find_config(owner_id: str, name: str) -> SavedConfig | None:
    """Return a person's configuration of that name."""
    row = session().scalar(
        select(GenerationConfigRow).where(
            GenerationConfigRow.owner_id == owner_id, GenerationConfigRow.name == name
        )
    )
    return None if row is None else _as_config(row)


def remove_config(owner_id: str, name: str) -> None:
    """Forget a person's configuration."""
    session().execute(
        delete(GenerationConfigRow).where(
            GenerationConfigRow.owner_id == owner_id, GenerationConfigRow.name == name
        )
    )
