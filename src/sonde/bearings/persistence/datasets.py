"""The rows of data sets."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import (
    BigInteger,
    Index,
    String,
    delete,
    exists,
    func,
    or_,
    select,
    text,
    update,
)
from sqlalchemy.dialects.postgresql import JSONB, insert
from sqlalchemy.orm import Mapped, aliased, mapped_column

from sonde.bearings.core.datasets import LIVE, TRASHED, Dataset, DatasetQuery
from sonde.platform.persistence.database import ID_LENGTH, Table, session

_ID = String(ID_LENGTH)


class DatasetRow(Table):
    """One sealed data set; its content never changes."""

    __tablename__ = "bearings_datasets"
    __table_args__ = (
        Index(
            "uq_bearings_datasets_name",
            "workspace_id",
            "name",
            "version",
            unique=True,
            postgresql_where=text("state <> 'trashed'"),
        ),
        Index("ix_bearings_datasets_series_id", "series_id"),
        Index("ix_bearings_datasets_workspace_id_content_hash", "workspace_id", "content_hash"),
        Index("ix_bearings_datasets_workspace_id_id", "workspace_id", "id"),
    )

    id: Mapped[str] = mapped_column(_ID, primary_key=True)
    workspace_id: Mapped[str] = mapped_column(_ID)
    owner_id: Mapped[str] = mapped_column(_ID)
    owner_name: Mapped[str]
    name: Mapped[str]
    origin: Mapped[str]
    designation: Mapped[str]
    content_hash: Mapped[str]
    file_key: Mapped[str]
    size_bytes: Mapped[int] = mapped_column(BigInteger)
    n_recordings: Mapped[int]
    n_bearings: Mapped[int]
    classes: Mapped[list[str]] = mapped_column(JSONB)
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())
    description: Mapped[str] = mapped_column(server_default="")
    tags: Mapped[list[str]] = mapped_column(JSONB, server_default="[]")
    state: Mapped[str] = mapped_column(server_default=LIVE)
    trashed_at: Mapped[datetime | None]
    version: Mapped[int] = mapped_column(server_default="1")
    made_from: Mapped[dict[str, Any]] = mapped_column(JSONB, server_default="{}")
    series_id: Mapped[str] = mapped_column(_ID)
    revision: Mapped[int] = mapped_column(server_default="1")


def as_dataset(row: DatasetRow) -> Dataset:
    """Return the row as a value."""
    return Dataset(
        id=row.id,
        workspace_id=row.workspace_id,
        owner_id=row.owner_id,
        owner_name=row.owner_name,
        name=row.name,
        origin=row.origin,
        designation=row.designation,
        content_hash=row.content_hash,
        file_key=row.file_key,
        size_bytes=row.size_bytes,
        n_recordings=row.n_recordings,
        n_bearings=row.n_bearings,
        classes=tuple(row.classes),
        created_at=row.created_at,
        description=row.description,
        tags=tuple(row.tags),
        state=row.state,
        trashed_at=row.trashed_at,
        version=row.version,
        made_from=row.made_from,
        series_id=row.series_id,
        revision=row.revision,
    )


def add(dataset: Dataset) -> bool:
    """Add a data set; False if its workspace has one of that name."""
    made = session().execute(
        insert(DatasetRow)
        .values(
            id=dataset.id,
            workspace_id=dataset.workspace_id,
            owner_id=dataset.owner_id,
            owner_name=dataset.owner_name,
            name=dataset.name,
            origin=dataset.origin,
            designation=dataset.designation,
            content_hash=dataset.content_hash,
            file_key=dataset.file_key,
            size_bytes=dataset.size_bytes,
            n_recordings=dataset.n_recordings,
            n_bearings=dataset.n_bearings,
            classes=list(dataset.classes),
            created_at=dataset.created_at,
            description=dataset.description,
            tags=list(dataset.tags),
            version=dataset.version,
            made_from=dict(dataset.made_from),
            series_id=dataset.series_id or dataset.id,
        )
        .on_conflict_do_nothing()
        .returning(DatasetRow.id)
    )
    return made.first() is not None


def lock_name(workspace_id: str, name: str) -> None:
    """Let nobody else take this name until the transaction ends."""
    session().execute(select(func.pg_advisory_xact_lock(func.hashtext(f"{workspace_id}|{name}"))))


def find(dataset_id: str, workspace_ids: frozenset[str]) -> Dataset | None:
    """Return one data set of these workspaces, whatever its state."""
    row = session().scalar(
        select(DatasetRow)
        .where(DatasetRow.id == dataset_id, DatasetRow.workspace_id.in_(workspace_ids))
        .execution_options(populate_existing=True)
    )
    return None if row is None else as_dataset(row)


def find_by_name(name: str, workspace_ids: frozenset[str]) -> Dataset | None:
    """Return the newest version of the data set of that name; none from the trash."""
    row = session().scalar(
        select(DatasetRow)
        .where(
            DatasetRow.name == name,
            DatasetRow.workspace_id.in_(workspace_ids),
            DatasetRow.state != TRASHED,
        )
        .order_by(DatasetRow.version.desc(), DatasetRow.id.desc())
        .limit(1)
    )
    return None if row is None else as_dataset(row)


def page(
    workspace_ids: frozenset[str], query: DatasetQuery, *, before: str, limit: int
) -> Sequence[Dataset]:
    """Return up to `limit` data sets older than the id `before`, newest first.

    Of several versions only the newest that is not in the trash is listed.
    """
    chosen = select(DatasetRow).where(
        DatasetRow.workspace_id.in_(workspace_ids), DatasetRow.state.in_(query.states)
    )
    if TRASHED not in query.states:
        newer = aliased(DatasetRow)
        chosen = chosen.where(
            ~exists().where(
                newer.series_id == DatasetRow.series_id,
                newer.version > DatasetRow.version,
                newer.state != TRASHED,
            )
        )
    for word in query.text.split():
        chosen = chosen.where(
            or_(
                DatasetRow.name.icontains(word, autoescape=True),
                DatasetRow.description.icontains(word, autoescape=True),
                DatasetRow.designation.icontains(word, autoescape=True),
            )
        )
    if query.tag:
        chosen = chosen.where(DatasetRow.tags.contains([query.tag]))
    if query.origin:
        chosen = chosen.where(DatasetRow.origin == query.origin)
    if before:
        chosen = chosen.where(DatasetRow.id < before)
    rows = session().scalars(chosen.order_by(DatasetRow.id.desc()).limit(limit))
    return [as_dataset(row) for row in rows]


def tags(workspace_ids: frozenset[str]) -> list[str]:
    """Return every tag in use, sorted."""
    each = func.jsonb_array_elements_text(DatasetRow.tags).label("tag")
    query = select(each).where(
        DatasetRow.workspace_id.in_(workspace_ids), DatasetRow.state != TRASHED
    )
    return sorted(set(session().scalars(query)))


def versions(series_id: str, workspace_ids: frozenset[str]) -> Sequence[Dataset]:
    """Return every version that is not in the trash, newest first."""
    query = select(DatasetRow).where(
        DatasetRow.series_id == series_id,
        DatasetRow.workspace_id.in_(workspace_ids),
        DatasetRow.state != TRASHED,
    )
    return [as_dataset(row) for row in session().scalars(query.order_by(DatasetRow.version.desc()))]


def newest_version(series_id: str) -> int:
    """Return the highest version that was ever given, in the trash or not."""
    query = select(func.max(DatasetRow.version)).where(DatasetRow.series_id == series_id)
    return session().scalar(query) or 0


def of_content(content_hash: str, workspace_ids: frozenset[str]) -> Sequence[Dataset]:
    """Return the data sets that hold exactly this content, newest first; none from the trash."""
    query = select(DatasetRow).where(
        DatasetRow.content_hash == content_hash,
        DatasetRow.workspace_id.in_(workspace_ids),
        DatasetRow.state != TRASHED,
    )
    return [as_dataset(row) for row in session().scalars(query.order_by(DatasetRow.id.desc()))]


def made_of(dataset_id: str, workspace_ids: frozenset[str]) -> Sequence[Dataset]:
    """Return the data sets that were made from this one, newest first; none from the trash."""
    query = select(DatasetRow).where(
        DatasetRow.made_from.contains({"datasets": [dataset_id]}),
        DatasetRow.workspace_id.in_(workspace_ids),
        DatasetRow.state != TRASHED,
    )
    return [as_dataset(row) for row in session().scalars(query.order_by(DatasetRow.id.desc()))]


def change(dataset_id: str, seen_revision: int, **columns: Any) -> bool:
    """Change a data set unless somebody else did since `seen_revision`; say whether it was done."""
    done = session().execute(
        update(DatasetRow)
        .where(DatasetRow.id == dataset_id, DatasetRow.revision == seen_revision)
        .values(revision=seen_revision + 1, **columns)
        .returning(DatasetRow.id)
    )
    return done.first() is not None


def change_series(series_id: str, **columns: Any) -> None:
    """Change every version that is not in the trash."""
    session().execute(
        update(DatasetRow)
        .where(DatasetRow.series_id == series_id, DatasetRow.state != TRASHED)
        .values(revision=DatasetRow.revision + 1, **columns)
    )


def rename_series(series_id: str, name: str) -> None:
    """Give all versions another name, those in the trash too; the caller has looked it is free."""
    session().execute(update(DatasetRow).where(DatasetRow.series_id == series_id).values(name=name))


def remove(dataset_id: str) -> None:
    """Delete a data set; its recordings go with it."""
    session().execute(delete(DatasetRow).where(DatasetRow.id == dataset_id))


def trashed_before(moment: datetime, limit: int) -> Sequence[Dataset]:
    """Return data sets of anybody that came into the trash before `moment`."""
    query = select(DatasetRow).where(DatasetRow.state == TRASHED, DatasetRow.trashed_at < moment)
    rows = session().scalars(query.order_by(DatasetRow.trashed_at).limit(limit))
    return [as_dataset(row) for row in rows]


def file_keys() -> frozenset[str]:
    """Return the keys of every signal file that a data set refers to."""
    return frozenset(session().scalars(select(DatasetRow.file_key)))


def count(workspace_ids: frozenset[str]) -> int:
    """Return the number of data sets, without those in the trash."""
    query = select(func.count()).select_from(DatasetRow).where(DatasetRow.state != TRASHED)
    return session().scalar(query.where(DatasetRow.workspace_id.in_(workspace_ids))) or 0
