"""One visit of the list of experiments."""

from sonde.learning.services import experiments
from sonde.learning.ui.experiments.layout import experiments_view
from sonde.platform.core.domain import PageRequest
from sonde.platform.ui.components import PageView

ROWS = 500


def show(request: PageRequest) -> PageView:
    """Return the page."""
    return experiments_view(experiments.list_experiments(request.actor, limit=ROWS).items)
