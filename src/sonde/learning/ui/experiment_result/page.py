"""One visit of a result."""

from collections.abc import Sequence
from typing import cast

from sonde.learning.core.experiments import Experiment
from sonde.learning.core.sources import ProblemSource, UploadQuestion
from sonde.learning.services import experiments
from sonde.learning.ui.experiment_result.layout import result_view
from sonde.platform.core.actor import Actor
from sonde.platform.core.domain import PageRequest
from sonde.platform.core.errors import NotFound
from sonde.platform.core.jobs import Job
from sonde.platform.services import jobs
from sonde.platform.services.work import ports
from sonde.platform.ui.components import PageView


def show(request: PageRequest) -> PageView:
    """Return the page."""
    return result_view(*shown(request.actor, request.params["experiment_id"]))


def shown(
    actor: Actor, experiment_id: str
) -> tuple[Experiment, Job | None, Sequence[UploadQuestion]]:
    """Return an experiment, the job that trains it, and what is asked about uploads."""
    experiment = experiments.get(actor, experiment_id)
    source = cast(ProblemSource, ports().parts.problem_source(experiment.summary.source))
    return experiment, _job(actor, experiment), source.asks


def _job(actor: Actor, experiment: Experiment) -> Job | None:
    if experiment.result is not None:
        return None
    try:
        return jobs.get(actor, experiment.summary.job_id)
    except NotFound:
        return None
