"""What a worker runs to export data sets, and to let go of what is over."""

from collections.abc import Mapping
from typing import Any

from sonde.bearings.services import exports, trash
from sonde.platform.core.jobs import JobOutcome, JobRun


def run(job: JobRun, params: Mapping[str, Any]) -> JobOutcome:
    """Write a data set as one file."""
    return exports.run(job, params)


def sweep(job: JobRun, params: Mapping[str, Any]) -> JobOutcome:
    """Remove what was in the trash for thirty days, and files whose day is over."""
    del params
    with job.work():
        removed, over = trash.sweep(), exports.sweep()
    return JobOutcome({"datasets": removed, "exports": over})
