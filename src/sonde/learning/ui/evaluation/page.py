"""One visit of the evaluation page."""

from sonde.learning.services import evaluations
from sonde.learning.ui.evaluation.layout import EVALUATION
from sonde.learning.ui.evaluation.showing import shown
from sonde.learning.ui.evaluation.state import ViewState, of_query
from sonde.platform.core.domain import PageRequest
from sonde.platform.ui.components import PageView


def show(request: PageRequest) -> PageView:
    """Return the page; the address says what is looked at."""
    actor = request.actor
    state = of_query(request.query)
    listed = evaluations.subjects(actor)
    if not state.experiments and not listed:
        return EVALUATION.nothing_view()
    if not state.experiments:
        state = ViewState((listed[0].id,), state.tab, state.said)
    chosen = evaluations.subject(actor, state.experiments[0])
    offered = listed if chosen in listed else (chosen, *listed)
    return EVALUATION.view(offered, chosen, state.tab, state.as_store(), shown(actor, state))
