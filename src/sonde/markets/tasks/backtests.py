"""The jobs of backtests and the studies around them."""

from collections.abc import Mapping
from typing import Any

from sonde.markets.services.backtests import computing
from sonde.platform.core.jobs import JobOutcome, JobRun


def run(job: JobRun, params: Mapping[str, Any]) -> JobOutcome:
    """Compute the backtest or study that the parameters name."""
    return computing.run(job, str(params["backtest_id"]))
