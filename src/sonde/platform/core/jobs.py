"""Jobs: what a kind of job is, and what a running job may do.

The database decides about jobs; the queue only wakes workers. A job function is called with a
`JobRun` and the job's parameters, computes outside any transaction, and returns a `JobOutcome`.
"""

from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Protocol

from sonde.platform.core.actor import Actor


class JobState(StrEnum):
    """The life of a job."""

    QUEUED = "queued"
    RUNNING = "running"
    SUCCEEDED = "succeeded"
    FAILED = "failed"
    CANCELLED = "cancelled"

    @property
    def is_final(self) -> bool:
        """Whether the job will not change any more."""
        return self in {JobState.SUCCEEDED, JobState.FAILED, JobState.CANCELLED}


class JobCancelled(Exception):
    """The job was cancelled; leave at once and leave nothing behind."""


class LeaseLost(Exception):
    """Another worker has taken this job over; write nothing more."""


@dataclass(frozen=True)
class JobOutcome:
    """How a job ended.

    Parameters
    ----------
    result : mapping
        Small JSON-ready facts stored on the job's row and shown to people.
    effect : callable, optional
        Called inside the same fenced transaction that marks the job as succeeded: what it writes
        is written exactly once, however often workers die.
    """

    result: Mapping[str, Any] = field(default_factory=dict)
    effect: Callable[[], None] | None = None


class JobRun(Protocol):
    """What a job function may do while it runs."""

    job_id: str
    actor: Actor
    attempt: int

    def progress(self, phase: str, fraction: float, message: str = "") -> None:
        """Note how far the whole job is (0 to 1); raises JobCancelled or LeaseLost."""
        ...

    def check(self) -> None:
        """Raise JobCancelled or LeaseLost if the job should stop; cheap."""
        ...

    def checkpoint(self) -> Mapping[str, Any] | None:
        """Return what the last attempt saved, or None."""
        ...

    def save_checkpoint(self, data: Mapping[str, Any]) -> None:
        """Store small JSON-ready data to resume from; large data goes to files, named here."""
        ...

    def work(self) -> AbstractContextManager[None]:
        """Open one short unit of work, fenced: it fails if the lease is lost."""
        ...


JobFunction = Callable[[JobRun, Mapping[str, Any]], JobOutcome]


@dataclass(frozen=True)
class JobKind:
    """A kind of job.

    Parameters
    ----------
    name : str
        Such as ``"bearings.import"``.
    title : str
        Such as ``"Import recordings"``.
    queue : str
        ``"default"`` or ``"train"``.
    load : callable
        Returns the job function; imports what is heavy only then, in the worker's child.
    max_attempts : int
        Tries after worker deaths and `Unavailable` errors before the job fails.
    """

    name: str
    title: str
    queue: str
    load: Callable[[], JobFunction]
    max_attempts: int = 5
