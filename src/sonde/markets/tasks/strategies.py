"""The job that proves a strategy before anybody may use it."""

from collections.abc import Mapping
from typing import Any

from sonde.markets.services import user_strategies
from sonde.platform.core.jobs import JobOutcome, JobRun


def run(job: JobRun, params: Mapping[str, Any]) -> JobOutcome:
    """Prove the strategy that the parameters name."""
    return user_strategies.prove(job, str(params["strategy_id"]))
