"""One visit of a result."""

from sonde.learning.core.experiments import Experiment
from sonde.learning.services import experiments
from sonde.learning.ui.experiment_result.layout import result_view
from sonde.platform.core.actor import Actor
from sonde.platform.core.domain import PageRequest
from sonde.platform.core.errors import NotFound
from sonde.platform.core.jobs import Job
from sonde.platform.services import jobs
from sonde.platform.ui.components import PageView


def show(request: PageRequest) -> PageView:
    """Return the page."""
    experiment, job = experiment_of(request.actor, request.params["experiment_id"])
    return result_view(experiment, job)


def experiment_of(actor: Actor, experiment_id: str) -> tuple[Experiment, Job | None]:
    """Return an experiment with the job that trains it, while there is one to wait for."""
    experiment = experiments.get(actor, experiment_id)
    if experiment.result is not None:
        return experiment, None
    try:
        return experiment, jobs.get(actor, experiment.summary.job_id)
    except NotFound:
        return experiment, None
