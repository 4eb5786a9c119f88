"""One visit of a result."""

from sonde.learning.ui.experiment_result.layout import result_view
from sonde.learning.ui.experiment_result.showing import looked_at
from sonde.learning.ui.experiment_result.state import state_of
from sonde.platform.core.domain import PageRequest
from sonde.platform.ui.components import PageView


def show(request: PageRequest) -> PageView:
    """Return the page; ``?tab=samples&label=...&told=...`` choose what it shows."""
    state = state_of(request.query)
    return result_view(*looked_at(request.actor, request.params["experiment_id"], state))
