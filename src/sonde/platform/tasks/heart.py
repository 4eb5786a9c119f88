"""The heartbeat of a running job: keeps the lease, notices a cancel, and ends what will not stop.

A job function that looks at its `JobRun` stops by itself. One that does not is ended with its
process: by then the database has taken the job away, so that nothing it still writes counts.
"""

import os
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field

import structlog

from sonde.platform.core.errors import Unavailable
from sonde.platform.core.jobs import JobCancelled, Lease, LeaseLost, WorkerLeaves
from sonde.platform.core.ports import Ports
from sonde.platform.services import leases
from sonde.platform.services.sweeps import sweep
from sonde.platform.services.work import unit_of_work

_log = structlog.get_logger(__name__)
_SWEEP_EVERY_S = 5.0
_MOMENT_S = 0.2
_EXIT_STATUS = 76


def end_process() -> None:
    """End this worker process at once; its parent starts a fresh one."""
    os._exit(_EXIT_STATUS)


@dataclass
class Heart:
    """Beats on a thread of its own while a job runs.

    Parameters
    ----------
    outside : Ports
    lease : Lease
    end : callable
        Ends the process.
    leaving : Event
        Set once this worker is being stopped.
    """

    outside: Ports
    lease: Lease
    end: Callable[[], None] = end_process
    leaving: threading.Event = field(default_factory=threading.Event)
    stop_reason: Exception | None = None
    _finished: threading.Event = field(default_factory=threading.Event)
    _thread: threading.Thread | None = None

    def __enter__(self) -> "Heart":
        self._thread = threading.Thread(target=self._beat, name="job-heart", daemon=True)
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._finished.set()
        if self._thread is not None:
            self._thread.join()

    def check(self) -> None:
        """Raise JobCancelled or LeaseLost once the job is no longer ours."""
        if self.stop_reason is not None:
            raise self.stop_reason

    def _beat(self) -> None:
        timing = self.lease.timing
        held_at = swept_at = time.monotonic()
        while not self._finished.wait(timing.beat_s):
            asked_at = time.monotonic()
            try:
                if self.leaving.is_set():
                    raise WorkerLeaves
                self._extend()
                held_at = asked_at
                if asked_at - swept_at >= _SWEEP_EVERY_S:
                    swept_at = asked_at
                    self._sweep()
            except Unavailable as error:
                _log.warning("job.beat_missed", error=error.message)
                if asked_at - held_at > timing.lease_s:
                    self.stop_reason = LeaseLost()
            except (JobCancelled, LeaseLost) as reason:
                self.stop_reason = reason
            if self.stop_reason is not None:
                self._leave_in_time()
                return

    def _extend(self) -> None:
        with unit_of_work(self.outside):
            leases.beat(self.lease)

    def _sweep(self) -> None:
        # A busy worker cannot take the scheduled sweep from its queue, so it sweeps by itself.
        with unit_of_work(self.outside):
            sweep()

    def _leave_in_time(self) -> None:
        if self._finished.wait(_MOMENT_S):
            # It has just written its own end, or it looked before we could say so.
            return
        _log.info("job.stopping", reason=type(self.stop_reason).__name__)
        if not self._finished.wait(self.lease.timing.grace_s - _MOMENT_S):
            _log.warning("job.ended_with_its_process", grace_s=self.lease.timing.grace_s)
            self.end()
