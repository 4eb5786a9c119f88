"""Batches made in a thread ahead of the loop, so that the loop does not wait for files."""

import threading
import time
from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor, wait
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Generic, TypeVar

import numpy as np
from numpy.typing import NDArray

from sonde.learning.core.problem import ReadWindows

T = TypeVar("T")

_AHEAD = 4
_POLL_S = 0.25


@dataclass
class Feed(Generic[T]):
    """What the thread makes, in the order asked for whatever the thread's speed.

    Parameters
    ----------
    make : callable
        From a number to what is made; called in the thread.
    numbers : iterator of int
    thread : ThreadPoolExecutor
        Of one thread.
    on_wait : callable
        Called every quarter of a second while there is nothing to take; may raise.
    waited_s : float
        Time that the taker has waited so far.
    """

    make: Callable[[int], T]
    numbers: Iterator[int]
    thread: ThreadPoolExecutor
    on_wait: Callable[[], None]
    waited_s: float = 0.0
    _asked: "deque[Future[T]]" = field(default_factory=deque)

    def take(self) -> T:
        """Return the next one; raises what making it raised."""
        self._ask()
        first = self._asked.popleft()
        if not first.done():
            started = time.perf_counter()
            while not wait((first,), timeout=_POLL_S).done:
                self.on_wait()
            self.waited_s += time.perf_counter() - started
        self._ask()
        return first.result()

    def _ask(self) -> None:
        """Have a few made ahead, and no more: they take memory."""
        while len(self._asked) < _AHEAD:
            number = next(self.numbers, None)
            if number is None:
                return
            self._asked.append(self.thread.submit(self.make, number))


@contextmanager
def feeding(
    make: Callable[[int], T], numbers: Iterator[int], on_wait: Callable[[], None]
) -> Iterator[Feed[T]]:
    """Run a feed's thread for the length of a block, however the block is left.

    Parameters
    ----------
    make : callable
        From a number to what is made; called in the thread.
    numbers : iterator of int
    on_wait : callable
        Called every quarter of a second while there is nothing to take; may raise.

    Examples
    --------
    >>> with feeding(lambda number: number**2, iter(range(1, 4)), lambda: None) as feed:
    ...     [feed.take() for _ in range(3)]
    [1, 4, 9]
    """
    thread = ThreadPoolExecutor(1, thread_name_prefix="sonde-feed")
    try:
        yield Feed(make, numbers, thread, on_wait)
    finally:
        thread.shutdown(cancel_futures=True)


@dataclass
class RememberingReader:
    """Reads windows, and remembers those that fit into a memory of limited size.

    Several threads may ask at once; one of them reads.

    Parameters
    ----------
    read : callable
        From sample indices to float32 windows, shape (sample, channel, time).
    most_bytes : int

    Examples
    --------
    >>> reader = RememberingReader(lambda indices: np.ones((len(indices), 1, 4), np.float32))
    >>> reader(np.array([3, 5])).shape
    (2, 1, 4)
    """

    read: ReadWindows
    most_bytes: int = 2**20
    _known: dict[int, NDArray[np.float32]] = field(default_factory=dict)
    _bytes: int = 0
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def __call__(self, indices: NDArray[np.intp]) -> NDArray[np.float32]:
        """Return windows in the order asked for; only those not remembered are read."""
        wanted = indices.tolist()
        with self._lock:
            missing = [index for index in dict.fromkeys(wanted) if index not in self._known]
            fresh = dict(zip(missing, self._read(missing), strict=True)) if missing else {}
        return np.stack([self._known[i] if i in self._known else fresh[i] for i in wanted])

    def _read(self, missing: list[int]) -> NDArray[np.float32]:
        windows = np.asarray(self.read(np.array(missing, dtype=np.intp)), dtype=np.float32)
        for index, window in zip(missing, windows, strict=True):
            if self._bytes + window.nbytes <= self.most_bytes:
                self._known[index] = window.copy()
                self._bytes += window.nbytes
        return windows
