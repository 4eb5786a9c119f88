"""Experiments changed in bulk: pinned, archived, put into the trash, brought back."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Literal

from sqlalchemy import select, update
from sqlalchemy.orm import defer

from sonde.learning.persistence.experiments import ExperimentRow, Found
from sonde.platform.persistence.database import session
from sonde.platform.persistence.jobs import JobRow

_E = ExperimentRow
Mark = Literal["pinned_at", "archived_at", "trashed_at"]


def places(experiment_ids: Sequence[str], workspace_ids: frozenset[str]) -> list[tuple[str, str]]:
    """Return id and workspace of the experiments that are there, the trash included."""
    query = select(_E.id, _E.workspace_id).where(
        _E.id.in_(experiment_ids), _E.workspace_id.in_(workspace_ids)
    )
    return [(row[0], row[1]) for row in session().execute(query)]


def found(experiment_ids: Sequence[str], workspace_ids: frozenset[str]) -> Sequence[Found]:
    """Return the experiments that are there and their jobs, the trash included."""
    query = (
        select(_E, JobRow)
        .outerjoin(JobRow, JobRow.id == _E.job_id)
        .where(_E.id.in_(experiment_ids), _E.workspace_id.in_(workspace_ids))
        .options(defer(_E.result), defer(_E.config))
        .execution_options(populate_existing=True)
    )
    return [(row[0], row[1]) for row in session().execute(query)]


def mark(experiment_ids: Sequence[str], name: Mark, at: datetime | None) -> Sequence[str]:
    """Set or clear a mark; return the ids of those that it was not so for."""
    column: Any = getattr(_E, name)
    query = (
        update(_E)
        .where(_E.id.in_(experiment_ids), column.is_not(None) if at is None else column.is_(None))
        .values({name: at})
        .returning(_E.id)
    )
    return sorted(session().scalars(query))


def trashed_before(moment: datetime, limit: int) -> Sequence[str]:
    """Return the ids of what went into the trash before a moment."""
    query = select(_E.id).where(_E.trashed_at < moment).order_by(_E.trashed_at).limit(limit)
    return session().scalars(query).all()
