"""Jobs over REST: list, look, cancel, start again."""

from datetime import datetime
from typing import Any

from pydantic import BaseModel, ConfigDict

from sonde.platform.api.routing import Acting, Cursor, Limit, router
from sonde.platform.core.jobs import JobState
from sonde.platform.services import jobs

ROUTER = router("/jobs", tag="Jobs")


class JobBody(BaseModel):
    """One job; poll it, or listen on the hints socket and look again."""

    model_config = ConfigDict(from_attributes=True)

    id: str
    kind: str
    title: str
    queue: str
    params: dict[str, Any]
    owner_id: str
    owner_name: str
    state: JobState
    phase: str
    message: str
    fraction: float
    eta_s: float | None
    attempt: int
    max_attempts: int
    error: str
    error_code: str
    result: dict[str, Any]
    link: str
    delayed: bool
    created_at: datetime
    started_at: datetime | None
    finished_at: datetime | None


class JobPage(BaseModel):
    """Part of the list of jobs, newest first."""

    items: list[JobBody]
    next_cursor: str | None


class JobEventBody(BaseModel):
    """One thing that happened to a job."""

    model_config = ConfigDict(from_attributes=True)

    id: str
    at: datetime
    name: str
    message: str


class JobHistory(BaseModel):
    """Everything that happened to a job, oldest first."""

    items: list[JobEventBody]


@ROUTER.get("")
def list_jobs(
    actor: Acting, state: JobState | None = None, limit: Limit = 50, cursor: Cursor = ""
) -> JobPage:
    """List the jobs of your workspaces, newest first."""
    states = [state] if state else []
    page = jobs.list_jobs(actor, states=states, cursor=cursor, limit=limit)
    bodies = [JobBody.model_validate(job) for job in page.items]
    return JobPage(items=bodies, next_cursor=page.next_cursor or None)


@ROUTER.get("/{job_id}")
def get_job(actor: Acting, job_id: str) -> JobBody:
    """Look at one job: its state, how far it is, what it found."""
    return JobBody.model_validate(jobs.get(actor, job_id))


@ROUTER.get("/{job_id}/events")
def get_job_events(actor: Acting, job_id: str) -> JobHistory:
    """List what happened to a job."""
    events = jobs.events_of(actor, job_id)
    return JobHistory(items=[JobEventBody.model_validate(event) for event in events])


@ROUTER.post("/{job_id}/cancel")
def cancel_job(actor: Acting, job_id: str) -> JobBody:
    """Cancel a job; it stops within five seconds and leaves nothing behind."""
    return JobBody.model_validate(jobs.cancel(actor, job_id))


@ROUTER.post("/{job_id}/retry")
def retry_job(actor: Acting, job_id: str) -> JobBody:
    """Start a failed or cancelled job again from its beginning."""
    return JobBody.model_validate(jobs.retry(actor, job_id))
