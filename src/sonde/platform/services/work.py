"""The unit of work: opened and committed at the edge, seen by every service inside it."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field

import structlog

from sonde.platform.core.errors import SondeError
from sonde.platform.core.ports import Ports, Reads

_log = structlog.get_logger(__name__)


@dataclass
class _Work:
    ports: Ports
    after_commit: list[Callable[[], None]] = field(default_factory=list)


_work: ContextVar[_Work | None] = ContextVar("sonde_work", default=None)


def _current() -> _Work:
    work = _work.get()
    if work is None:
        raise RuntimeError("no unit of work is open here")
    return work


@contextmanager
def unit_of_work(ports: Ports, reads: Reads = Reads.ANY) -> Iterator[None]:
    """Open one transaction for everything inside; commit at the end, roll back on any error.

    Raises NotKept where it `reads` only what is kept, and something is not.

    What services asked for with `after_commit` runs once the commit is through; where one of
    these fails, it is logged and the others still run.
    """
    work = _Work(ports)
    token = _work.set(work)
    try:
        with ports.database.transaction(reads):
            yield
    finally:
        _work.reset(token)
    for action in work.after_commit:
        try:
            action()
        except (SondeError, OSError) as error:
            # What was committed stands; sweeps catch up with what was not told or removed.
            _log.warning("after_commit.failed", error=str(error), exc_info=error)


def ports() -> Ports:
    """Return what is outside: files, cache, queue, hints, clock."""
    return _current().ports


def after_commit(action: Callable[[], None]) -> None:
    """Run `action` once the current unit of work is committed; never if it rolls back."""
    _current().after_commit.append(action)
