"""The rows of files that people may download for a day."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import BigInteger, Index, String, delete, func, select
from sqlalchemy.orm import Mapped, mapped_column

from sonde.bearings.core.export.formats import Export
from sonde.platform.persistence.database import ID_LENGTH, Table, session

_ID = String(ID_LENGTH)


class ExportRow(Table):
    """One file made from a data set, for one person."""

    __tablename__ = "bearings_exports"
    __table_args__ = (
        Index("ix_bearings_exports_owner_id_id", "owner_id", "id"),
        Index("ix_bearings_exports_expires_at", "expires_at"),
    )

    id: Mapped[str] = mapped_column(_ID, primary_key=True)
    workspace_id: Mapped[str] = mapped_column(_ID)
    owner_id: Mapped[str] = mapped_column(_ID)
    dataset_id: Mapped[str] = mapped_column(_ID)
    dataset_name: Mapped[str]
    format: Mapped[str]
    file_key: Mapped[str]
    file_name: Mapped[str]
    job_id: Mapped[str]
    size_bytes: Mapped[int] = mapped_column(BigInteger)
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())
    expires_at: Mapped[datetime]


def _as_export(row: ExportRow) -> Export:
    return Export(
        id=row.id,
        workspace_id=row.workspace_id,
        owner_id=row.owner_id,
        dataset_id=row.dataset_id,
        dataset_name=row.dataset_name,
        format=row.format,
        file_key=row.file_key,
        file_name=row.file_name,
        job_id=row.job_id,
        size_bytes=row.size_bytes,
        created_at=row.created_at,
        expires_at=row.expires_at,
    )


def add(export: Export) -> None:
    """Add a file."""
    session().add(
        ExportRow(
            id=export.id,
            workspace_id=export.workspace_id,
            owner_id=export.owner_id,
            dataset_id=export.dataset_id,
            dataset_name=export.dataset_name,
            format=export.format,
            file_key=export.file_key,
            file_name=export.file_name,
            job_id=export.job_id,
            size_bytes=export.size_bytes,
            created_at=export.created_at,
            expires_at=export.expires_at,
        )
    )
    session().flush()


def find(export_id: str, owner_id: str) -> Export | None:
    """Return one of a person's files."""
    row = session().scalar(
        select(ExportRow).where(ExportRow.id == export_id, ExportRow.owner_id == owner_id)
    )
    return None if row is None else _as_export(row)


def of_dataset(dataset_id: str, owner_id: str, now: datetime) -> Sequence[Export]:
    """Return a person's files of a data set that are not over, newest first."""
    query = select(ExportRow).where(
        ExportRow.dataset_id == dataset_id,
        ExportRow.owner_id == owner_id,
        ExportRow.expires_at > now,
    )
    return [_as_export(row) for row in session().scalars(query.order_by(ExportRow.id.desc()))]


def expired(now: datetime) -> Sequence[Export]:
    """Return every file whose day is over."""
    rows = session().scalars(select(ExportRow).where(ExportRow.expires_at <= now))
    return [_as_export(row) for row in rows]


def remove(export_ids: Sequence[str]) -> None:
    """Forget files."""
    session().execute(delete(ExportRow).where(ExportRow.id.in_(export_ids)))
