"""Between the search as it is typed and the controls that write it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sonde.learning.core.experiment_list import ListQuery
from sonde.learning.core.search.syntax import SearchError
from sonde.learning.core.search.writing import chosen, with_values
from sonde.learning.services import experiment_search
from sonde.learning.ui.experiments.page import FILTERS, said, understood
from sonde.learning.ui.experiments.rows import experiment_row, group_row
from sonde.learning.ui.experiments.state import IN_USE, scope_of
from sonde.platform.core.actor import Actor
from sonde.platform.services.request import current_request
from sonde.platform.ui.tables import PAGE_ROWS


@dataclass(frozen=True)
class Answer:
    """What the controls show after one of them was used.

    Parameters
    ----------
    query : str
    chosen : mapping
        By filter.
    scope : str
    error : SearchError, optional
    """

    query: str
    chosen: Mapping[str, Sequence[str]]
    scope: str
    error: SearchError | None


def read(query: str) -> Answer:
    """Return what the controls show for a search that was typed."""
    tree, error = understood(query)
    return Answer(query, said(tree), scope_of(chosen(tree, "is")), error)


def rewritten(query: str, controls: Mapping[str, Sequence[str]], scope: str) -> Answer:
    """Return the search that the controls write; one that is wrong stays as it is."""
    tree, error = understood(query)
    if error:
        return Answer(query, controls, scope, error)
    now = current_request().ports.clock()
    before = said(tree)
    for field in FILTERS:
        if list(controls[field]) != list(before[field]):
            query = with_values(query, now, field, controls[field])
    if scope != scope_of(chosen(tree, "is")):
        others = [mark for mark in chosen(tree, "is") if scope_of((mark,)) == IN_USE]
        marks = [*others, scope] if scope != IN_USE else others
        query = with_values(query, now, "is", [])
        query = " ".join(filter(None, (query, *(f"is:{mark}" for mark in marks))))
    return read(query)


def grid_rows(
    actor: Actor, request: Mapping[str, Any], query: str, shown: Mapping[str, Any]
) -> tuple[list[dict[str, Any]], int]:
    """Return the rows that a grid asks for, and how many there are."""
    start = max(0, int(request.get("startRow") or 0))
    limit = min(max(1, int(request.get("endRow") or PAGE_ROWS) - start), 500)
    columns = tuple(shown.get("columns") or ())
    wanted = ListQuery(query, sort_of(request), columns, start, limit)
    if shown.get("group"):
        groups = experiment_search.groups(actor, wanted, shown["group"])
        rows = [group_row(one, groups.columns, shown["group"]) for one in groups.rows]
        return rows, groups.total
    found = experiment_search.find(actor, wanted)
    return [experiment_row(one, found.columns) for one in found.rows], found.total


def sort_of(request: Mapping[str, Any]) -> str:
    """Return how a grid is sorted.

    Examples
    --------
    >>> sort_of({"sortModel": [{"colId": "macro_f1", "sort": "desc"}]}), sort_of({})
    ('-macro_f1', '')
    """
    model = request.get("sortModel") or []
    if not model:
        return ""
    return ("-" if model[0].get("sort") == "desc" else "") + str(model[0].get("colId", ""))
