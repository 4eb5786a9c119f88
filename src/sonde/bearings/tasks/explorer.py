"""The jobs behind the Data explorer."""

from collections.abc import Mapping
from typing import Any

from sonde.bearings.services.explorer import projecting, spectra
from sonde.platform.core.jobs import JobOutcome, JobRun


def run_projection(job: JobRun, params: Mapping[str, Any]) -> JobOutcome:
    """Lay out the recordings of a data set for the person behind the job."""
    return projecting.run(job, params)


def run_class_spectra(job: JobRun, params: Mapping[str, Any]) -> JobOutcome:
    """Compute the mean spectra of classes for the person behind the job."""
    return spectra.run(job, params)
