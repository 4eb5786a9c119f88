"""The sign of life of a fit: progress, pauses and stops, told often and never at a high price."""

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor, wait
from dataclasses import dataclass, field
from typing import TypeVar

from sonde.learning.core.fitting.fit_run import FitRun

T = TypeVar("T")

_POLL_S = 0.2
_SHARE = 0.02
# Shorter steps stay in the fit's own thread: memory for large tensors comes dearer in another.
_LONG_STEP_S = 0.7


@dataclass
class Pulse:
    """Tells a run how far a training is, and asks whether to stop.

    It is told between all steps while that costs next to nothing, and every fifth of a second where
    it costs more (2 % of the time) and within steps that take most of a second.

    Parameters
    ----------
    run : FitRun
    n_steps : int
        Of the whole training.
    done : int
        Steps done.
    wants_stop : bool
        The person asked to stop and keep the best.
    """

    run: FitRun
    n_steps: int
    done: int = 0
    wants_stop: bool = False
    _next: float = 0.0
    _last_step_s: float = float("inf")
    _thread: ThreadPoolExecutor = field(
        default_factory=lambda: ThreadPoolExecutor(1, thread_name_prefix="sonde-step")
    )

    def beat(self) -> None:
        """Tell the progress, if it is time; raises what the run raises to stop the work."""
        if time.perf_counter() >= self._next:
            self.tell()

    def tell(self) -> None:
        """Tell the progress now."""
        started = time.perf_counter()
        self.run(min(1.0, self.done / max(1, self.n_steps)))
        self.wants_stop = self.wants_stop or self.run.wants_stop()
        now = time.perf_counter()
        self._next = now + min(_POLL_S, (now - started) / _SHARE)

    def during(self, work: Callable[[], T]) -> T:
        """Return ``work()``; where the last one was long, the progress is told meanwhile."""
        started = time.perf_counter()
        answer = self._watched(work) if self._last_step_s > _LONG_STEP_S else work()
        self._last_step_s = time.perf_counter() - started
        return answer

    def end(self) -> None:
        """Let the thread go; what still runs in it ends by itself."""
        self._thread.shutdown(wait=False)

    def _watched(self, work: Callable[[], T]) -> T:
        future = self._thread.submit(work)
        while not wait((future,), timeout=_POLL_S).done:
            self.tell()
        return future.result()
