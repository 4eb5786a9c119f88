"""The rows of extracted features: one for each block of columns of a data set."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from sqlalchemy import ForeignKey, String, UniqueConstraint, delete, func, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Mapped, mapped_column

from sonde.bearings.persistence.recordings import RecordingRow
from sonde.platform.core.identifiers import new_id
from sonde.platform.persistence.database import ID_LENGTH, Table, session

_ID = String(ID_LENGTH)


class FeatureBlockRow(Table):
    """Features of one domain for all recordings of a data set; the values are in a file."""

    __tablename__ = "bearings_feature_blocks"
    __table_args__ = (UniqueConstraint("dataset_id", "stamp"),)

    id: Mapped[str] = mapped_column(_ID, primary_key=True)
    workspace_id: Mapped[str] = mapped_column(_ID)
    owner_id: Mapped[str] = mapped_column(_ID)
    dataset_id: Mapped[str] = mapped_column(
        _ID, ForeignKey("bearings_datasets.id", ondelete="CASCADE")
    )
    stamp: Mapped[str]
    file_key: Mapped[str] = mapped_column(server_default="")
    job_id: Mapped[str] = mapped_column(_ID, server_default="")
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())


def claim(dataset_id: str, owner: tuple[str, str], stamps: Sequence[str]) -> None:
    """Add rows for blocks that have none; `owner` is workspace and person."""
    session().execute(
        insert(FeatureBlockRow)
        .values(
            [
                {
                    "id": new_id(),
                    "workspace_id": owner[0],
                    "owner_id": owner[1],
                    "dataset_id": dataset_id,
                    "stamp": stamp,
                }
                for stamp in stamps
            ]
        )
        .on_conflict_do_nothing()
    )


def hold(dataset_id: str, stamps: Sequence[str]) -> Sequence[FeatureBlockRow]:
    """Return the rows of these blocks, held until the end of the transaction."""
    query = (
        select(FeatureBlockRow)
        .where(FeatureBlockRow.dataset_id == dataset_id, FeatureBlockRow.stamp.in_(stamps))
        .order_by(FeatureBlockRow.stamp)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    return session().scalars(query).all()


def files(dataset_id: str, stamps: Iterable[str]) -> dict[str, str]:
    """Return the file of each of these blocks that is there already, by stamp."""
    query = select(FeatureBlockRow.stamp, FeatureBlockRow.file_key).where(
        FeatureBlockRow.dataset_id == dataset_id,
        FeatureBlockRow.stamp.in_(list(stamps)),
        FeatureBlockRow.file_key != "",
    )
    return {row.stamp: row.file_key for row in session().execute(query)}


def waiting(dataset_id: str) -> Sequence[str]:
    """Return the jobs that were started for blocks that are not there yet, newest first."""
    query = select(FeatureBlockRow.job_id).where(
        FeatureBlockRow.dataset_id == dataset_id,
        FeatureBlockRow.file_key == "",
        FeatureBlockRow.job_id != "",
    )
    return sorted(set(session().scalars(query)), reverse=True)


def assign(dataset_id: str, stamps: Sequence[str], job_id: str) -> None:
    """Note the job that computes these blocks."""
    session().execute(
        update(FeatureBlockRow)
        .where(FeatureBlockRow.dataset_id == dataset_id, FeatureBlockRow.stamp.in_(stamps))
        .values(job_id=job_id, file_key="")
    )


def finish(dataset_id: str, stamp: str, file_key: str) -> bool:
    """Note the file of a block; False if its data set is gone."""
    changed = session().execute(
        update(FeatureBlockRow)
        .where(FeatureBlockRow.dataset_id == dataset_id, FeatureBlockRow.stamp == stamp)
        .values(file_key=file_key)
        .returning(FeatureBlockRow.id)
    )
    return changed.first() is not None


def forget(dataset_id: str, stamps: Sequence[str]) -> None:
    """Delete the rows of blocks whose values nobody reads any more."""
    session().execute(
        delete(FeatureBlockRow).where(
            FeatureBlockRow.dataset_id == dataset_id, FeatureBlockRow.stamp.in_(stamps)
        )
    )


def circumstances(dataset_id: str) -> list[tuple[str, bool]]:
    """Return the different units of a data set's recordings, and whether their speed is known."""
    known = RecordingRow.speed_rpm > 0
    query = select(RecordingRow.unit, known).where(RecordingRow.dataset_id == dataset_id)
    return [(unit, bool(is_known)) for unit, is_known in session().execute(query.distinct())]


def about(dataset_id: str) -> list[tuple[str, str, str]]:
    """Return label, bearing and file of every recording, in the order of storing."""
    query = select(RecordingRow.label, RecordingRow.bearing, RecordingRow.file).where(
        RecordingRow.dataset_id == dataset_id
    )
    return [(row[0], row[1], row[2]) for row in session().execute(query.order_by(RecordingRow.id))]
