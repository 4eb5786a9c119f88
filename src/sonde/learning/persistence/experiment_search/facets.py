"""What there is to search for: models, data sets, owners, metrics and parameters in use."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, func, select

from sonde.learning.persistence.experiment_search import expressions as sql
from sonde.learning.persistence.experiments import ExperimentRow
from sonde.learning.persistence.metrics import MetricRow
from sonde.platform.persistence.database import session

_E = ExperimentRow
_MOST = 200
_COLUMNS: dict[str, Any] = {
    "model": _E.model,
    "dataset": _E.ref_title,
    "split": _E.policy,
    "owner": sql.OWNER,
}


def in_use(field: str, workspace_ids: frozenset[str]) -> Sequence[str]:
    """Return the values of a field, the most frequent first; nothing for other fields."""
    if field not in _COLUMNS:
        return []
    value: ColumnElement[Any] = _COLUMNS[field]
    inner = (
        select(value.label("value"))
        .where(_E.workspace_id.in_(workspace_ids), _E.trashed_at.is_(None))
        .subquery()
    )
    query = (
        select(inner.c.value)
        .where(inner.c.value.is_not(None))
        .group_by(inner.c.value)
        .order_by(func.count().desc(), inner.c.value)
        .limit(_MOST)
    )
    return session().scalars(query).all()


def metric_keys(workspace_ids: frozenset[str]) -> Sequence[str]:
    """Return the metrics that trainings have told."""
    query = (
        select(MetricRow.key)
        .where(MetricRow.workspace_id.in_(workspace_ids))
        .group_by(MetricRow.key)
        .order_by(MetricRow.key)
        .limit(_MOST)
    )
    return session().scalars(query).all()


def parameter_names(workspace_ids: frozenset[str]) -> Sequence[str]:
    """Return the hyper-parameters that experiments were given."""
    names = func.jsonb_object_keys(_E.config["model"]["values"]).label("name")
    inner = select(names).where(_E.workspace_id.in_(workspace_ids)).subquery()
    query = select(inner.c.name).group_by(inner.c.name).order_by(inner.c.name).limit(_MOST)
    return session().scalars(query).all()
