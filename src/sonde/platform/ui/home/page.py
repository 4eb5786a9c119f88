"""One visit of the home page."""

from collections.abc import Iterator

from sonde.platform.core.actor import Actor
from sonde.platform.core.domain import PageRequest
from sonde.platform.core.jobs import Job, JobState
from sonde.platform.services import jobs
from sonde.platform.services.health import check_parts
from sonde.platform.services.work import ports
from sonde.platform.ui.components import PageView
from sonde.platform.ui.home.cards import HomeCard
from sonde.platform.ui.home.layout import Home, home_view

_ACTIVE = (JobState.QUEUED, JobState.RUNNING)


def show(request: PageRequest) -> PageView:
    """Return the page."""
    return home_view(home_of(request.actor))


def home_of(actor: Actor) -> Home:
    """Return everything that the page shows."""
    return Home(
        name=actor.name,
        cards=tuple(_cards(actor)),
        health=check_parts(ports()),
        loading=_loading(actor),
    )


def _cards(actor: Actor) -> Iterator[HomeCard]:
    for part in ports().parts.every:
        if part.home_cards is not None:
            yield from part.home_cards(actor)


def _loading(actor: Actor) -> tuple[Job, ...]:
    kinds = {part.sample.job_kind for part in ports().parts.every if part.sample}
    active = jobs.list_jobs(actor, states=_ACTIVE, limit=20).items
    return tuple(job for job in active if job.kind in kinds)
