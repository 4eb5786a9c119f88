"""The rows of jobs and of what happened to them, as people see them."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, DateTime, Index, String, delete, func, insert, select, update
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from sonde.platform.core.identifiers import new_id
from sonde.platform.core.jobs import Job, JobEvent, JobKind, JobState
from sonde.platform.persistence.database import ID_LENGTH, Table, session

_ID = String(ID_LENGTH)
_FINAL = tuple(state.value for state in JobState if state.is_final)


class JobRow(Table):
    """One job; the worker-side columns are written by `leases` alone."""

    __tablename__ = "jobs"
    __table_args__ = (
        Index("ix_jobs_owner_id_id", "owner_id", "id"),
        Index("ix_jobs_workspace_id_id", "workspace_id", "id"),
        Index("ix_jobs_state_not_before", "state", "not_before"),
    )

    id: Mapped[str] = mapped_column(_ID, primary_key=True)
    workspace_id: Mapped[str] = mapped_column(_ID)
    owner_id: Mapped[str] = mapped_column(_ID)
    owner_name: Mapped[str]
    kind: Mapped[str]
    title: Mapped[str]
    queue: Mapped[str]
    params: Mapped[dict[str, Any]] = mapped_column(JSONB)
    link: Mapped[str]
    state: Mapped[str]
    phase: Mapped[str] = mapped_column(server_default="")
    message: Mapped[str] = mapped_column(server_default="")
    fraction: Mapped[float] = mapped_column(server_default="0")
    eta_at: Mapped[datetime | None]
    attempt: Mapped[int] = mapped_column(server_default="0")
    fruitless: Mapped[int] = mapped_column(server_default="0")
    max_attempts: Mapped[int]
    error: Mapped[str] = mapped_column(server_default="")
    error_code: Mapped[str] = mapped_column(server_default="")
    result: Mapped[dict[str, Any]] = mapped_column(JSONB, server_default="{}")
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())
    started_at: Mapped[datetime | None]
    finished_at: Mapped[datetime | None]
    # the worker's side
    not_before: Mapped[datetime] = mapped_column(server_default=func.now())
    woken_at: Mapped[datetime | None] = mapped_column(server_default=func.now())
    wake_failed: Mapped[bool] = mapped_column(server_default="false")
    lease_token: Mapped[int] = mapped_column(BigInteger, server_default="0")
    lease_until: Mapped[datetime | None]
    worker_id: Mapped[str] = mapped_column(server_default="")
    checkpoint: Mapped[dict[str, Any] | None] = mapped_column(JSONB(none_as_null=True))


class JobEventRow(Table):
    """What happened to a job; rows are only ever added."""

    __tablename__ = "job_events"
    __table_args__ = (Index("ix_job_events_job_id_id", "job_id", "id"),)

    id: Mapped[str] = mapped_column(_ID, primary_key=True)
    workspace_id: Mapped[str] = mapped_column(_ID)
    job_id: Mapped[str] = mapped_column(_ID)
    at: Mapped[datetime] = mapped_column(
        DateTime(timezone=True), server_default=func.clock_timestamp()
    )
    name: Mapped[str]
    message: Mapped[str]


def _eta_s(row: JobRow, now: datetime) -> float | None:
    if row.state != JobState.RUNNING or row.eta_at is None:
        return None
    return max(0.0, (row.eta_at - now).total_seconds())


def as_job(row: JobRow, now: datetime) -> Job:
    """Return the row as people see it at the time `now`."""
    return Job(
        id=row.id,
        kind=row.kind,
        title=row.title,
        queue=row.queue,
        params=row.params,
        owner_id=row.owner_id,
        owner_name=row.owner_name,
        workspace_id=row.workspace_id,
        state=JobState(row.state),
        phase=row.phase,
        message=row.message,
        fraction=row.fraction,
        eta_s=_eta_s(row, now),
        attempt=row.attempt,
        max_attempts=row.max_attempts,
        error=row.error,
        error_code=row.error_code,
        result=row.result,
        link=str(row.result.get("link") or row.link),
        delayed=row.state == JobState.QUEUED and row.wake_failed,
        created_at=row.created_at,
        started_at=row.started_at,
        finished_at=row.finished_at,
    )


def add(kind: JobKind, *, owner: tuple[str, str, str], title: str, link: str, params: Any) -> str:
    """Add a queued job of `owner` (user id, name, workspace id); return its id."""
    user_id, name, workspace_id = owner
    job_id = new_id()
    session().execute(
        insert(JobRow).values(
            id=job_id,
            workspace_id=workspace_id,
            owner_id=user_id,
            owner_name=name,
            kind=kind.name,
            title=title,
            queue=kind.queue,
            params=params,
            link=link,
            state=JobState.QUEUED.value,
            max_attempts=kind.max_attempts,
        )
    )
    note(job_id, workspace_id, "queued", title)
    return job_id


def note(job_id: str, workspace_id: str, name: str, message: str = "") -> None:
    """Add one event to the job's history."""
    session().execute(
        insert(JobEventRow).values(
            id=new_id(), workspace_id=workspace_id, job_id=job_id, name=name, message=message
        )
    )


def find(job_id: str, workspace_ids: frozenset[str]) -> JobRow | None:
    """Return the job's row, fresh from the database."""
    return session().scalar(
        select(JobRow)
        .where(JobRow.id == job_id, JobRow.workspace_id.in_(workspace_ids))
        .execution_options(populate_existing=True)
    )


def page(
    workspace_ids: frozenset[str], *, states: Sequence[JobState], before: str, limit: int
) -> Sequence[JobRow]:
    """Return up to `limit` jobs older than the id `before`, newest first."""
    query = select(JobRow).where(JobRow.workspace_id.in_(workspace_ids))
    if states:
        query = query.where(JobRow.state.in_([state.value for state in states]))
    if before:
        query = query.where(JobRow.id < before)
    return session().scalars(query.order_by(JobRow.id.desc()).limit(limit)).all()


def unfinished_of(owner_id: str, limit: int) -> Sequence[JobRow]:
    """Return a person's queued and running jobs, newest first."""
    query = select(JobRow).where(JobRow.owner_id == owner_id, JobRow.state.not_in(_FINAL))
    return session().scalars(query.order_by(JobRow.id.desc()).limit(limit)).all()


def is_any_unfinished(kind: str) -> bool:
    """Say whether a job of this kind waits or runs, whoever owns it."""
    query = select(JobRow.id).where(JobRow.kind == kind, JobRow.state.not_in(_FINAL)).limit(1)
    return session().scalar(query) is not None


def forget_finished(kind: str, *, keep: int) -> None:
    """Delete finished jobs of a kind with what happened to them; the newest `keep` stay."""
    ended = select(JobRow.id).where(JobRow.kind == kind, JobRow.state.in_(_FINAL))
    old = list(session().scalars(ended.order_by(JobRow.id.desc()).offset(keep).limit(1000)))
    if old:
        session().execute(delete(JobEventRow).where(JobEventRow.job_id.in_(old)))
        session().execute(delete(JobRow).where(JobRow.id.in_(old)))


def history(job_id: str, limit: int) -> tuple[JobEvent, ...]:
    """Return what happened to a job, oldest first."""
    query = select(JobEventRow).where(JobEventRow.job_id == job_id).order_by(JobEventRow.id)
    return tuple(
        JobEvent(row.id, row.job_id, row.at, row.name, row.message)
        for row in session().scalars(query.limit(limit))
    )


def mark_cancelled(job_id: str) -> bool:
    """Cancel a job that is not finished; its worker's lease is void from now on."""
    changed = session().execute(
        update(JobRow)
        .where(JobRow.id == job_id, JobRow.state.not_in(_FINAL))
        .values(
            state=JobState.CANCELLED.value,
            finished_at=func.clock_timestamp(),
            lease_token=JobRow.lease_token + 1,
            lease_until=None,
            checkpoint=None,
            eta_at=None,
            wake_failed=False,
        )
        .returning(JobRow.id)
    )
    return changed.first() is not None


def mark_queued_again(job_id: str) -> bool:
    """Queue a failed or cancelled job from its beginning; say whether it was one."""
    changed = session().execute(
        update(JobRow)
        .where(
            JobRow.id == job_id,
            JobRow.state.in_([JobState.FAILED.value, JobState.CANCELLED.value]),
        )
        .values(
            state=JobState.QUEUED.value,
            attempt=0,
            fruitless=0,
            phase="",
            message="",
            fraction=0.0,
            error="",
            error_code="",
            result={},
            checkpoint=None,
            started_at=None,
            finished_at=None,
            lease_token=JobRow.lease_token + 1,
            not_before=func.clock_timestamp(),
            woken_at=func.clock_timestamp(),
            wake_failed=False,
        )
        .returning(JobRow.id)
    )
    return changed.first() is not None


def mark_wake_failed(job_id: str) -> None:
    """Note that no worker could be told about a queued job."""
    session().execute(
        update(JobRow)
        .where(JobRow.id == job_id, JobRow.state == JobState.QUEUED.value)
        .values(wake_failed=True, woken_at=None)
    )
