"""One visit of the page that starts an experiment."""

from sonde.learning.core.models.catalogue import MODELS
from sonde.learning.core.splits.catalogue import POLICIES
from sonde.learning.services import experiments
from sonde.learning.ui.experiment_new.layout import Offer, new_view
from sonde.platform.core.domain import PageRequest
from sonde.platform.ui.components import PageView


def show(request: PageRequest) -> PageView:
    """Return the page; ``?source=...&ref=...&model=...`` choose."""
    return new_view(
        Offer(
            choices=experiments.problem_choices(request.actor),
            models=tuple(MODELS.values()),
            policies=tuple(POLICIES.values()),
            chosen=request.query,
        )
    )
