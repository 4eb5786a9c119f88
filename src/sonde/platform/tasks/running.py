"""Runs one job: takes it, calls its function, writes its end. The database decides all of it."""

import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import structlog

from sonde.platform.core.actor import Actor
from sonde.platform.core.errors import SondeError, Unavailable
from sonde.platform.core.jobs import (
    JobCancelled,
    JobOutcome,
    Lease,
    LeaseLost,
    LeaseTiming,
    WorkerLeaves,
    remaining_s,
)
from sonde.platform.core.ports import Ports
from sonde.platform.services import leases
from sonde.platform.services.work import unit_of_work
from sonde.platform.tasks.heart import Heart, end_process

_log = structlog.get_logger(__name__)
_WRITE_EVERY_S = 0.5
_PAUSE_S = 0.5
_PATIENCE_S = 60.0
_TIMING = LeaseTiming()


@dataclass
class Run:
    """The `JobRun` that a job function is given.

    Parameters
    ----------
    outside : Ports
    lease : Lease
    heart : Heart
    """

    outside: Ports
    lease: Lease
    heart: Heart
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _pace: tuple[float, float] | None = None
    _written: tuple[str, float] = ("", 0.0)

    @property
    def job_id(self) -> str:
        """The job's id."""
        return self.lease.job_id

    @property
    def attempt(self) -> int:
        """The present try, counted from 1."""
        return self.lease.attempt

    @cached_property
    def actor(self) -> Actor:
        """The job's owner, acting; raises NotFound if there is none any more."""
        with unit_of_work(self.outside):
            return leases.owner_of(self.lease)

    def check(self) -> None:
        """Raise JobCancelled or LeaseLost if the job should stop; cheap."""
        self.heart.check()

    def progress(self, phase: str, fraction: float, message: str = "") -> None:
        """Note how far the whole job is; raises JobCancelled or LeaseLost."""
        self.check()
        now = time.monotonic()
        with self._lock:
            first_at, first_fraction = self._pace = self._pace or (now, fraction)
            written_phase, written_at = self._written
            if phase == written_phase and now - written_at < _WRITE_EVERY_S:
                return
            self._written = (phase, now)
        try:
            with unit_of_work(self.outside):
                leases.note_progress(
                    self.lease,
                    phase=phase,
                    fraction=min(1.0, max(0.0, fraction)),
                    eta_s=remaining_s(now - first_at, first_fraction, fraction),
                    message=message,
                )
        except Unavailable as error:
            # Progress may be missed; whether the job is still ours is for the heart to find out.
            _log.warning("job.progress_missed", error=error.message)

    def checkpoint(self) -> Mapping[str, Any] | None:
        """Return what the last attempt saved, or None."""
        return self.lease.checkpoint

    def save_checkpoint(self, data: Mapping[str, Any]) -> None:
        """Store small JSON-ready data to resume from."""
        self.insist(lambda: leases.save_checkpoint(self.lease, data))

    @contextmanager
    def work(self) -> Iterator[None]:
        """Open one short unit of work, fenced: it fails if the lease is lost."""
        self.check()
        with unit_of_work(self.outside):
            yield
            leases.hold(self.lease)

    def insist(self, action: Callable[[], object]) -> None:
        """Do `action` in a unit of work of its own, again while a part of the system is down."""
        give_up_at = time.monotonic() + _PATIENCE_S
        while True:
            self.check()
            try:
                with unit_of_work(self.outside):
                    action()
            except Unavailable:
                if time.monotonic() > give_up_at:
                    raise
                time.sleep(_PAUSE_S)
            else:
                return


def run_job(
    outside: Ports,
    job_id: str,
    worker_id: str,
    *,
    timing: LeaseTiming = _TIMING,
    end: Callable[[], None] = end_process,
    leaving: threading.Event | None = None,
) -> str:
    """Run the job if it is there to be taken; return in a word what became of it.

    `end` ends the process of a job that was taken away and will not stop; `leaving` is set when
    the worker is stopped, and hands the job over to the next one.
    """
    with unit_of_work(outside):
        lease = leases.take(job_id, worker_id, timing)
    if lease is None:
        return "not taken"
    with structlog.contextvars.bound_contextvars(job_id=job_id, kind=lease.kind):
        _log.info("job.started", attempt=lease.attempt, fence=lease.token)
        word = _held(Heart(outside, lease, end, leaving or threading.Event()))
        _log.info("job.left", outcome=word)
        return word


def _held(heart: Heart) -> str:
    with heart:
        run = Run(heart.outside, heart.lease, heart)
        try:
            return _end(run, _attempt(run))
        except WorkerLeaves:
            return _hand_over(run)
        except (JobCancelled, LeaseLost) as reason:
            return type(reason).__name__
        except Unavailable as error:
            # The row cannot be written now; once the lease is over the sweep takes the job up.
            _log.warning("job.abandoned", error=error.message)
            return "abandoned"


def _hand_over(run: Run) -> str:
    try:
        with unit_of_work(run.outside):
            leases.hand_over(run.lease)
    except (LeaseLost, JobCancelled, Unavailable) as reason:
        return type(reason).__name__
    return "handed over"


def _attempt(run: Run) -> JobOutcome | Exception:
    """Call the job function and write its success; return an error that ends the attempt."""
    try:
        _log.debug("job.acting", owner=run.actor.name)
        function = run.outside.parts.job_kind(run.lease.kind).load()
        outcome = function(run, run.lease.params)
        run.insist(lambda: leases.succeed(run.lease, outcome))
    except (JobCancelled, LeaseLost):
        raise
    except Exception as error:  # noqa: BLE001  (the renderer of tasks)
        return error
    return outcome


def _end(run: Run, ending: JobOutcome | Exception) -> str:
    if isinstance(ending, JobOutcome):
        return "succeeded"
    if isinstance(ending, Unavailable):
        message = ending.message
        run.insist(lambda: leases.release(run.lease, message))
        return "released"
    if isinstance(ending, SondeError):
        _log.info("job.refused", code=ending.code, error=ending.message)
        sentence, code = ending.message, ending.code
    else:
        _log.error("job.broke", exc_info=ending)
        sentence, code = _broke(run.job_id), "internal"
    run.insist(lambda: leases.fail(run.lease, sentence, code))
    return "failed"


def _broke(job_id: str) -> str:
    return f"Something went wrong inside this job; the log tells more under {job_id}."
