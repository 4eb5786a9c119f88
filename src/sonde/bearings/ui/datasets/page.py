"""One visit of the Datasets page."""

from collections.abc import Mapping

from sonde.bearings.core.datasets import TRASHED, DatasetQuery
from sonde.bearings.services import datasets, imports, trash
from sonde.bearings.ui.datasets.layout import Listed, ListState, datasets_view
from sonde.bearings.ui.datasets.undoing import undo_note
from sonde.platform.core.actor import Actor, Role
from sonde.platform.core.domain import PageRequest
from sonde.platform.core.errors import NotFound
from sonde.platform.ui.components import PageView

ROWS = 300


def show(request: PageRequest) -> PageView:
    """Return the page with what the person may see."""
    actor, state = request.actor, ListState.of_query(request.query)
    return datasets_view(listed(actor, state), state, _undo(actor, request.query))


def listed(actor: Actor, state: ListState) -> Listed:
    """Return what the list shows in a state."""
    query = DatasetQuery(state.text, state.tag, state.origin, (state.state,))
    if state.state == TRASHED:
        found = trash.list_trash(actor, query, limit=ROWS).items
    else:
        found = datasets.list_datasets(actor, query, limit=ROWS).items
    return Listed(
        found,
        frozenset(one.id for one in found if datasets.may_change(actor, one)),
        actor.role is not Role.VIEWER,
        datasets.tags(actor),
        [(each.id, each.name) for each in imports.waiting(actor)],
    )


def _undo(actor: Actor, query: Mapping[str, str]) -> object:
    """Return the way back for a data set that was deleted on its own page."""
    gone = query.get("deleted", "")
    try:
        return undo_note([trash.get(actor, gone)]) if gone else None
    except NotFound:
        return None
