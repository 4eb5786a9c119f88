"""The jobs that feed machines: from data sets, from watched folders, and for demonstration."""

from collections.abc import Mapping
from typing import Any

from sonde.bearings.services.condition import demonstration, feeds, watching
from sonde.platform.core.jobs import JobOutcome, JobRun


def run_feed(job: JobRun, params: Mapping[str, Any]) -> JobOutcome:
    """Feed a channel from a data set."""
    return feeds.feed(job, params)


def run_watch(job: JobRun, _params: Mapping[str, Any]) -> JobOutcome:
    """Look once at every watched folder."""
    return watching.look(job)


def run_demonstration(job: JobRun, _params: Mapping[str, Any]) -> JobOutcome:
    """Simulate a run to failure into a demo machine."""
    return demonstration.demonstrate(job)
