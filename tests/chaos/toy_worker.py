"""A real worker or beat for jobs that were made to be killed: ``toy_worker.py default|beat``.

It reads one JSON document from the command line: ``database_url``, ``broker_url``, and
``timing`` if the lease should be another than the short one of tests.
"""

import json
import sys
import time
from pathlib import Path

from sonde.app.beat import make_beat, run_beat
from sonde.app.logs import configure_logging
from sonde.app.worker import make_worker, run_worker
from sonde.platform.core.domain import Domain
from sonde.platform.core.jobs import JobKind, JobOutcome, LeaseTiming
from sonde.platform.core.parts import Parts
from sonde.platform.core.ports import Ports

TIMING = LeaseTiming(lease_s=1.5, beat_s=0.3, grace_s=1.0)
SWEEP_EVERY_S = 0.5


def count(job, params):
    """Take `steps` steps with a checkpoint after each; the effect is one event."""
    from sonde.platform.services import events

    done = (job.checkpoint() or {"done": 0})["done"]
    for step in range(done, params["steps"]):
        _sign(params, f"{job.attempt} {step}")
        _work_until(job, time.monotonic() + params["step_s"])
        job.progress("counting", (step + 1) / params["steps"])
        job.save_checkpoint({"done": step + 1})
    return JobOutcome(
        result={"steps": params["steps"]},
        effect=lambda: events.emit(job.actor, kind="chaos.counted", title=job.job_id),
    )


def _work_until(job, end_at):
    while time.monotonic() < end_at:
        job.check()
        time.sleep(0.005)


def ignore(job, params):
    """Never look whether the job was cancelled."""
    from sonde.platform.services import events

    for _ in range(int(params["seconds"] / 0.02)):
        _sign(params, f"{job.attempt} ignoring")
        time.sleep(0.02)
    return JobOutcome(effect=lambda: events.emit(job.actor, kind="chaos.counted", title=job.job_id))


def _sign(params, line):
    with Path(params["ledger"]).open("a") as ledger:
        ledger.write(f"{time.monotonic()} {line}\n")


TOY = Domain(
    slug="chaos",
    title="Chaos",
    jobs=lambda: [
        JobKind("chaos.count", "Count", "default", load=lambda: count, max_attempts=200),
        JobKind("chaos.ignore", "Ignore", "default", load=lambda: ignore),
    ],
)


def make_ports(database_url, broker_url, pool_size=3):
    """Connect to the real servers, with the toy jobs known."""
    from sonde.platform.persistence.database import Database
    from sonde.platform.persistence.hints import ValkeyHints
    from sonde.platform.persistence.memory import MemoryCache, MemoryFiles
    from sonde.platform.persistence.queue import CeleryQueue

    return Ports(
        database=Database.connect(database_url, pool_size=pool_size),
        files=MemoryFiles(),
        cache=MemoryCache(),
        queue=CeleryQueue.connect(broker_url),
        hints=ValkeyHints.connect(broker_url),
        parts=Parts((TOY,)),
    )


def main():
    role, servers = sys.argv[1], json.loads(sys.argv[2])
    configure_logging("INFO")
    if role == "beat":
        run_beat(make_beat(servers["broker_url"], Parts((TOY,)), SWEEP_EVERY_S))
    else:
        timing = LeaseTiming(**servers.pop("timing", vars(TIMING)))
        connect = lambda: make_ports(**servers)  # noqa: E731
        run_worker(make_worker(servers["broker_url"], connect, timing), role)


if __name__ == "__main__":
    main()
