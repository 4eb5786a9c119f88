"""Jobs: what a kind of job is, and what a running job may do.

The database decides about jobs; the queue only wakes workers. A job function is called with a
`JobRun` and the job's parameters, computes outside any transaction, and returns a `JobOutcome`.
"""

from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import datetime
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


class WorkerLeaves(LeaseLost):
    """This worker is being stopped; another goes on from the last checkpoint."""


@dataclass(frozen=True)
class JobOutcome:
    """How a job ended.

    Parameters
    ----------
    result : mapping
        Small JSON-ready facts stored on the job's row and shown to people. A ``"link"`` in it
        leads to what the job made and takes the place of the job's own link.
    effect : callable, optional
        Called inside the same fenced transaction that marks the job as succeeded: what it writes
        is written exactly once, however often workers die.
    """

    result: Mapping[str, Any] = field(default_factory=dict)
    effect: Callable[[], None] | None = None


class JobRun(Protocol):
    """What a job function may do while it runs."""

    @property
    def job_id(self) -> str:
        """The job's id."""
        ...

    @property
    def actor(self) -> Actor:
        """The job's owner, acting."""
        ...

    @property
    def attempt(self) -> int:
        """The present try, counted from 1."""
        ...

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
        Tries after worker deaths and `Unavailable` errors before the job fails; a new checkpoint
        begins the count again.
    ended : callable, optional
        Called with the job's workspace and params, in the transaction in which it fails or is
        cancelled; what follows a success is the `effect` of its `JobOutcome`.
    """

    name: str
    title: str
    queue: str
    load: Callable[[], JobFunction]
    max_attempts: int = 5
    ended: Callable[[str, Mapping[str, Any]], None] | None = None


@dataclass(frozen=True)
class Job:
    """One job, as people and services see it.

    Parameters
    ----------
    id, kind, title : str
    queue : str
        The queue whose workers run it.
    params : mapping
        What it was started with.
    owner_id, owner_name, workspace_id : str
    state : JobState
    phase, message : str
        What it is doing, in words.
    fraction : float
        How far the whole job is, 0 to 1.
    eta_s : float, optional
        Seconds until it is done; None while nobody can say.
    attempt, max_attempts : int
        The present try, counted from 1, and how many there may be without a new checkpoint.
    error, error_code : str
        The sentence for people and its name for machines; empty unless it failed.
    result : mapping
        What it found, once it has succeeded.
    link : str
        Path of the page of what the job is about, or empty.
    delayed : bool
        It waits because the broker is down; it is not lost.
    created_at : datetime
    started_at, finished_at : datetime, optional
    """

    id: str
    kind: str
    title: str
    queue: str
    params: Mapping[str, Any]
    owner_id: str
    owner_name: str
    workspace_id: str
    state: JobState
    phase: str
    message: str
    fraction: float
    eta_s: float | None
    attempt: int
    max_attempts: int
    error: str
    error_code: str
    result: Mapping[str, Any]
    link: str
    delayed: bool
    created_at: datetime
    started_at: datetime | None
    finished_at: datetime | None

    @property
    def can_retry(self) -> bool:
        """Whether starting it again makes sense."""
        return self.state in {JobState.FAILED, JobState.CANCELLED}


@dataclass(frozen=True)
class JobEvent:
    """One thing that happened to a job; never changed once written."""

    id: str
    job_id: str
    at: datetime
    name: str
    message: str


@dataclass(frozen=True)
class LeaseTiming:
    """How a worker holds on to a job.

    Parameters
    ----------
    lease_s : float
        A job whose worker was silent for this long is given to another.
    beat_s : float
        Time between two heartbeats; each also notices a cancelled job.
    grace_s : float
        Time that a job function has to leave after a cancel before its process is ended.
    """

    lease_s: float = 15.0
    beat_s: float = 1.0
    grace_s: float = 3.0


@dataclass(frozen=True)
class Lease:
    """A worker's hold on a job; the token outdates every earlier one.

    Parameters
    ----------
    job_id, kind, title : str
    owner_id, workspace_id : str
        Whose job it is, and where its rows go.
    params : mapping
    checkpoint : mapping, optional
        What the last attempt saved.
    attempt, max_attempts : int
    token : int
        Fencing token: a write under an older one changes nothing.
    timing : LeaseTiming
    """

    job_id: str
    kind: str
    title: str
    owner_id: str
    workspace_id: str
    params: Mapping[str, Any]
    checkpoint: Mapping[str, Any] | None
    attempt: int
    max_attempts: int
    token: int
    timing: LeaseTiming


def retry_delay_s(attempt: int) -> float:
    """Return how long to wait before the try after `attempt`: 1, 2, 4 ... at most 60 s.

    Examples
    --------
    >>> [retry_delay_s(attempt) for attempt in (1, 2, 3, 10)]
    [1.0, 2.0, 4.0, 60.0]
    """
    return float(min(2 ** (attempt - 1), 60))


def remaining_s(elapsed_s: float, first_fraction: float, fraction: float) -> float | None:
    """Return how long the rest takes at the pace so far.

    Parameters
    ----------
    elapsed_s : float
        Time since `first_fraction` was reached, in seconds.
    first_fraction, fraction : float
        How far the job was then and is now, 0 to 1.

    Returns
    -------
    float or None
        Seconds; None while there is no pace to go by.

    Examples
    --------
    >>> remaining_s(10.0, 0.5, 0.75)
    10.0
    >>> remaining_s(10.0, 0.5, 0.5) is None
    True
    """
    if fraction <= first_fraction or elapsed_s <= 0.0:
        return None
    return elapsed_s * (1.0 - fraction) / (fraction - first_fraction)
