"""Groups of experiments: how many there are, and the mean and spread of their numbers."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.dialects.postgresql import aggregate_order_by

from sonde.learning.core.search.columns import ListColumn
from sonde.learning.core.search.grouping import GroupedRow, Spread
from sonde.learning.core.search.syntax import Kind, Which
from sonde.learning.persistence.experiment_search import expressions as sql
from sonde.learning.persistence.experiment_search.queries import Search
from sonde.learning.persistence.experiments import ExperimentRow
from sonde.platform.persistence.database import session

_E = ExperimentRow
_KEYS: Final[Mapping[str, Any]] = {
    "family": sql.FAMILY,
    "model": _E.model,
    "dataset": _E.ref_title,
    "split": _E.policy,
    "owner": sql.OWNER,
    "status": sql.STATE,
}


def groups(
    search: Search, by: str, columns: Sequence[ListColumn], *, offset: int, limit: int
) -> tuple[Sequence[GroupedRow], int]:
    """Return a part of the groups, the one with the newest experiment first, and their number."""
    inner = (
        select(
            _KEYS[by].label("key"),
            _E.id,
            _E.title,
            _E.is_honest,
            _E.finished_at,
            *(_number(column).label(f"n{place}") for place, column in enumerate(columns)),
        )
        .where(search.condition())
        .subquery()
    )
    at = inner.c
    titles = func.array_agg(aggregate_order_by(at.title, at.id))
    query = select(
        at.key,
        func.max(at.id),
        titles[1],
        func.count(at.id),
        func.count(at.finished_at),
        func.count(at.id).filter(at.is_honest.is_(False)),
        *(
            measure(at[f"n{place}"])
            for place in range(len(columns))
            for measure in (func.count, func.avg, func.stddev_samp, func.min, func.max)
        ),
    ).group_by(at.key)
    total = session().scalar(select(func.count()).select_from(query.subquery())) or 0
    found = session().execute(query.order_by(func.max(at.id).desc()).offset(offset).limit(limit))
    return [_row(row, columns) for row in found], total


def states(search: Search) -> tuple[Mapping[str, int], int]:
    """Return how many of what a search finds are in each state, and how many leak."""
    inner = select(sql.STATE.label("state"), _E.is_honest).where(search.condition()).subquery()
    n, n_leaky = func.count(), func.count().filter(inner.c.is_honest.is_(False))
    query = select(inner.c.state, n, n_leaky).group_by(inner.c.state)
    found = session().execute(query).all()
    return {row[0]: row[1] for row in found}, sum(row[2] for row in found)


def _row(row: Any, columns: Sequence[ListColumn]) -> GroupedRow:
    key, newest, title, n, n_finished, n_leaky, *numbers = row
    spreads = {
        column.key: Spread.of(*numbers[5 * place : 5 * place + 5])
        for place, column in enumerate(columns)
    }
    return GroupedRow(key or "", title, newest, n, n_finished, n_leaky, spreads)


def _number(column: ListColumn) -> ColumnElement[Any]:
    return sql.sorted_by(column)


def is_groupable(column: ListColumn) -> bool:
    """Say whether the mean of a column is formed in the database."""
    reference = column.reference
    if reference is None:
        return column.is_numeric
    return reference.kind is Kind.METRIC and reference.which is not Which.STEP
