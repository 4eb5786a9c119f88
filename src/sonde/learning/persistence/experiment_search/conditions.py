"""From the tree of a search to one condition of SQL with bound parameters only."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any, Final

from sqlalchemy import ColumnElement, and_, exists, false, func, not_, or_, select, true

from sonde.learning.core.search.syntax import (
    And,
    Chosen,
    FieldRef,
    Kind,
    Node,
    Not,
    NumberRange,
    Or,
    Pattern,
    Period,
    Test,
    Text,
    Which,
)
from sonde.learning.core.search.writing import asks_for
from sonde.learning.persistence.experiment_search import expressions as sql
from sonde.learning.persistence.experiment_tags import ExperimentTagRow, TagRow
from sonde.learning.persistence.experiments import ExperimentRow
from sonde.learning.persistence.metrics import MetricRow

Expression = ColumnElement[Any]
_E: Any = ExperimentRow
_HOLDS = frozenset({"title", "notes"})
"""Fields of which a part is enough."""


@dataclass(frozen=True)
class Asking:
    """Who asks, and how values of metrics at a step are found.

    Parameters
    ----------
    user_id : str
    at_step : callable
        From the metric to the value of each experiment that has one there.
    """

    user_id: str
    at_step: Callable[[FieldRef], Mapping[str, float]]


def scope_of(tree: Node) -> Expression:
    """Return what a search is about: what is in use, unless it asks for the archive or trash."""
    kept = [
        column.is_(None)
        for mark, column in (("archived", _E.archived_at), ("trashed", _E.trashed_at))
        if not asks_for(tree, mark)
    ]
    return and_(true(), *kept)


def condition_of(tree: Node, asking: Asking) -> Expression:
    """Return the condition of a search; its depth is bounded by the parser."""
    if isinstance(tree, And):
        return and_(true(), *(condition_of(part, asking) for part in tree.parts))
    if isinstance(tree, Or):
        return or_(false(), *(condition_of(part, asking) for part in tree.parts))
    if isinstance(tree, Not):
        # what is not known is not so: NOT accuracy:>0.9 keeps what has no accuracy yet
        return not_(func.coalesce(condition_of(tree.part, asking), false()))
    if isinstance(tree, Text):
        return or_(
            sql.matches(_E.searched, tree.pattern, whole=False),
            _has_tag(tree.pattern, whole=False),
        )
    return or_(false(), *(_test(tree.field, test, asking) for test in tree.tests))


def _test(field: FieldRef, test: Test, asking: Asking) -> Expression:
    if isinstance(test, Chosen):
        return _choice(field.name, test.value, asking)
    if isinstance(test, Period):
        return sql.during(sql.time_of(field.name), test)
    if isinstance(test, NumberRange):
        return _number(field, test, asking)
    if field.kind is Kind.PARAMETER:
        return sql.matches(func.lower(sql.parameter_text(field.name)), test, whole=True)
    return _text(field.name, test, asking)


def _number(field: FieldRef, wanted: NumberRange, asking: Asking) -> Expression:
    if field.kind is not Kind.METRIC:
        return sql.within(sql.number_of(field), wanted)
    if field.which is Which.STEP:
        found = asking.at_step(field).items()
        return sql.is_one_of([one for one, value in found if _lies_in(value, wanted)])
    value: Any = MetricRow.best_value if field.which is Which.BEST else MetricRow.value
    query = select(MetricRow.experiment_id).where(
        MetricRow.key == field.name, sql.within(value, wanted)
    )
    return sql.as_expression(_E.id.in_(query))


def _lies_in(value: float, wanted: NumberRange) -> bool:
    low, high = wanted.low, wanted.high
    above = low is None or value > low or (value == low and not wanted.without_low)
    below = high is None or value < high or (value == high and not wanted.without_high)
    return above and below


def _text(name: str, pattern: Pattern, asking: Asking) -> Expression:
    word = "" if pattern.is_quoted else pattern.text.lower()
    if name == "owner" and word == "me":
        return sql.as_expression(_E.owner_id == asking.user_id)
    if name == "split" and word in {"honest", "leaky"}:
        return sql.as_expression(sql.CERTIFICATE.is_not_distinct_from(word))
    if name in _OWN:
        return _OWN[name](pattern)
    return sql.matches(sql.text_of(name), pattern, whole=name not in _HOLDS)


def _model(pattern: Pattern) -> Expression:
    slug = "-".join(pattern.text.split()).replace("_", "-")
    return sql.matches(_E.model, Pattern(slug, pattern.is_quoted), whole=True)


def _dataset(pattern: Pattern) -> Expression:
    return or_(sql.matches(sql.text_of("dataset"), pattern, whole=True), _E.ref == pattern.text)


def _split(pattern: Pattern) -> Expression:
    detail = sql.matches(func.lower(_E.split_detail), pattern, whole=True)
    return or_(sql.matches(_E.policy, pattern, whole=True), detail)


def _has_tag(pattern: Pattern, *, whole: bool) -> Expression:
    query = (
        select(ExperimentTagRow.experiment_id)
        .join(TagRow, TagRow.id == ExperimentTagRow.tag_id)
        .where(sql.matches(func.lower(TagRow.name), pattern, whole=whole))
    )
    return sql.as_expression(_E.id.in_(query))


_OWN: Final[Mapping[str, Callable[[Pattern], Expression]]] = {
    "tag": partial(_has_tag, whole=True),
    "model": _model,
    "dataset": _dataset,
    "split": _split,
    "id": lambda pattern: sql.matches(func.lower(_E.id), pattern, whole=True),
    "family": lambda pattern: sql.matches(func.lower(sql.FAMILY), pattern, whole=True),
}


def _choice(name: str, value: str, asking: Asking) -> Expression:
    if name == "status":
        return sql.as_expression(sql.STATE.is_not_distinct_from(value))
    if name == "has":
        return _present(value)
    marks: Mapping[str, Expression] = {
        "pinned": _E.pinned_at.is_not(None),
        "archived": _E.archived_at.is_not(None),
        "trashed": _E.trashed_at.is_not(None),
        "mine": _E.owner_id == asking.user_id,
        "honest": _E.is_honest.is_(True),
        "leaky": _E.is_honest.is_(False),
        "finished": _E.finished_at.is_not(None),
    }
    return marks[value]


def _present(value: str) -> Expression:
    there: Mapping[str, Expression] = {
        "tag": exists().where(ExperimentTagRow.experiment_id == _E.id),
        "notes": _E.notes != "",
        "score": _E.macro_f1.is_not(None),
        "leaky_score": _E.leaky_macro_f1.is_not(None),
        "family": _E.family_id != "",
        "error": func.coalesce(sql.ERROR, "") != "",
    }
    return there[value]
