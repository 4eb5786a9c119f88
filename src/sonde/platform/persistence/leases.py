"""The worker's side of a job's row: who holds it, until when, and what a holder may write.

Every write names the fencing token. Whoever lost the lease holds an old token, and changes
nothing. Times are the database's own, so that the clocks of workers do not matter.
"""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

from sqlalchemy import func, or_, select, update

from sonde.platform.core.jobs import JobState, Lease, LeaseTiming
from sonde.platform.persistence.database import session
from sonde.platform.persistence.jobs import JobRow

_NOW = func.clock_timestamp()


def take(job_id: str, worker_id: str, timing: LeaseTiming) -> Lease | None:
    """Take a queued job that is due; None if there is no such job, or someone else has it."""
    row = session().scalar(
        select(JobRow)
        .where(
            JobRow.id == job_id, JobRow.state == JobState.QUEUED.value, JobRow.not_before <= _NOW
        )
        .with_for_update(skip_locked=True)
    )
    if row is None:
        return None
    row.state = JobState.RUNNING.value
    row.attempt += 1
    row.fruitless += 1
    row.lease_token += 1
    row.lease_until = _NOW + timedelta(seconds=timing.lease_s)
    row.worker_id = worker_id
    row.started_at = func.coalesce(JobRow.started_at, _NOW)
    row.eta_at = None
    row.wake_failed = False
    session().flush()
    return _as_lease(row, timing)


def _as_lease(row: JobRow, timing: LeaseTiming) -> Lease:
    return Lease(
        job_id=row.id,
        kind=row.kind,
        title=row.title,
        owner_id=row.owner_id,
        workspace_id=row.workspace_id,
        params=row.params,
        checkpoint=row.checkpoint,
        attempt=row.attempt,
        max_attempts=row.max_attempts,
        token=row.lease_token,
        timing=timing,
    )


def _fenced_update(lease: Lease, **values: Any) -> bool:
    changed = session().execute(
        update(JobRow)
        .where(
            JobRow.id == lease.job_id,
            JobRow.lease_token == lease.token,
            JobRow.state == JobState.RUNNING.value,
        )
        .values(**values)
        .returning(JobRow.id)
    )
    return changed.first() is not None


def extend(lease: Lease) -> bool:
    """Hold the job for one more lease; False if it is no longer ours."""
    return _fenced_update(lease, lease_until=_NOW + timedelta(seconds=lease.timing.lease_s))


def holds(lease: Lease) -> bool:
    """Say whether the lease is still ours, and keep it so until this transaction ends."""
    found = session().scalar(
        select(JobRow.id)
        .where(
            JobRow.id == lease.job_id,
            JobRow.lease_token == lease.token,
            JobRow.state == JobState.RUNNING.value,
        )
        .with_for_update()
    )
    return found is not None


def state_of(job_id: str) -> JobState | None:
    """Return the job's state, or None if it is gone."""
    state = session().scalar(select(JobRow.state).where(JobRow.id == job_id))
    return None if state is None else JobState(state)


def phase_of(lease: Lease) -> str:
    """Return what the job was last said to be doing."""
    return session().scalar(select(JobRow.phase).where(JobRow.id == lease.job_id)) or ""


def fruitless_tries(lease: Lease) -> int:
    """Return how many tries, this one included, have ended without a new checkpoint."""
    return session().scalar(select(JobRow.fruitless).where(JobRow.id == lease.job_id)) or 0


def write_progress(
    lease: Lease, *, phase: str, message: str, fraction: float, eta_s: float | None
) -> bool:
    """Write how far the job is; False if it is no longer ours."""
    return _fenced_update(
        lease,
        phase=phase,
        message=message,
        fraction=fraction,
        eta_at=None if eta_s is None else _NOW + timedelta(seconds=eta_s),
    )


def write_checkpoint(lease: Lease, data: Mapping[str, Any]) -> bool:
    """Store what the next attempt starts from; False if the job is no longer ours."""
    return _fenced_update(lease, checkpoint=dict(data), fruitless=0)


def write_success(lease: Lease, result: Mapping[str, Any]) -> bool:
    """Mark the job as succeeded; False if it is no longer ours."""
    return _fenced_update(
        lease,
        state=JobState.SUCCEEDED.value,
        result=dict(result),
        fraction=1.0,
        message="",
        eta_at=None,
        lease_until=None,
        checkpoint=None,
        finished_at=_NOW,
    )


def write_failure(lease: Lease, *, error: str, code: str) -> bool:
    """Mark the job as failed; False if it is no longer ours."""
    return _fenced_update(
        lease,
        state=JobState.FAILED.value,
        error=error,
        error_code=code,
        eta_at=None,
        lease_until=None,
        finished_at=_NOW,
    )


def write_release(lease: Lease, delay_s: float, message: str) -> bool:
    """Queue the job for another try after `delay_s`; False if it is no longer ours."""
    return _fenced_update(
        lease,
        state=JobState.QUEUED.value,
        message=message,
        eta_at=None,
        lease_token=JobRow.lease_token + 1,
        lease_until=None,
        not_before=_NOW + timedelta(seconds=delay_s),
        woken_at=None,
    )


def write_hand_over(lease: Lease) -> bool:
    """Queue the job for the next worker at once; False if it is no longer ours."""
    return _fenced_update(
        lease,
        state=JobState.QUEUED.value,
        eta_at=None,
        lease_token=JobRow.lease_token + 1,
        lease_until=None,
        fruitless=func.greatest(JobRow.fruitless - 1, 0),
        not_before=_NOW,
        woken_at=None,
    )


def expired(limit: int) -> Sequence[Lease]:
    """Return leases whose workers fell silent, locked for this transaction."""
    found = session().scalars(
        select(JobRow)
        .where(JobRow.state == JobState.RUNNING.value, JobRow.lease_until < _NOW)
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    return [_as_lease(row, LeaseTiming()) for row in found]


def claim_wakes(again_after_s: float, limit: int) -> Sequence[tuple[str, str]]:
    """Return (queue, job id) of due jobs that no worker seems to know of; note them as woken.

    A job that waits long is woken again at growing intervals, so that a busy queue does not
    fill up with reminders.
    """
    patience = func.greatest(timedelta(seconds=again_after_s), (_NOW - JobRow.created_at) / 2)
    found = session().scalars(
        select(JobRow)
        .where(
            JobRow.state == JobState.QUEUED.value,
            JobRow.not_before <= _NOW,
            or_(JobRow.woken_at.is_(None), JobRow.woken_at < _NOW - patience),
        )
        .order_by(JobRow.id)
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    due = []
    for row in found:
        row.woken_at = _NOW
        row.wake_failed = False
        due.append((row.queue, row.id))
    session().flush()
    return due
