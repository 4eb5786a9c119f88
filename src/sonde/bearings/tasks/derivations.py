"""What a worker runs to make data sets from data sets."""

from collections.abc import Mapping
from typing import Any

from sonde.bearings.services import derivations
from sonde.platform.core.jobs import JobOutcome, JobRun


def run_subset(job: JobRun, params: Mapping[str, Any]) -> JobOutcome:
    """Store a part of a data set."""
    return derivations.run_subset(job, params)


def run_merge(job: JobRun, params: Mapping[str, Any]) -> JobOutcome:
    """Store several data sets as one."""
    return derivations.run_merge(job, params)
