"""The jobs that import files of candles, and let go of what nobody stored."""

from collections.abc import Mapping
from typing import Any

from sonde.markets.core.prices.reading import read_prices
from sonde.markets.services import price_imports, price_sweeps
from sonde.platform.core.errors import Conflict, Invalid
from sonde.platform.core.jobs import JobOutcome, JobRun


def sweep(job: JobRun, params: Mapping[str, Any]) -> JobOutcome:
    """Let go of uploads that nobody stored and of files that no series speaks of."""
    del params
    with job.work():
        swept = price_sweeps.sweep()
    return JobOutcome({"files": swept})


def run(job: JobRun, params: Mapping[str, Any]) -> JobOutcome:
    """Read a file in a jailed child and store its candles; stored once, however often it is run."""
    import_id = str(params["import_id"])
    try:
        _read_and_store(job, import_id)
    except (Invalid, Conflict) as error:
        with job.work():
            price_imports.note_failed(job.actor, import_id, error.message)
        raise
    with job.work():
        done = price_imports.get(job.actor, import_id)
    return JobOutcome({"new": done.n_new, "same": done.n_same, "changed": done.n_changed})


def _read_and_store(job: JobRun, import_id: str) -> None:
    with job.work():
        plan = price_imports.plan(job.actor, import_id)
    if plan is None:
        return
    job.progress("Reading", 0.1, plan.name)
    read = read_prices(plan.path, plan.choices, name=plan.name)
    job.progress("Storing", 0.8, f"{read.columns.n:,} bars")
    with job.work():
        price_imports.finish(job.actor, import_id, read)
