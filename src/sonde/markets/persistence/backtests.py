"""The rows of backtests and the studies around them: what was asked, and what came of it."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Index, String, delete, func, select, update
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, defer, mapped_column

from sonde.platform.core.identifiers import new_id
from sonde.platform.core.jobs import JobState
from sonde.platform.persistence.database import ID_LENGTH, Table, session
from sonde.platform.persistence.jobs import JobRow

_ID = String(ID_LENGTH)


class BacktestRow(Table):
    """One backtest, sweep, walk-forward or analysis; its columns lie in a file of the store."""

    __tablename__ = "markets_backtests"
    __table_args__ = (Index("ix_markets_backtests_workspace", "workspace_id", "id"),)

    id: Mapped[str] = mapped_column(_ID, primary_key=True)
    workspace_id: Mapped[str] = mapped_column(_ID)
    owner_id: Mapped[str] = mapped_column(_ID)
    kind: Mapped[str]
    title: Mapped[str]
    strategy: Mapped[str]
    symbol: Mapped[str]
    timeframe: Mapped[str]
    asked: Mapped[dict[str, Any]] = mapped_column(JSONB)
    source: Mapped[dict[str, Any] | None] = mapped_column(JSONB(none_as_null=True))
    summary: Mapped[dict[str, Any] | None] = mapped_column(JSONB(none_as_null=True))
    result: Mapped[dict[str, Any] | None] = mapped_column(JSONB(none_as_null=True))
    file_key: Mapped[str] = mapped_column(server_default="")
    job_id: Mapped[str] = mapped_column(_ID, server_default="")
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())
    finished_at: Mapped[datetime | None]


Found = tuple[BacktestRow, JobRow | None]


def add(owner: tuple[str, str], **columns: Any) -> str:
    """Add what somebody asks and return its id; `owner` is workspace and person."""
    row = BacktestRow(id=new_id(), workspace_id=owner[0], owner_id=owner[1], **columns)
    session().add(row)
    session().flush()
    return row.id


def find(backtest_id: str, workspace_ids: frozenset[str]) -> Found | None:
    """Return one and its job, fresh from the database."""
    query = _query(workspace_ids).where(BacktestRow.id == backtest_id)
    row = session().execute(query.execution_options(populate_existing=True)).first()
    return None if row is None else (row[0], row[1])


def page(
    workspace_ids: frozenset[str], *, kind: str, symbol: str, before: str, limit: int
) -> Sequence[Found]:
    """Return up to `limit` older than `before`, newest first; empty text does not choose.

    Results stay in the database: a list shows summaries.
    """
    query = _query(workspace_ids).order_by(BacktestRow.id.desc()).limit(limit)
    query = query.options(defer(BacktestRow.result, raiseload=True))
    query = query.where(BacktestRow.kind == kind) if kind else query
    if symbol:
        query = query.where(BacktestRow.symbol.contains(symbol, autoescape=True))
    query = query.where(BacktestRow.id < before) if before else query
    return [(row[0], row[1]) for row in session().execute(query)]


def assign(backtest_id: str, job_id: str) -> None:
    """Note the job that computes it."""
    session().execute(
        update(BacktestRow).where(BacktestRow.id == backtest_id).values(job_id=job_id)
    )


def finish(backtest_id: str, columns: Mapping[str, Any]) -> bool:
    """Keep what came out; False if the row is gone."""
    changed = session().execute(
        update(BacktestRow)
        .where(BacktestRow.id == backtest_id)
        .values(finished_at=func.clock_timestamp(), **columns)
        .returning(BacktestRow.id)
    )
    return changed.first() is not None


def remove(backtest_id: str) -> None:
    """Delete one."""
    session().execute(delete(BacktestRow).where(BacktestRow.id == backtest_id))


def state_of(found: Found) -> JobState:
    """Return how far it is; its own row answers where the job is gone."""
    row, job = found
    if row.finished_at is not None:
        return JobState.SUCCEEDED
    state = JobState(job.state) if job is not None else JobState.FAILED
    return JobState.FAILED if state is JobState.SUCCEEDED else state


def _query(workspace_ids: frozenset[str]) -> Any:
    return (
        select(BacktestRow, JobRow)
        .outerjoin(JobRow, JobRow.id == BacktestRow.job_id)
        .where(BacktestRow.workspace_id.in_(workspace_ids))
    )
