"""One visit of the monitor."""

from sonde.learning.core.runs import Curve, LogLine
from sonde.learning.services import runs
from sonde.learning.ui.experiment_monitor.layout import monitor_view
from sonde.learning.ui.experiment_monitor.state import State
from sonde.platform.core.actor import Actor
from sonde.platform.core.domain import PageRequest
from sonde.platform.ui.components import PageView

POINTS = 400
LINES = 200


def show(request: PageRequest) -> PageView:
    """Return the page."""
    actor, experiment_id = request.actor, request.params["experiment_id"]
    state = State.of_query(request.query)
    return monitor_view(
        runs.view(actor, experiment_id),
        curves_of(actor, experiment_id),
        lines_of(actor, experiment_id, state),
        state,
    )


def curves_of(actor: Actor, experiment_id: str) -> tuple[Curve, ...]:
    """Return the curves as finely as the page draws them."""
    return runs.curves(actor, [experiment_id], n_points=POINTS)


def lines_of(actor: Actor, experiment_id: str, state: State) -> tuple[LogLine, ...]:
    """Return the latest lines of the log that are asked for."""
    return runs.log_lines(actor, experiment_id, state.level, state.text, limit=LINES)
