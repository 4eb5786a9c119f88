"""One visit of the list of experiments."""

from collections.abc import Mapping, Sequence

from sonde.learning.core.experiment_list import ListQuery
from sonde.learning.core.search.completing import own_values
from sonde.learning.core.search.parser import parse
from sonde.learning.core.search.syntax import EVERYTHING, Node, SearchError
from sonde.learning.core.search.writing import chosen
from sonde.learning.services import experiment_search, saved_searches, search_completion
from sonde.learning.ui.experiments.layout import Page, experiments_view
from sonde.learning.ui.experiments.state import ListState, scope_of
from sonde.learning.ui.experiments.toolbar import Offer
from sonde.platform.core.actor import Actor, Role
from sonde.platform.core.domain import PageRequest
from sonde.platform.services.request import current_request
from sonde.platform.ui.components import PageView

FILTERS = ("status", "model", "tag", "dataset")
_STATUSES = 5


def show(request: PageRequest) -> PageView:
    """Return the page as its address says."""
    actor, state = request.actor, ListState.of_query(request.query)
    tree, error = understood(state.query)
    offer = Offer(
        values=offered(actor),
        chosen=said(tree),
        columns=search_completion.column_choices(actor),
        searches=saved_searches.list_searches(actor),
        scope=scope_of(chosen(tree, "is")),
        error=error,
        user_id=actor.user_id,
    )
    is_empty = not state.query and not _is_any(actor)
    return experiments_view(Page(state, offer, is_empty, actor.role is not Role.VIEWER))


def understood(query: str) -> tuple[Node, SearchError | None]:
    """Return what a search means, or everything and what is wrong with it."""
    try:
        return parse(query, current_request().ports.clock()), None
    except SearchError as error:
        return EVERYTHING, error


def offered(actor: Actor) -> Mapping[str, Sequence[str]]:
    """Return what the filters offer."""
    values = {field: list(search_completion.values_of(actor, field)) for field in FILTERS}
    return {**values, "status": list(own_values("status")[:_STATUSES])}


def said(tree: Node) -> Mapping[str, Sequence[str]]:
    """Return what a search asks of the fields that have a filter."""
    return {field: list(dict.fromkeys(chosen(tree, field))) for field in FILTERS}


def _is_any(actor: Actor) -> bool:
    everything = "is:archived OR is:trashed OR created:>1900-01-01"
    return bool(experiment_search.find(actor, ListQuery(everything, limit=1)).rows)
