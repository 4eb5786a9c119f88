"""What workers are woken for: a job, a sweep, a schedule. Wires services to Celery."""

import os
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import structlog

from sonde.platform.core.errors import Unavailable
from sonde.platform.core.jobs import LeaseTiming
from sonde.platform.core.parts import Parts
from sonde.platform.core.ports import Ports
from sonde.platform.core.queues import QUEUES, RUN_JOB, START_SCHEDULED, SWEEP, SWEEP_EVERY_S

_log = structlog.get_logger(__name__)


def register(
    app: Any,
    outside: Callable[[], Ports],
    timing: LeaseTiming | None = None,
    leaving: threading.Event | None = None,
) -> None:
    """Give the Celery application its tasks; `outside` is asked in the worker's child.

    `leaving` is set in the child once its worker is being stopped.
    """
    held = timing or LeaseTiming()

    @app.task(name=RUN_JOB)
    def run(job_id: str) -> None:
        from sonde.platform.tasks.running import run_job

        with _patience(RUN_JOB):
            run_job(outside(), job_id, worker_id(), timing=held, leaving=leaving)

    @app.task(name=SWEEP)
    def sweep() -> None:
        from sonde.platform.services.sweeps import sweep as sweep_once
        from sonde.platform.services.work import unit_of_work

        with _patience(SWEEP), unit_of_work(outside()):
            swept = sweep_once()
            _log.debug("swept", released=swept.released, woken=swept.woken, told=swept.told)

    @app.task(name=START_SCHEDULED)
    def start(kind: str) -> None:
        from sonde.platform.services.schedules import start_scheduled
        from sonde.platform.services.work import unit_of_work

        with _patience(START_SCHEDULED), unit_of_work(outside()):
            start_scheduled(kind)


@contextmanager
def _patience(task: str) -> Iterator[None]:
    # What a worker could not look at now is looked at again by a later sweep.
    try:
        yield
    except Unavailable as error:
        _log.warning("task.put_off", task=task, error=error.message)


def worker_id() -> str:
    """Return a name for this process that people find in the logs of the right machine."""
    return f"{socket.gethostname()}:{os.getpid()}"


def beat_schedule(parts: Parts, sweep_every_s: float = SWEEP_EVERY_S) -> dict[str, dict[str, Any]]:
    """Return what beat sends: sweeps, and the jobs that the parts schedule."""
    # One queue is enough: workers that are busy sweep by themselves, and the others' children
    # stay small until their first job. A sweep that nobody took in time is dropped.
    sweeps = {
        "sweep": {
            "task": SWEEP,
            "schedule": sweep_every_s,
            "options": {"queue": QUEUES[0], "expires": sweep_every_s},
        }
    }
    jobs = {
        f"start-{schedule.job_kind}": {
            "task": START_SCHEDULED,
            "args": [schedule.job_kind],
            "schedule": schedule.every_s,
            "options": {"queue": QUEUES[0], "expires": schedule.every_s},
        }
        for part in parts.every
        for schedule in part.schedules
    }
    return sweeps | jobs
