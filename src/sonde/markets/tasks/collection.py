"""The job that fetches candles."""

from collections.abc import Mapping
from typing import Any

from sonde.markets.services import collection
from sonde.platform.core.jobs import JobOutcome, JobRun


def run(job: JobRun, params: Mapping[str, Any]) -> JobOutcome:
    """Collect what is missing."""
    return collection.collect(job, params)
