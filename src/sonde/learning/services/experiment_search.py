"""The list of experiments: searched, sorted, grouped, paged, exported whole."""

import base64
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sonde.learning.core.experiment_list import (
    Listed,
    ListedExperiment,
    ListedGroups,
    ListQuery,
    ListSummary,
)
from sonde.learning.core.search.columns import GROUPS, ListColumn, Order, columns_of, order_of
from sonde.learning.core.search.parser import parse
from sonde.learning.persistence import experiment_tags
from sonde.learning.persistence.experiment_search import groups as group_rows
from sonde.learning.persistence.experiment_search import queries
from sonde.learning.services.experiments import summary_of
from sonde.platform.core.actor import Actor
from sonde.platform.core.errors import Invalid
from sonde.platform.core.identifiers import is_id
from sonde.platform.core.jobs import JobState
from sonde.platform.core.paging import Slice
from sonde.platform.services.work import ports, unit_of_work

_BATCH: Final = 500
_MOST_IN_BULK: Final = 10_000
_MOMENTS: Final = frozenset({"created", "finished"})


def find(actor: Actor, wanted: ListQuery) -> Listed:
    """Return a part of what a search finds.

    Where no order is asked the pinned ones stand first, then those whose title holds the words.
    Raises SearchError (Invalid) with the character that it is about, and Invalid for columns.
    """
    columns = columns_of(wanted.columns)
    search = _search(actor, wanted)
    with queries.capped():
        ids = queries.ids(search, offset=wanted.offset, limit=wanted.limit, ranked=not wanted.sort)
        total = queries.count(search)
        return Listed(listed(ids, columns), total, columns)


def page(actor: Actor, wanted: ListQuery, *, cursor: str = "") -> Slice[ListedExperiment]:
    """Return what follows a cursor; raises Invalid."""
    columns = columns_of(wanted.columns)
    search = _search(actor, wanted)
    place = _place(cursor, search.order) if cursor else None
    with queries.capped():
        found = queries.ids_after(search, place, wanted.limit + 1)
        rows = listed([one for one, _ in found[: wanted.limit]], columns)
    last = found[wanted.limit - 1] if len(found) > wanted.limit else None
    return Slice(rows, _cursor(search.order.text, last) if last else "")


def summary(actor: Actor, query: str) -> ListSummary:
    """Return in which states are how many of what a search finds; raises Invalid."""
    search = _search(actor, ListQuery(query))
    with queries.capped():
        states, n_leaky = group_rows.states(search)
    return ListSummary({JobState(state): n for state, n in states.items()}, n_leaky)


def groups(actor: Actor, wanted: ListQuery, by: str) -> ListedGroups:
    """Return groups of what a search finds, with the mean and interval of each number.

    Raises Invalid.
    """
    if by not in GROUPS:
        raise Invalid(f"The list is grouped by {', '.join(GROUPS)}.", field="group")
    columns = tuple(filter(group_rows.is_groupable, columns_of(wanted.columns)))
    search = _search(actor, wanted)
    with queries.capped():
        rows, total = group_rows.groups(
            search, by, columns, offset=wanted.offset, limit=wanted.limit
        )
    return ListedGroups(tuple(rows), total, columns)


def ids_of(actor: Actor, query: str) -> Sequence[str]:
    """Return the ids of all that a search finds; raises Invalid, also for too many."""
    search = _search(actor, ListQuery(query))
    with queries.capped():
        ids = queries.ids(search, limit=_MOST_IN_BULK + 1)
    if len(ids) > _MOST_IN_BULK:
        raise Invalid(f"At most {_MOST_IN_BULK:,} experiments are changed at once.", field="query")
    return ids


@dataclass(frozen=True)
class Export:
    """Everything that a search finds.

    Parameters
    ----------
    columns : tuple of ListColumn
    total : int
    rows : iterator of ListedExperiment
        Read in parts while it is sent, each in a unit of work of its own.
    """

    columns: tuple[ListColumn, ...]
    total: int
    rows: Iterator[ListedExperiment]


def export(actor: Actor, wanted: ListQuery) -> Export:
    """Return all that a search finds now, however many there are; raises Invalid."""
    columns = columns_of(("id", *wanted.columns) if wanted.columns else ())
    search = _search(actor, wanted)
    with queries.capped():
        ids = queries.ids(search)
    return Export(columns, len(ids), _in_parts(ids, columns))


def listed(ids: Sequence[str], columns: Sequence[ListColumn]) -> tuple[ListedExperiment, ...]:
    """Return rows of the list, in the order of their ids; what is gone is left out."""
    found = queries.rows(ids)
    tags = experiment_tags.of_experiments(ids)
    values = queries.values(ids, columns)
    names = queries.owner_names(sorted({row.owner_id for row, _ in found.values()}))
    return tuple(
        ListedExperiment(
            summary=summary_of(*found[one]),
            owner_name=names.get(found[one][0].owner_id, ""),
            accuracy=found[one][0].accuracy,
            tags=tags.get(one, ()),
            pinned_at=found[one][0].pinned_at,
            archived_at=found[one][0].archived_at,
            trashed_at=found[one][0].trashed_at,
            values=values[one],
        )
        for one in ids
        if one in found
    )


def _in_parts(ids: Sequence[str], columns: Sequence[ListColumn]) -> Iterator[ListedExperiment]:
    outside = ports()

    def rows() -> Iterator[ListedExperiment]:
        for start in range(0, len(ids), _BATCH):
            with unit_of_work(outside):
                part = listed(ids[start : start + _BATCH], columns)
            yield from part

    return rows()


def _search(actor: Actor, wanted: ListQuery) -> queries.Search:
    tree = parse(wanted.query, ports().clock())
    return queries.Search(tree, actor.user_id, actor.workspace_ids, order_of(wanted.sort))


def _cursor(order: str, last: tuple[str, Any]) -> str:
    experiment_id, value = last
    kept = value.isoformat() if isinstance(value, datetime) else value
    kept = float(kept) if kept is not None and not isinstance(kept, str) else kept
    is_time = isinstance(value, datetime)
    text = json.dumps([order, kept, experiment_id, is_time])
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def _place(cursor: str, order: Order) -> tuple[Any, str]:
    wrong = Invalid("This cursor leads nowhere.", field="cursor")
    if is_id(cursor) and order.text == "-created":
        return None, cursor
    try:
        text = base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4))
        made_for, value, experiment_id, is_time = json.loads(text)
        value = datetime.fromisoformat(value) if is_time else value
    except (ValueError, TypeError):
        raise wrong from None
    if made_for != order.text or not isinstance(experiment_id, str) or not is_id(experiment_id):
        raise wrong
    if value is not None and not _is_of(order.column, value):
        raise wrong
    return value, experiment_id


def _is_of(column: ListColumn, value: object) -> bool:
    """Say whether a value can stand in a column: a moment, a number or a text."""
    if column.key in _MOMENTS:
        return isinstance(value, datetime) and value.tzinfo is not None
    if column.is_numeric or column.reference is not None:
        return type(value) in {int, float}
    return isinstance(value, str)
