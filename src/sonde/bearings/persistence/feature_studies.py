"""The rows of studies: what was found out about the features of a data set."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, String, UniqueConstraint, func, select, update
from sqlalchemy.dialects.postgresql import JSONB, insert
from sqlalchemy.orm import Mapped, mapped_column

from sonde.platform.core.identifiers import new_id
from sonde.platform.persistence.database import ID_LENGTH, Table, session

_ID = String(ID_LENGTH)


class FeatureStudyRow(Table):
    """One study; the stamp says of what data, features and settings."""

    __tablename__ = "bearings_feature_studies"
    __table_args__ = (UniqueConstraint("dataset_id", "stamp"),)

    id: Mapped[str] = mapped_column(_ID, primary_key=True)
    workspace_id: Mapped[str] = mapped_column(_ID)
    owner_id: Mapped[str] = mapped_column(_ID)
    dataset_id: Mapped[str] = mapped_column(
        _ID, ForeignKey("bearings_datasets.id", ondelete="CASCADE")
    )
    stamp: Mapped[str]
    config: Mapped[dict[str, Any]] = mapped_column(JSONB)
    result: Mapped[dict[str, Any] | None] = mapped_column(JSONB(none_as_null=True))
    job_id: Mapped[str] = mapped_column(_ID, server_default="")
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())


def claim(dataset_id: str, owner: tuple[str, str], stamp: str, config: Mapping[str, Any]) -> None:
    """Add a study that nobody asked for yet; `owner` is workspace and person."""
    session().execute(
        insert(FeatureStudyRow)
        .values(
            id=new_id(),
            workspace_id=owner[0],
            owner_id=owner[1],
            dataset_id=dataset_id,
            stamp=stamp,
            config=dict(config),
        )
        .on_conflict_do_nothing()
    )


def find(dataset_id: str, stamp: str, *, held: bool = False) -> FeatureStudyRow | None:
    """Return a study, fresh from the database; held until the end of the transaction if asked."""
    query = (
        select(FeatureStudyRow)
        .where(FeatureStudyRow.dataset_id == dataset_id, FeatureStudyRow.stamp == stamp)
        .execution_options(populate_existing=True)
    )
    return session().scalar(query.with_for_update() if held else query)


def assign(study_id: str, job_id: str) -> None:
    """Note the job that makes the study."""
    session().execute(
        update(FeatureStudyRow).where(FeatureStudyRow.id == study_id).values(job_id=job_id)
    )


def finish(dataset_id: str, stamp: str, result: Mapping[str, Any]) -> None:
    """Keep what was found; nothing happens if the data set is gone."""
    session().execute(
        update(FeatureStudyRow)
        .where(FeatureStudyRow.dataset_id == dataset_id, FeatureStudyRow.stamp == stamp)
        .values(result=dict(result))
    )
