"""Beat's watch over the process of live feeds: it is there while a feed is switched on."""

import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

_ASK_EVERY_S = 5.0
_PATIENCE_S = 5.0
_COMMAND = (sys.executable, "-P", "-m", "sonde.app.feeds")


class FeedWatch:
    """Starts the process of live feeds when one is wanted, and again should it die.

    The process leaves by itself once no feed has been on for a minute.

    Parameters
    ----------
    is_wanted : callable
        Whether a live feed is switched on.
    command : tuple of str
    ask_every_s : float
    """

    def __init__(
        self,
        is_wanted: Callable[[], bool],
        command: tuple[str, ...] = _COMMAND,
        ask_every_s: float = _ASK_EVERY_S,
    ) -> None:
        self._is_wanted = is_wanted
        self._command = command
        self._ask_every_s = ask_every_s
        self._over = threading.Event()
        self._process: subprocess.Popen[bytes] | None = None
        self._thread = threading.Thread(target=self._watch, name="feed-watch", daemon=True)

    def begin(self) -> None:
        """Begin to watch."""
        self._thread.start()

    def end(self) -> None:
        """Stop watching; ask the process to leave, and see that it does."""
        self._over.set()
        self._thread.join()
        if self._process is None or self._process.poll() is not None:
            return
        self._process.terminate()
        try:
            self._process.wait(_PATIENCE_S)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()

    def _watch(self) -> None:
        while not self._over.wait(self._ask_every_s):
            is_there = self._process is not None and self._process.poll() is None
            if not is_there and self._is_wanted():
                self._process = subprocess.Popen(self._command)


@contextmanager
def feeds_while_wanted(database_url: str) -> Iterator[None]:
    """Keep the process of live feeds running while a feed is switched on."""
    from sonde.markets.persistence.feeds_wanted import is_any_wanted

    watch = FeedWatch(lambda: is_any_wanted(database_url))
    watch.begin()
    try:
        yield
    finally:
        watch.end()
