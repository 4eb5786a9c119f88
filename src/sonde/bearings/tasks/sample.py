"""The job that loads the sample project."""

from collections.abc import Mapping
from typing import Any

from sonde.bearings.services.samples import load_sample
from sonde.platform.core.jobs import JobOutcome, JobRun


def run(job: JobRun, _params: Mapping[str, Any]) -> JobOutcome:
    """Load the sample project for the person behind the job."""
    return load_sample(job)
