"""Long calls into compiled code that can still be cancelled."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor, wait
from typing import TypeVar

T = TypeVar("T")

_POLL_S = 0.25


def run_interruptibly(work: Callable[[], T], on_poll: Callable[[], None]) -> T:
    """Return ``work()``, calling `on_poll` every quarter of a second while it runs.

    `work` must spend its time in code that releases the interpreter's lock. If `on_poll` raises,
    the error leaves at once; the abandoned thread ends by itself and its answer is dropped.

    Parameters
    ----------
    work : callable
    on_poll : callable

    Examples
    --------
    >>> run_interruptibly(lambda: 6 * 7, lambda: None)
    42
    """
    executor = ThreadPoolExecutor(1, thread_name_prefix="sonde-fit")
    future = executor.submit(work)
    executor.shutdown(wait=False)
    while not wait((future,), timeout=_POLL_S).done:
        on_poll()
    return future.result()
