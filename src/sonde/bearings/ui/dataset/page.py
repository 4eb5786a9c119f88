"""One visit of a data set's page."""

from sonde.bearings.services import datasets
from sonde.bearings.ui.dataset.layout import dataset_view
from sonde.platform.core.actor import Role
from sonde.platform.core.domain import PageRequest
from sonde.platform.ui.components import PageView


def show(request: PageRequest) -> PageView:
    """Return the page of one data set."""
    actor = request.actor
    dataset = datasets.get(actor, request.params["dataset_id"])
    may_train = actor.role is not Role.VIEWER
    owns = dataset.owner_id == actor.user_id or actor.role is Role.ADMIN
    return dataset_view(
        dataset,
        datasets.recordings(actor, dataset.id),
        may_change=may_train and owns,
        may_train=may_train,
    )
