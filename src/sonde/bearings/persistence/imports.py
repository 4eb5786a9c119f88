"""The rows of imports that wait for a person's word."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Index, Select, String, delete, func, select, update
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from sonde.bearings.core.datasets import TRASHED
from sonde.bearings.persistence.datasets import DatasetRow
from sonde.bearings.persistence.recordings import RecordingRow
from sonde.platform.persistence.database import ID_LENGTH, Table, session

_ID = String(ID_LENGTH)
Index("ix_bearings_recordings_content_hash", RecordingRow.content_hash)


class ImportRow(Table):
    """One import: where the files are, and what was understood of them."""

    __tablename__ = "bearings_imports"
    __table_args__ = (Index("ix_bearings_imports_owner_id_id", "owner_id", "id"),)

    id: Mapped[str] = mapped_column(_ID, primary_key=True)
    workspace_id: Mapped[str] = mapped_column(_ID)
    owner_id: Mapped[str] = mapped_column(_ID)
    name: Mapped[str]
    designation: Mapped[str]
    state: Mapped[str]
    source: Mapped[dict[str, Any]] = mapped_column(JSONB)
    given: Mapped[dict[str, Any]] = mapped_column(JSONB)
    understood: Mapped[list[dict[str, Any]]] = mapped_column(JSONB)
    failures: Mapped[list[list[str]]] = mapped_column(JSONB, server_default="[]")
    n_files: Mapped[int] = mapped_column(server_default="0")
    n_recordings: Mapped[int] = mapped_column(server_default="0")
    job_id: Mapped[str]
    dataset_id: Mapped[str]
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())


def add(row: ImportRow) -> None:
    """Add an import."""
    session().add(row)
    session().flush()


def find(import_id: str, owner_id: str) -> ImportRow | None:
    """Return one import of a person, fresh from the database."""
    return session().scalar(_one(import_id, owner_id))


def hold(import_id: str, owner_id: str) -> ImportRow | None:
    """Return one import of a person, held until this transaction ends."""
    return session().scalar(_one(import_id, owner_id).with_for_update())


def _one(import_id: str, owner_id: str) -> Select[ImportRow]:
    return (
        select(ImportRow)
        .where(ImportRow.id == import_id, ImportRow.owner_id == owner_id)
        .execution_options(populate_existing=True)
    )


def change(import_id: str, **values: object) -> None:
    """Change columns of an import."""
    session().execute(update(ImportRow).where(ImportRow.id == import_id).values(**values))


def remove(import_id: str) -> None:
    """Delete an import."""
    session().execute(delete(ImportRow).where(ImportRow.id == import_id))


def of_owner(owner_id: str) -> Sequence[ImportRow]:
    """Return a person's imports, newest first."""
    query = select(ImportRow).where(ImportRow.owner_id == owner_id)
    return session().scalars(query.order_by(ImportRow.id.desc())).all()


def stored_copies(
    content_hashes: Collection[str], workspace_ids: frozenset[str]
) -> Mapping[str, tuple[str, str]]:
    """Return by content hash the data set and the file that hold the same samples already."""
    query = (
        select(RecordingRow.content_hash, DatasetRow.name, RecordingRow.file)
        .join(DatasetRow, DatasetRow.id == RecordingRow.dataset_id)
        .where(
            RecordingRow.content_hash.in_(content_hashes),
            RecordingRow.workspace_id.in_(workspace_ids),
            DatasetRow.state != TRASHED,
        )
    )
    return {found: (dataset, file) for found, dataset, file in session().execute(query)}


def made_before(moment: datetime) -> Sequence[ImportRow]:
    """Return everybody's imports from before `moment`; who is being changed now is left out."""
    query = select(ImportRow).where(ImportRow.created_at < moment).order_by(ImportRow.id)
    return session().scalars(query.with_for_update(skip_locked=True)).all()


def upload_keys() -> frozenset[str]:
    """Return the keys of every upload that an import speaks of."""
    sources = session().scalars(select(ImportRow.source)).all()
    return frozenset(each["key"] for source in sources for each in source.get("files", ()))
