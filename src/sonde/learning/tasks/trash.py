"""What a worker runs to empty the trash of experiments."""

from collections.abc import Mapping
from typing import Any

from sonde.learning.services import experiment_changes
from sonde.platform.core.jobs import JobOutcome, JobRun


def sweep(job: JobRun, params: Mapping[str, Any]) -> JobOutcome:
    """Remove for good what was in the trash for thirty days."""
    del params
    with job.work():
        removed = experiment_changes.sweep(job.actor)
    return JobOutcome({"experiments": removed})
