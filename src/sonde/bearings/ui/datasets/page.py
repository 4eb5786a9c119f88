"""One visit of the Datasets page."""

from sonde.bearings.services import datasets, imports
from sonde.bearings.ui.datasets.layout import datasets_view
from sonde.platform.core.actor import Role
from sonde.platform.core.domain import PageRequest
from sonde.platform.ui.components import PageView

ROWS = 500


def show(request: PageRequest) -> PageView:
    """Return the page with what the person may see."""
    waiting = [(each.id, each.name) for each in imports.waiting(request.actor)]
    return datasets_view(
        datasets.list_datasets(request.actor, limit=ROWS).items,
        waiting,
        may_import=request.actor.role is not Role.VIEWER,
    )
