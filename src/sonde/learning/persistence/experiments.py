"""The rows of experiments; how far each is stands on its job's row."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Computed, Index, String, delete, func, insert, select, update
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from sonde.platform.core.identifiers import new_id
from sonde.platform.core.jobs import JobState
from sonde.platform.persistence.database import ID_LENGTH, Table, session
from sonde.platform.persistence.jobs import JobRow

_ID = String(ID_LENGTH)


class ExperimentRow(Table):
    """One experiment: normal columns to sort and search by, and the exact documents."""

    __tablename__ = "experiments"
    __table_args__ = (
        Index("ix_experiments_workspace_id_id", "workspace_id", "id"),
        Index("ix_experiments_workspace_id_macro_f1", "workspace_id", "macro_f1"),
        Index("ix_experiments_source_ref", "source", "ref"),
        Index("ix_experiments_family_id", "family_id"),
        Index("ix_experiments_workspace_id_pinned_at", "workspace_id", "pinned_at"),
    )

    id: Mapped[str] = mapped_column(_ID, primary_key=True)
    workspace_id: Mapped[str] = mapped_column(_ID)
    owner_id: Mapped[str] = mapped_column(_ID)
    title: Mapped[str]
    source: Mapped[str]
    ref: Mapped[str]
    ref_title: Mapped[str]
    model: Mapped[str]
    policy: Mapped[str]
    split_detail: Mapped[str] = mapped_column(server_default="")
    seed: Mapped[int]
    config: Mapped[dict[str, Any]] = mapped_column(JSONB)
    job_id: Mapped[str] = mapped_column(_ID, server_default="")
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())
    finished_at: Mapped[datetime | None]
    macro_f1: Mapped[float | None]
    interval_low: Mapped[float | None]
    interval_high: Mapped[float | None]
    is_honest: Mapped[bool | None]
    leaky_macro_f1: Mapped[float | None]
    n_groups: Mapped[int | None]
    result: Mapped[dict[str, Any] | None] = mapped_column(JSONB(none_as_null=True))
    bundle_key: Mapped[str] = mapped_column(server_default="")
    held_out_key: Mapped[str] = mapped_column(server_default="")
    test_key: Mapped[str] = mapped_column(server_default="")
    family_id: Mapped[str] = mapped_column(_ID, server_default="")
    notes: Mapped[str] = mapped_column(server_default="")
    archived_at: Mapped[datetime | None]
    trashed_at: Mapped[datetime | None] = mapped_column(index=True)
    pinned_at: Mapped[datetime | None]
    accuracy: Mapped[float | None] = mapped_column(
        Computed("(result #>> '{evaluation,accuracy}')::double precision", persisted=True)
    )
    searched: Mapped[str] = mapped_column(
        Computed(
            "lower(title || chr(10) || ref_title || chr(10) || model || chr(10) || notes)",
            persisted=True,
        ),
        deferred=True,
    )


Found = tuple[ExperimentRow, JobRow | None]
_IS_KEPT = ExperimentRow.trashed_at.is_(None)
_IN_USE = _IS_KEPT & ExperimentRow.archived_at.is_(None)


def add(**columns: Any) -> str:
    """Add an experiment; return its id."""
    experiment_id = new_id()
    session().execute(insert(ExperimentRow).values(id=experiment_id, **columns))
    return experiment_id


def set_job(experiment_id: str, job_id: str) -> None:
    """Note the job that trains the experiment."""
    session().execute(
        update(ExperimentRow).where(ExperimentRow.id == experiment_id).values(job_id=job_id)
    )


def find(experiment_id: str, workspace_ids: frozenset[str]) -> Found | None:
    """Return the experiment and its job, fresh from the database; not from the trash."""
    query = (
        select(ExperimentRow, JobRow)
        .outerjoin(JobRow, JobRow.id == ExperimentRow.job_id)
        .where(
            ExperimentRow.id == experiment_id,
            ExperimentRow.workspace_id.in_(workspace_ids),
            _IS_KEPT,
        )
        .execution_options(populate_existing=True)
    )
    found = session().execute(query).first()
    return None if found is None else (found[0], found[1])


def page(workspace_ids: frozenset[str], *, before: str, limit: int) -> Sequence[Found]:
    """Return up to `limit` experiments older than the id `before`, newest first."""
    query = (
        select(ExperimentRow, JobRow)
        .outerjoin(JobRow, JobRow.id == ExperimentRow.job_id)
        .where(ExperimentRow.workspace_id.in_(workspace_ids), _IN_USE)
    )
    if before:
        query = query.where(ExperimentRow.id < before)
    found = session().execute(query.order_by(ExperimentRow.id.desc()).limit(limit))
    return [(row[0], row[1]) for row in found]


def finish(experiment_id: str, **columns: Any) -> bool:
    """Write the result; say whether the experiment was still there."""
    changed = session().execute(
        update(ExperimentRow)
        .where(ExperimentRow.id == experiment_id)
        .values(finished_at=func.clock_timestamp(), **columns)
        .returning(ExperimentRow.id)
    )
    return changed.first() is not None


def remove(experiment_ids: Sequence[str]) -> None:
    """Delete the rows of experiments."""
    session().execute(delete(ExperimentRow).where(ExperimentRow.id.in_(experiment_ids)))


def best_honest(
    workspace_ids: frozenset[str], finished_before: datetime | None = None
) -> ExperimentRow | None:
    """Return the finished experiment with the best honest score."""
    query = select(ExperimentRow).where(
        ExperimentRow.workspace_id.in_(workspace_ids),
        _IS_KEPT,
        ExperimentRow.is_honest.is_(True),
        ExperimentRow.macro_f1.is_not(None),
    )
    if finished_before is not None:
        query = query.where(ExperimentRow.finished_at < finished_before)
    return session().scalars(query.order_by(ExperimentRow.macro_f1.desc()).limit(1)).first()


def counts(workspace_ids: frozenset[str], since: datetime) -> tuple[int, int, int]:
    """Return how many experiments there are, are finished, and were made since `since`."""
    row = (
        session()
        .execute(
            select(
                func.count(),
                func.count().filter(ExperimentRow.finished_at.is_not(None)),
                func.count().filter(ExperimentRow.created_at >= since),
            ).where(ExperimentRow.workspace_id.in_(workspace_ids), _IS_KEPT)
        )
        .one()
    )
    return row[0], row[1], row[2]


def of_problem(source: str, ref: str, workspace_ids: frozenset[str]) -> Sequence[str]:
    """Return the ids of the experiments that were trained on one problem."""
    return (
        session()
        .scalars(
            select(ExperimentRow.id).where(
                ExperimentRow.source == source,
                ExperimentRow.ref == ref,
                ExperimentRow.workspace_id.in_(workspace_ids),
            )
        )
        .all()
    )


def finished_of_model(model: str, workspace_ids: frozenset[str], limit: int) -> Sequence[str]:
    """Return the ids of the latest finished experiments with one model."""
    return (
        session()
        .scalars(
            select(ExperimentRow.id)
            .where(
                ExperimentRow.workspace_id.in_(workspace_ids),
                ExperimentRow.model == model,
                ExperimentRow.finished_at.is_not(None),
            )
            .order_by(ExperimentRow.id.desc())
            .limit(limit)
        )
        .all()
    )


def search(workspace_ids: frozenset[str], text: str, limit: int) -> Sequence[ExperimentRow]:
    """Return experiments whose title contains `text`, newest first."""
    return (
        session()
        .scalars(
            select(ExperimentRow)
            .where(
                ExperimentRow.workspace_id.in_(workspace_ids),
                _IS_KEPT,
                ExperimentRow.title.icontains(text, autoescape=True),
            )
            .order_by(ExperimentRow.id.desc())
            .limit(limit)
        )
        .all()
    )


def state_of(job: JobRow | None, row: ExperimentRow) -> JobState:
    """Return how far an experiment is; its own row answers where the job is gone."""
    if job is not None:
        return JobState(job.state)
    return JobState.SUCCEEDED if row.finished_at else JobState.FAILED
