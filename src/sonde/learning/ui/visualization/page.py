"""One visit of the visualization page."""

from dataclasses import replace

from sonde.learning.services import evaluations
from sonde.learning.ui.visualization.layout import VISUALIZATION
from sonde.learning.ui.visualization.showing import shown
from sonde.learning.ui.visualization.state import of_query
from sonde.platform.core.domain import PageRequest
from sonde.platform.ui.components import PageView


def show(request: PageRequest) -> PageView:
    """Return the page; the address says what is looked at."""
    actor = request.actor
    state = of_query(request.query)
    listed = evaluations.subjects(actor)
    if not state.experiment and not listed:
        return VISUALIZATION.nothing_view()
    if not state.experiment:
        state = replace(state, experiment=listed[0].id)
    chosen = evaluations.subject(actor, state.experiment)
    offered = listed if chosen in listed else (chosen, *listed)
    return VISUALIZATION.view(offered, chosen, state.tab, state.as_store(), shown(actor, state))
