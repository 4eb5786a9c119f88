"""The job that reads a data set for its waterfall."""

from collections.abc import Mapping
from typing import Any

from sonde.bearings.services.signals import waterfalls
from sonde.platform.core.jobs import JobOutcome, JobRun


def run_waterfall(job: JobRun, params: Mapping[str, Any]) -> JobOutcome:
    """Lay the spectra of a data set below each other for the person behind the job."""
    return waterfalls.run(job, params)
