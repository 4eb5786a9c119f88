"""The sweep: what was left lying by workers, brokers and processes that died is picked up."""

from dataclasses import dataclass

from sonde.platform.persistence import leases as rows
from sonde.platform.services import events, leases
from sonde.platform.services.jobs import wake_after_commit

_BATCH = 100
_WAKE_AGAIN_AFTER_S = 15.0
SILENT = "Its worker stopped without a word."


@dataclass(frozen=True)
class Swept:
    """What one sweep found: jobs taken from silent workers, jobs woken, people told."""

    released: int
    woken: int
    told: int


def sweep() -> Swept:
    """Queue jobs of silent workers again, wake workers for forgotten jobs, deliver events.

    Runs in one unit of work; any number of sweeps may run at the same time.
    """
    silent = rows.expired(_BATCH)
    for lease in silent:
        leases.release(lease, SILENT)
    due = rows.claim_wakes(_WAKE_AGAIN_AFTER_S, _BATCH)
    for queue, job_id in due:
        wake_after_commit(queue, job_id)
    return Swept(released=len(silent), woken=len(due), told=events.deliver_pending())
