"""What fields, metrics and parameters of experiments are in SQL; every value is bound."""

from typing import Any

from sqlalchemy import (
    ColumnElement,
    Float,
    String,
    and_,
    any_,
    case,
    cast,
    false,
    func,
    literal,
    select,
)
from sqlalchemy.dialects.postgresql import ARRAY

from sonde.learning.core.search.columns import ListColumn
from sonde.learning.core.search.syntax import FieldRef, Kind, NumberRange, Pattern, Period, Which
from sonde.learning.persistence.experiments import ExperimentRow
from sonde.learning.persistence.metrics import MetricRow
from sonde.platform.core.jobs import JobState
from sonde.platform.persistence.accounts import UserRow
from sonde.platform.persistence.jobs import JobRow

Expression = ColumnElement[Any]
_E: Any = ExperimentRow
PLACES = (("model", "values"), ("model", "training"), ("split",), ("options",))
_ESCAPE = "\\"

STATE: Expression = case(
    # while a training is being finished, its job is not yet marked
    (_E.finished_at.is_not(None), JobState.SUCCEEDED.value),
    else_=func.coalesce(
        select(JobRow.state).where(JobRow.id == _E.job_id).scalar_subquery(),
        JobState.FAILED.value,
    ),
)
OWNER: Expression = select(UserRow.name).where(UserRow.id == _E.owner_id).scalar_subquery()
ERROR: Expression = select(JobRow.error).where(JobRow.id == _E.job_id).scalar_subquery()
DURATION: Expression = func.extract("epoch", _E.finished_at - _E.created_at) / 60.0
CERTIFICATE: Expression = case(
    (_E.is_honest.is_(True), "honest"), (_E.is_honest.is_(False), "leaky"), else_=None
)
FAMILY: Expression = func.coalesce(func.nullif(_E.family_id, ""), _E.id)

_NUMBERS: dict[str, Any] = {
    "macro_f1": _E.macro_f1,
    "accuracy": _E.accuracy,
    "low": _E.interval_low,
    "high": _E.interval_high,
    "leaky": _E.leaky_macro_f1,
    "groups": _E.n_groups,
    "duration": DURATION,
    "seed": _E.seed,
}
_TIMES: dict[str, Any] = {"created": _E.created_at, "finished": _E.finished_at}
_TEXTS: dict[str, Any] = {
    "title": func.lower(_E.title),
    "dataset": func.lower(_E.ref_title),
    "model": _E.model,
    "split": _E.policy,
    "certificate": CERTIFICATE,
    "status": STATE,
    "family": FAMILY,
    "owner": func.lower(OWNER),
    "notes": func.lower(_E.notes),
    "id": _E.id,
}


def number_of(field: FieldRef) -> Expression:
    """Return the expression of a field with numbers."""
    if field.kind is Kind.METRIC:
        value = MetricRow.best_value if field.which is Which.BEST else MetricRow.value
        return (
            select(value)
            .where(MetricRow.experiment_id == _E.id, MetricRow.key == field.name)
            .scalar_subquery()
        )
    if field.kind is Kind.PARAMETER:
        found = func.coalesce(
            *(func.jsonb_extract_path(_E.config, *place, field.name) for place in PLACES)
        )
        return case((func.jsonb_typeof(found) == "number", cast(found, Float)), else_=None)
    return as_expression(_NUMBERS[field.name])


def parameter_text(name: str) -> Expression:
    """Return a parameter as a text."""
    return func.coalesce(
        *(func.jsonb_extract_path_text(_E.config, *place, name) for place in PLACES)
    )


def time_of(name: str) -> Expression:
    """Return the expression of a moment."""
    return as_expression(_TIMES[name])


def text_of(name: str) -> Expression:
    """Return the expression of a field with text, in small letters."""
    return as_expression(_TEXTS[name])


def sorted_by(column: ListColumn) -> Expression:
    """Return what a column is sorted by; a metric at a step is sorted elsewhere."""
    if column.reference is not None:
        return number_of(column.reference)
    for known in (_NUMBERS, _TIMES, _TEXTS):
        if column.key in known:
            return as_expression(known[column.key])
    return as_expression(_E.id)


def within(value: Expression, wanted: NumberRange) -> Expression:
    """Return whether a number lies in a range."""
    kept: list[Expression] = [value.is_not(None)]
    if wanted.low is not None:
        kept.append(value > wanted.low if wanted.without_low else value >= wanted.low)
    if wanted.high is not None:
        kept.append(value < wanted.high if wanted.without_high else value <= wanted.high)
    return and_(*kept)


def during(value: Expression, wanted: Period) -> Expression:
    """Return whether a moment lies in a period."""
    kept: list[Expression] = [value.is_not(None)]
    if wanted.start is not None:
        kept.append(value >= wanted.start)
    if wanted.end is not None:
        kept.append(value < wanted.end)
    return and_(*kept)


def matches(value: Expression, pattern: Pattern, *, whole: bool) -> Expression:
    """Return whether a text in small letters is, or holds, what a pattern says."""
    is_wild = "*" in pattern.text and not pattern.is_quoted
    if whole and not is_wild:
        return value == func.lower(pattern.text)
    kept = pattern.text
    for sign in (_ESCAPE, "%", "_"):
        kept = kept.replace(sign, _ESCAPE + sign)
    kept = kept.replace("*", "%") if is_wild else kept
    return value.like(func.lower(kept if whole else f"%{kept}%"), escape=_ESCAPE)


def is_one_of(ids: list[str]) -> Expression:
    """Return whether an experiment is one of these, which travel as one array."""
    if not ids:
        return false()
    return as_expression(_E.id == any_(literal(ids, ARRAY(String))))


def as_expression(value: Any) -> Expression:
    """Return a column or a comparison as the one kind of expression."""
    found: Expression = value
    return found
