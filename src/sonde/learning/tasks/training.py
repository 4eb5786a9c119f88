"""The job that trains an experiment."""

from collections.abc import Mapping
from typing import Any

from sonde.learning.services import training
from sonde.platform.core.jobs import JobOutcome, JobRun


def run(job: JobRun, params: Mapping[str, Any]) -> JobOutcome:
    """Train the experiment that the parameters name."""
    return training.train(job, params["experiment_id"])
