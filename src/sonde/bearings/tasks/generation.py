"""The jobs that generate data sets: the generation's own, and that of its second worker."""

from collections.abc import Mapping
from typing import Any

from sonde.bearings.services.generation_job import generate, help_generation
from sonde.bearings.services.generation_job import sweep as sweep_parts
from sonde.platform.core.jobs import JobOutcome, JobRun


def run(job: JobRun, params: Mapping[str, Any]) -> JobOutcome:
    """Make a generation and store its data set."""
    as_new = bool(params.get("as_new_version"))
    return generate(job, str(params["generation_id"]), as_new_version=as_new)


def run_part(job: JobRun, params: Mapping[str, Any]) -> JobOutcome:
    """Make parts of a generation for as long as there are any."""
    return help_generation(job, str(params["generation_id"]), str(params["parent_id"]))


def sweep(job: JobRun, _params: Mapping[str, Any]) -> JobOutcome:
    """Delete what workers that died have left of generations."""
    with job.work():
        return JobOutcome({"files": sweep_parts()})
