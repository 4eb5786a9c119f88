"""The rows of analyses: what was asked about experiments, and what came out."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Index, String, UniqueConstraint, delete, func, select, update
from sqlalchemy.dialects.postgresql import ARRAY, JSONB, insert
from sqlalchemy.orm import Mapped, mapped_column

from sonde.platform.core.identifiers import new_id
from sonde.platform.core.jobs import JobState
from sonde.platform.persistence.database import ID_LENGTH, Table, session
from sonde.platform.persistence.jobs import JobRow

_ID = String(ID_LENGTH)


class AnalysisRow(Table):
    """One question and its answer; the stamp says of what models, test samples and settings."""

    __tablename__ = "learning_analyses"
    __table_args__ = (
        UniqueConstraint("workspace_id", "stamp"),
        Index("ix_learning_analyses_experiment_ids", "experiment_ids", postgresql_using="gin"),
    )

    id: Mapped[str] = mapped_column(_ID, primary_key=True)
    workspace_id: Mapped[str] = mapped_column(_ID)
    owner_id: Mapped[str] = mapped_column(_ID)
    kind: Mapped[str]
    stamp: Mapped[str]
    experiment_ids: Mapped[list[str]] = mapped_column(ARRAY(_ID))
    params: Mapped[dict[str, Any]] = mapped_column(JSONB)
    result: Mapped[dict[str, Any] | None] = mapped_column(JSONB(none_as_null=True))
    arrays_key: Mapped[str] = mapped_column(server_default="")
    job_id: Mapped[str] = mapped_column(_ID, server_default="")
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())
    finished_at: Mapped[datetime | None]


Found = tuple[AnalysisRow, JobRow | None]


def claim(owner: tuple[str, str], stamp: str, **columns: Any) -> None:
    """Add a question that nobody asked yet; `owner` is workspace and person."""
    session().execute(
        insert(AnalysisRow)
        .values(id=new_id(), workspace_id=owner[0], owner_id=owner[1], stamp=stamp, **columns)
        .on_conflict_do_nothing()
    )


def hold(workspace_id: str, stamp: str) -> AnalysisRow | None:
    """Return a question's row, held until the end of the transaction."""
    query = select(AnalysisRow).where(
        AnalysisRow.workspace_id == workspace_id, AnalysisRow.stamp == stamp
    )
    return session().scalar(query.with_for_update().execution_options(populate_existing=True))


def find(analysis_id: str, workspace_ids: frozenset[str]) -> Found | None:
    """Return an analysis and its job, fresh from the database."""
    return _first(AnalysisRow.id == analysis_id, AnalysisRow.workspace_id.in_(workspace_ids))


def find_asked(workspace_id: str, stamp: str) -> Found | None:
    """Return what somebody asked already, and its job."""
    return _first(AnalysisRow.workspace_id == workspace_id, AnalysisRow.stamp == stamp)


def of_experiment(
    experiment_id: str, workspace_ids: frozenset[str], *, before: str = "", limit: int = 50
) -> Sequence[Found]:
    """Return up to `limit` analyses of an experiment older than `before`, newest first."""
    query = (
        select(AnalysisRow, JobRow)
        .outerjoin(JobRow, JobRow.id == AnalysisRow.job_id)
        .where(
            AnalysisRow.experiment_ids.contains([experiment_id]),
            AnalysisRow.workspace_id.in_(workspace_ids),
        )
        .order_by(AnalysisRow.id.desc())
        .limit(limit)
    )
    if before:
        query = query.where(AnalysisRow.id < before)
    return [(row[0], row[1]) for row in session().execute(query)]


def assign(analysis_id: str, job_id: str) -> None:
    """Note the job that computes an answer."""
    session().execute(
        update(AnalysisRow).where(AnalysisRow.id == analysis_id).values(job_id=job_id)
    )


def finish(analysis_id: str, result: Mapping[str, Any], arrays_key: str) -> bool:
    """Keep an answer; False if the question is gone."""
    changed = session().execute(
        update(AnalysisRow)
        .where(AnalysisRow.id == analysis_id)
        .values(result=dict(result), arrays_key=arrays_key, finished_at=func.clock_timestamp())
        .returning(AnalysisRow.id)
    )
    return changed.first() is not None


def remove(analysis_id: str) -> None:
    """Delete an analysis."""
    session().execute(delete(AnalysisRow).where(AnalysisRow.id == analysis_id))


def remove_of_experiments(experiment_ids: Sequence[str]) -> Sequence[tuple[str, str]]:
    """Delete every analysis of any of these experiments; return file and job of each."""
    gone = session().execute(
        delete(AnalysisRow)
        .where(AnalysisRow.experiment_ids.overlap(list(experiment_ids)))
        .returning(AnalysisRow.arrays_key, AnalysisRow.job_id)
    )
    return [(row[0], row[1]) for row in gone]


def state_of(job: JobRow | None, row: AnalysisRow) -> JobState:
    """Return how far an answer is; its own row answers where the job is gone."""
    if row.result is not None:
        return JobState.SUCCEEDED
    return JobState(job.state) if job is not None else JobState.FAILED


def _first(*conditions: Any) -> Found | None:
    query = (
        select(AnalysisRow, JobRow)
        .outerjoin(JobRow, JobRow.id == AnalysisRow.job_id)
        .where(*conditions)
        .execution_options(populate_existing=True)
    )
    found = session().execute(query).first()
    return None if found is None else (found[0], found[1])
