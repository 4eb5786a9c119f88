"""The job that asks a registered model about many recordings."""

from collections.abc import Mapping
from typing import Any

from sonde.learning.services import batch_predicting
from sonde.platform.core.jobs import JobOutcome, JobRun


def run(job: JobRun, params: Mapping[str, Any]) -> JobOutcome:
    """Predict the batch that the parameters name."""
    return batch_predicting.run(job, params["model_name"], params["batch_id"])
