"""The jobs that read files aside for a person to check, and let go of what nobody checks."""

import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from sonde.bearings.services import import_sweeps, imports
from sonde.bearings.services.scanning import scan
from sonde.platform.core.jobs import JobOutcome, JobRun


def sweep(job: JobRun, params: Mapping[str, Any]) -> JobOutcome:
    """Let go of imports that nobody came back to, with their files."""
    del params
    with job.work():
        swept = import_sweeps.sweep()
    return JobOutcome({"imports": swept})


def run(job: JobRun, params: Mapping[str, Any]) -> JobOutcome:
    """Read every file of an import in a jailed child; note what was understood."""
    import_id = str(params["import_id"])
    with job.work():
        plan = imports.plan(job.actor, import_id)

    def progress(done: int, total: int, name: str) -> None:
        job.progress("Reading", 0.95 * done / max(total, 1), name)

    with tempfile.TemporaryDirectory(prefix="sonde-import-") as folder:
        target = Path(folder) / "signals.h5"
        rows = scan(plan.sources, plan.given, target, progress, room=plan.room)
        job.progress("Keeping", 0.96)
        with job.work():
            imports.keep_signals(job.actor, import_id, target)
    n_ready = sum(row.goes_in for row in rows)
    return JobOutcome(
        {"files": len(plan.sources), "recordings": len(rows), "ready": n_ready},
        effect=lambda: imports.note_understood(job.actor, import_id, rows),
    )
