"""Jobs that run by the clock, in the name of the first administrator."""

from sonde.platform.core.jobs import Job
from sonde.platform.persistence import jobs as rows
from sonde.platform.services import accounts, jobs
from sonde.platform.services.work import ports

_KEPT = 50


def start_scheduled(kind: str) -> Job | None:
    """Queue a scheduled job, unless the last one is still at work or there is nothing to do.

    Of the earlier ones of its kind the newest stay, so that the clock does not fill the database.

    Raises NotFound for an unknown kind.
    """
    job_kind = ports().parts.job_kind(kind)
    if rows.is_any_unfinished(kind) or not _is_needed(kind):
        return None
    rows.forget_finished(kind, keep=_KEPT)
    actor = accounts.actor_for(accounts.first_administrator().id)
    return jobs.enqueue(actor, kind=kind, params={}, title=job_kind.title)


def _is_needed(kind: str) -> bool:
    schedules = (one for part in ports().parts.every for one in part.schedules)
    return all(
        one.is_needed() for one in schedules if one.job_kind == kind and one.is_needed is not None
    )
