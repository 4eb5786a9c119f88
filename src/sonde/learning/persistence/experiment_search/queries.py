"""The questions that the list of experiments asks: which, how many, grouped, with what values."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, Final

from sqlalchemy import ColumnElement, Float, and_, cast, func, literal, not_, or_, select
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import defer

from sonde.learning.core.search.columns import ListColumn, Order
from sonde.learning.core.search.syntax import FieldRef, Kind, Node, Which, words_of
from sonde.learning.persistence.experiment_search import expressions as sql
from sonde.learning.persistence.experiment_search.conditions import (
    Asking,
    condition_of,
    scope_of,
)
from sonde.learning.persistence.experiment_search.steps import at_step
from sonde.learning.persistence.experiments import ExperimentRow, Found
from sonde.platform.core.errors import Invalid
from sonde.platform.persistence.accounts import UserRow
from sonde.platform.persistence.database import session
from sonde.platform.persistence.jobs import JobRow

LONGEST_MS: Final = 3000
_E = ExperimentRow
_CANCELLED: Final = "57014"


@dataclass(frozen=True)
class Search:
    """What is searched, and by whom.

    Parameters
    ----------
    tree : Node
    user_id : str
    workspace_ids : frozenset of str
    order : Order
    """

    tree: Node
    user_id: str
    workspace_ids: frozenset[str]
    order: Order
    _seen: dict[tuple[str, int], Mapping[str, float]] = field(default_factory=dict, compare=False)

    def at_step(self, wanted: FieldRef) -> Mapping[str, float]:
        """Return the value of a metric at a step by experiment, read once for this search."""
        key = (wanted.name, wanted.step)
        if key not in self._seen:
            mine = _E.workspace_id.in_(self.workspace_ids)
            self._seen[key] = at_step(wanted.name, wanted.step, mine)
        return self._seen[key]

    def condition(self) -> ColumnElement[Any]:
        """Return the one condition: of these workspaces, in scope, and as the tree says."""
        mine = _E.workspace_id.in_(self.workspace_ids)
        asking = Asking(self.user_id, self.at_step)
        return and_(mine, scope_of(self.tree), condition_of(self.tree, asking))


@contextmanager
def capped(longest_ms: int = LONGEST_MS) -> Iterator[None]:
    """End a search that takes too long, with a sentence."""
    session().execute(select(func.set_config("statement_timeout", str(longest_ms), True)))
    try:
        yield
    except OperationalError as error:
        if getattr(error.orig, "sqlstate", "") != _CANCELLED:
            raise
        raise Invalid(
            f"This search takes longer than {longest_ms / 1000:g} seconds and was stopped. Ask "
            "for less at once: fewer terms, or a created: before them.",
            field="query",
        ) from error
    session().execute(select(func.set_config("statement_timeout", "0", True)))


def count(search: Search) -> int:
    """Return how many experiments a search finds."""
    return session().scalar(select(func.count(_E.id)).where(search.condition())) or 0


def ids(
    search: Search, *, offset: int = 0, limit: int | None = None, ranked: bool = False
) -> Sequence[str]:
    """Return the ids that a search finds, in its order.

    Where they are ranked, the pinned ones stand first, then those whose title holds the words.
    """
    query = select(_E.id).where(search.condition())
    query = query.order_by(*_ordering(search, ranked=ranked))
    return session().scalars(query.offset(offset).limit(limit)).all()


def ids_after(
    search: Search, place: tuple[Any, str] | None, limit: int
) -> Sequence[tuple[str, Any]]:
    """Return ids and what they are sorted by, after a place in the order."""
    value = sorting(search)
    query = select(_E.id, value).where(search.condition())
    if place is not None:
        query = query.where(_is_after(search.order, value, place))
    found = session().execute(query.order_by(*_ordering(search)).limit(limit))
    return [(row[0], row[1]) for row in found]


def plan(search: Search, limit: int) -> str:
    """Return how the database reads a page of a list, and how many rows that took."""
    query = select(_E.id).where(search.condition()).order_by(*_ordering(search)).limit(limit)
    connection = session().connection()
    written = query.compile(connection, compile_kwargs={"render_postcompile": True})
    found = connection.exec_driver_sql(f"explain (analyze) {written}", written.params)
    return "\n".join(row[0] for row in found)


def rows(experiment_ids: Sequence[str]) -> Mapping[str, Found]:
    """Return experiments and their jobs by id."""
    query = (
        select(_E, JobRow)
        .outerjoin(JobRow, JobRow.id == _E.job_id)
        .where(_E.id.in_(experiment_ids))
        .options(defer(_E.result), defer(_E.config))
        .execution_options(populate_existing=True)
    )
    return {row[0].id: (row[0], row[1]) for row in session().execute(query)}


def values(
    experiment_ids: Sequence[str], columns: Sequence[ListColumn]
) -> Mapping[str, Mapping[str, Any]]:
    """Return the values of metrics and parameters by experiment and column."""
    found: dict[str, dict[str, Any]] = {one: {} for one in experiment_ids}
    plain = [one for one in columns if one.reference and one.reference.which is not Which.STEP]
    if plain and experiment_ids:
        query = select(_E.id, *(_shown(one.reference) for one in plain if one.reference))
        for experiment_id, *shown in session().execute(query.where(_E.id.in_(experiment_ids))):
            found[experiment_id].update(zip((one.key for one in plain), shown, strict=True))
    for column in columns:
        if column.reference and column.reference.which is Which.STEP:
            there = _E.id.in_(experiment_ids)
            at = at_step(column.reference.name, column.reference.step, there)
            for experiment_id, value in at.items():
                found[experiment_id][column.key] = value
    return found


def owner_names(user_ids: Sequence[str]) -> Mapping[str, str]:
    """Return people's names by id."""
    query = select(UserRow.id, UserRow.name).where(UserRow.id.in_(user_ids))
    return {row[0]: row[1] for row in session().execute(query)}


def _shown(reference: FieldRef) -> ColumnElement[Any]:
    if reference.kind is Kind.PARAMETER:
        return sql.parameter_text(reference.name)
    return sql.number_of(reference)


def sorting(search: Search) -> ColumnElement[Any]:
    """Return what a search is sorted by."""
    column = search.order.column
    if column.reference is not None and column.reference.which is Which.STEP:
        at = search.at_step(column.reference)
        return cast(literal(dict(at), JSONB)[_E.id].astext, Float)
    return sql.sorted_by(column)


def _ordering(search: Search, *, ranked: bool = False) -> list[ColumnElement[Any]]:
    first = _ranks(search) if ranked else []
    if search.order.column.key == "created":  # ids are made in the order of time
        return [*first, _E.id.desc() if search.order.descending else _E.id.asc()]
    value = sorting(search)
    direction = value.desc() if search.order.descending else value.asc()
    return [*first, direction.nulls_last(), _E.id.desc()]


def _ranks(search: Search) -> list[ColumnElement[Any]]:
    words = words_of(search.tree)
    title = sql.text_of("title")
    named = [not_(and_(*(sql.matches(title, one, whole=False) for one in words)))] if words else []
    return [_E.pinned_at.is_(None), *named]


def _is_after(
    order: Order, value: ColumnElement[Any], place: tuple[Any, str]
) -> ColumnElement[Any]:
    last, last_id = place
    if order.column.key == "created":
        return _E.id < last_id if order.descending else _E.id > last_id
    if last is None:
        return and_(value.is_(None), _E.id < last_id)
    beyond = value < last if order.descending else value > last
    return or_(beyond, and_(value == last, _E.id < last_id), value.is_(None))
