"""Jobs that run by the clock, in the name of the first administrator."""

from sonde.platform.core.jobs import Job
from sonde.platform.persistence import jobs as rows
from sonde.platform.services import accounts, jobs
from sonde.platform.services.work import ports


def start_scheduled(kind: str) -> Job | None:
    """Queue a scheduled job, unless the last one of its kind is still at work.

    Raises NotFound for an unknown kind.
    """
    job_kind = ports().parts.job_kind(kind)
    if rows.is_any_unfinished(kind):
        return None
    actor = accounts.actor_for(accounts.first_administrator().id)
    return jobs.enqueue(actor, kind=kind, params={}, title=job_kind.title)
