"""What a worker does with a job: take it, keep it, note how far it is, end it. All fenced.

Each function belongs in a short unit of work of its own, and raises JobCancelled or LeaseLost
if the job is no longer this worker's.
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from sonde.platform.core.actor import Actor
from sonde.platform.core.jobs import (
    JobCancelled,
    JobOutcome,
    JobState,
    Lease,
    LeaseLost,
    LeaseTiming,
    retry_delay_s,
)
from sonde.platform.persistence import jobs as rows
from sonde.platform.persistence import leases
from sonde.platform.services import accounts, events
from sonde.platform.services.jobs import hint_after_commit, tell_kind

FAILED = "job.failed"


def take(job_id: str, worker_id: str, timing: LeaseTiming) -> Lease | None:
    """Take a queued job; None if it is not there to be taken (any more, or yet)."""
    lease = leases.take(job_id, worker_id, timing)
    if lease is not None:
        _note(lease, "started", f"attempt {lease.attempt}")
    return lease


def owner_of(lease: Lease) -> Actor:
    """Return the job's owner as the actor of its work; raises NotFound if there is none now."""
    return replace(accounts.actor_for(lease.owner_id), workspace_id=lease.workspace_id)


def beat(lease: Lease) -> None:
    """Say that the worker lives."""
    _fence(lease, leases.extend(lease))


def hold(lease: Lease) -> None:
    """Make sure that what this unit of work writes is written by the job's only worker."""
    _fence(lease, leases.holds(lease))


def note_progress(
    lease: Lease, *, phase: str, fraction: float, eta_s: float | None, message: str = ""
) -> None:
    """Write how far the job is; a new phase goes into its history."""
    changes_phase = leases.phase_of(lease) != phase
    _fence(
        lease,
        leases.write_progress(lease, phase=phase, message=message, fraction=fraction, eta_s=eta_s),
    )
    if changes_phase:
        rows.note(lease.job_id, lease.workspace_id, "phase", phase)
    hint_after_commit(lease.owner_id)


def save_checkpoint(lease: Lease, data: Mapping[str, Any]) -> None:
    """Store what the next attempt starts from."""
    _fence(lease, leases.write_checkpoint(lease, data))
    rows.note(lease.job_id, lease.workspace_id, "checkpoint")


def succeed(lease: Lease, outcome: JobOutcome) -> None:
    """Write the job's effect and its success, both or neither."""
    if outcome.effect is not None:
        outcome.effect()
    _fence(lease, leases.write_success(lease, outcome.result))
    _note(lease, "succeeded")


def fail(lease: Lease, error: str, code: str) -> None:
    """End the job with the sentence that its owner reads."""
    _fence(lease, leases.write_failure(lease, error=error, code=code))
    _note(lease, "failed", error)
    events.emit_to(
        lease.owner_id,
        lease.workspace_id,
        kind=FAILED,
        title=f"{lease.title} failed",
        body=error,
        link=f"/jobs?job={lease.job_id}",
    )
    tell_kind(lease.kind, lease.workspace_id, lease.params)


def release(lease: Lease, reason: str) -> bool:
    """Queue the job for another try after a pause, or fail it after too many; say which.

    Only tries without a new checkpoint count: a job that gets on is not given up.
    """
    tries = leases.fruitless_tries(lease)
    if tries >= lease.max_attempts:
        fail(lease, f"{reason} (tried {tries} times)", "unavailable")
        return False
    delay_s = retry_delay_s(max(1, tries))
    _fence(lease, leases.write_release(lease, delay_s, reason))
    _note(lease, "retry", f"in {delay_s:g} s: {reason}")
    return True


def hand_over(lease: Lease) -> None:
    """Leave the job to the next worker, without a pause and without counting this try."""
    _fence(lease, leases.write_hand_over(lease))
    _note(lease, "handed over", "its worker was stopped")


def _fence(lease: Lease, still_ours: bool) -> None:
    if still_ours:
        return
    if leases.state_of(lease.job_id) is JobState.CANCELLED:
        raise JobCancelled
    raise LeaseLost


def _note(lease: Lease, name: str, message: str = "") -> None:
    rows.note(lease.job_id, lease.workspace_id, name, message)
    hint_after_commit(lease.owner_id)
