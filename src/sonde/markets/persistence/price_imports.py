"""The rows of imports of files of candles."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, Index, String, func, select, update
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from sonde.platform.persistence.database import ID_LENGTH, Table, session

_ID = String(ID_LENGTH)


class PriceImportRow(Table):
    """One import: which file, how it is to be read, and what became of it."""

    __tablename__ = "markets_price_imports"
    __table_args__ = (Index("ix_markets_price_imports_owner_id_id", "owner_id", "id"),)

    id: Mapped[str] = mapped_column(_ID, primary_key=True)
    workspace_id: Mapped[str] = mapped_column(_ID)
    owner_id: Mapped[str] = mapped_column(_ID)
    file_name: Mapped[str]
    file_key: Mapped[str]
    sha256: Mapped[str]
    wish: Mapped[dict[str, Any]] = mapped_column(JSONB)
    state: Mapped[str]
    job_id: Mapped[str]
    series_id: Mapped[str]
    n_new: Mapped[int] = mapped_column(BigInteger)
    n_same: Mapped[int] = mapped_column(BigInteger)
    n_changed: Mapped[int] = mapped_column(BigInteger)
    notes: Mapped[list[str]] = mapped_column(JSONB)
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())


def add(row: PriceImportRow) -> None:
    """Add an import."""
    session().add(row)
    session().flush()


def find(import_id: str, owner_id: str) -> PriceImportRow | None:
    """Return one import of a person, fresh from the database."""
    query = select(PriceImportRow).where(
        PriceImportRow.id == import_id, PriceImportRow.owner_id == owner_id
    )
    return session().scalar(query.execution_options(populate_existing=True))


def of_owner(owner_id: str, limit: int) -> Sequence[PriceImportRow]:
    """Return a person's latest imports, newest first."""
    query = select(PriceImportRow).where(PriceImportRow.owner_id == owner_id)
    return session().scalars(query.order_by(PriceImportRow.id.desc()).limit(limit)).all()


def change(import_id: str, **values: object) -> None:
    """Change columns of an import."""
    session().execute(update(PriceImportRow).where(PriceImportRow.id == import_id).values(**values))


def waiting_before(moment: datetime) -> Sequence[PriceImportRow]:
    """Return everybody's imports that still hold a file from before `moment`."""
    query = select(PriceImportRow).where(
        PriceImportRow.created_at < moment, PriceImportRow.file_key != ""
    )
    return session().scalars(query.with_for_update(skip_locked=True)).all()


def file_keys() -> frozenset[str]:
    """Return the keys of every upload that an import waits for."""
    query = select(PriceImportRow.file_key).where(PriceImportRow.file_key != "")
    return frozenset(session().scalars(query).all())
