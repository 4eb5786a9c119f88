"""The jobs that extract and study features."""

from collections.abc import Mapping
from typing import Any

from sonde.bearings.services import feature_studies
from sonde.bearings.services.feature_extraction import extract
from sonde.platform.core.jobs import JobOutcome, JobRun


def run_extraction(job: JobRun, params: Mapping[str, Any]) -> JobOutcome:
    """Extract the features of a data set for the person behind the job."""
    return extract(job, params)


def run_study(job: JobRun, params: Mapping[str, Any]) -> JobOutcome:
    """Find out which features matter, or which suffice."""
    return feature_studies.run(job, params)
