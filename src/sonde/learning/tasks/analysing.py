"""The job that answers a long question about experiments."""

from collections.abc import Mapping
from typing import Any

from sonde.learning.services import analyses
from sonde.platform.core.jobs import JobOutcome, JobRun


def run(job: JobRun, params: Mapping[str, Any]) -> JobOutcome:
    """Compute the analysis that the parameters name."""
    return analyses.run(job, params["analysis_id"])
