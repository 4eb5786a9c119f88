"""Which experiments can be evaluated, and which were tested on the same samples."""

from collections.abc import Sequence

from sqlalchemy import select

from sonde.learning.persistence.experiments import ExperimentRow
from sonde.platform.persistence.database import session

_IN_USE = ExperimentRow.trashed_at.is_(None) & ExperimentRow.archived_at.is_(None)


def finished(workspace_ids: frozenset[str], limit: int) -> Sequence[ExperimentRow]:
    """Return experiments with held-out predictions, newest first."""
    query = (
        select(ExperimentRow)
        .where(
            ExperimentRow.workspace_id.in_(workspace_ids),
            ExperimentRow.held_out_key != "",
            _IN_USE,
        )
        .order_by(ExperimentRow.id.desc())
        .limit(limit)
    )
    return session().scalars(query).all()


def tested_alike(
    test_key: str, workspace_ids: frozenset[str], limit: int
) -> Sequence[ExperimentRow]:
    """Return experiments that were tested on the very same samples, newest first."""
    query = (
        select(ExperimentRow)
        .where(
            ExperimentRow.workspace_id.in_(workspace_ids),
            ExperimentRow.test_key == test_key,
            ExperimentRow.held_out_key != "",
            _IN_USE,
        )
        .order_by(ExperimentRow.id.desc())
        .limit(limit)
    )
    return session().scalars(query).all()
