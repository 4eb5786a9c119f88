"""Jobs as people start, see, cancel and retry them; what workers do is in `leases`."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import structlog

from sonde.platform.core.actor import Actor, Role
from sonde.platform.core.errors import Conflict, Forbidden, NotFound, Unavailable
from sonde.platform.core.jobs import Job, JobEvent, JobState
from sonde.platform.core.paging import Slice
from sonde.platform.core.ports import Ports
from sonde.platform.persistence import jobs as rows
from sonde.platform.services.work import after_commit, ports, unit_of_work

TOPIC = "jobs"
_log = structlog.get_logger(__name__)


def enqueue(
    actor: Actor, *, kind: str, params: Mapping[str, Any], title: str, subject_link: str = ""
) -> Job:
    """Queue a job of `kind`; a worker is woken once the unit of work is committed.

    Raises Forbidden for viewers and NotFound for an unknown kind.
    """
    actor.require(Role.ANALYST)
    job_kind = ports().parts.job_kind(kind)
    job_id = rows.add(
        job_kind,
        owner=(actor.user_id, actor.name, actor.workspace_id),
        title=title,
        link=subject_link,
        params=dict(params),
    )
    wake_after_commit(job_kind.queue, job_id)
    hint_after_commit(actor.user_id)
    return rows.as_job(_row(actor, job_id), ports().clock())


def get(actor: Actor, job_id: str) -> Job:
    """Return one job; raises NotFound for what is not the actor's to see."""
    return _view([_row(actor, job_id)])[0]


def list_jobs(
    actor: Actor, *, states: Sequence[JobState] = (), cursor: str = "", limit: int = 50
) -> Slice[Job]:
    """Return the jobs of the actor's workspaces, newest first."""
    found = rows.page(actor.workspace_ids, states=states, before=cursor, limit=limit + 1)
    return Slice.cut(_view(found), limit, key=lambda job: job.id)


def active(actor: Actor, *, limit: int = 50) -> tuple[Job, ...]:
    """Return the actor's own queued and running jobs, newest first."""
    return tuple(_view(rows.unfinished_of(actor.user_id, limit)))


def events_of(actor: Actor, job_id: str, *, limit: int = 500) -> tuple[JobEvent, ...]:
    """Return what happened to a job, oldest first; raises NotFound."""
    return rows.history(_row(actor, job_id).id, limit)


def cancel(actor: Actor, job_id: str) -> Job:
    """Cancel a job: from now on its worker can write nothing, and it stops within seconds.

    Raises NotFound, Forbidden for other people's jobs and Conflict if it is finished already.
    """
    row = _own_row(actor, job_id)
    if not rows.mark_cancelled(job_id):
        raise Conflict("This job is finished already.", job_id=job_id)
    rows.note(job_id, row.workspace_id, "cancelled", f"by {actor.name}")
    hint_after_commit(row.owner_id)
    tell_kind(row.kind, row.workspace_id, row.params)
    return get(actor, job_id)


def retry(actor: Actor, job_id: str) -> Job:
    """Start a failed or cancelled job again from its beginning.

    Raises NotFound, Forbidden for other people's jobs and Conflict for any other state.
    """
    row = _own_row(actor, job_id)
    if not rows.mark_queued_again(job_id):
        raise Conflict("Only a failed or cancelled job can be started again.", job_id=job_id)
    rows.note(job_id, row.workspace_id, "queued", f"again, by {actor.name}")
    wake_after_commit(row.queue, job_id)
    hint_after_commit(row.owner_id)
    return get(actor, job_id)


def tell_kind(name: str, workspace_id: str, params: Mapping[str, Any]) -> None:
    """Tell the kind of a job that the job has failed or was cancelled, in the same transaction."""
    try:
        kind = ports().parts.job_kind(name)
    except NotFound:  # its part is no longer installed: nobody is left to be told
        return
    if kind.ended is not None:
        kind.ended(workspace_id, params)


def wake_after_commit(queue: str, job_id: str) -> None:
    """Wake a worker once the job's row is there; a dead broker delays the job, no more."""
    outside = ports()
    after_commit(lambda: _wake(outside, queue, job_id))


def hint_after_commit(user_id: str, topic: str = TOPIC) -> None:
    """Tell a person's open pages to look again, once the change is there to see."""
    hints = ports().hints
    after_commit(lambda: hints.publish(user_id, topic))


def _wake(outside: Ports, queue: str, job_id: str) -> None:
    try:
        outside.queue.wake(queue, job_id)
    except Unavailable as error:
        _log.warning("job.wake_failed", job_id=job_id, queue=queue, error=error.message)
        _note_delay(outside, job_id)


def _note_delay(outside: Ports, job_id: str) -> None:
    try:
        with unit_of_work(outside):
            rows.mark_wake_failed(job_id)
    except Unavailable as error:
        # The job is committed; a sweep wakes it even if nobody could note that it waits.
        _log.warning("job.delay_not_noted", job_id=job_id, error=error.message)


def _row(actor: Actor, job_id: str) -> rows.JobRow:
    row = rows.find(job_id, actor.workspace_ids)
    if row is None:
        raise NotFound(f"There is no job {job_id}.", job_id=job_id)
    return row


def _own_row(actor: Actor, job_id: str) -> rows.JobRow:
    row = _row(actor, job_id)
    actor.require(Role.ANALYST)
    if row.owner_id != actor.user_id and actor.role is not Role.ADMIN:
        raise Forbidden("Only its owner or an administrator can change this job.", job_id=job_id)
    return row


def _view(found: Sequence[rows.JobRow]) -> list[Job]:
    now = ports().clock()
    jobs = [rows.as_job(row, now) for row in found]
    if any(job.state is JobState.QUEUED for job in jobs) and _broker_is_down():
        return [replace(job, delayed=job.state is JobState.QUEUED) for job in jobs]
    return jobs


def _broker_is_down() -> bool:
    try:
        ports().queue.check()
    except Unavailable:
        return True
    return False
