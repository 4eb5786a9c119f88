"""From a path to the page that stands there, framed; also for a page that has changed itself."""

from typing import Any

from dash import set_props

from sonde.platform.core.actor import Actor
from sonde.platform.core.domain import PageRequest
from sonde.platform.core.errors import NotFound
from sonde.platform.services import jobs
from sonde.platform.services.request import current_request
from sonde.platform.ui.components import PageView
from sonde.platform.ui.ids import ShellId
from sonde.platform.ui.routing import breadcrumbs, find_page, pages_of, query_of
from sonde.platform.ui.shell.frame import framed

LATEST = 20
"""Jobs and notifications that the shell tells of."""


def jobs_state(actor: Actor) -> str:
    """Return the person's latest jobs and how far they are: two texts differ if a job moved."""
    latest = jobs.list_jobs(actor, limit=LATEST).items
    return ",".join(f"{job.id}:{job.state.value}" for job in latest)


def page_at(actor: Actor, path: str, search: str | None) -> tuple[list[Any], dict[str, str]]:
    """Return the page at `path` and what the shell must know of it.

    ``jobs`` are the person's jobs as they were before the page was drawn: what has moved since
    may be missing on it.

    Raises
    ------
    NotFound, Forbidden
    """
    pages = pages_of(current_request().ports.parts)
    match = find_page(pages, path)
    if match is None:
        raise NotFound(f"There is no page at {path}.")
    actor.require(match.page.minimum_role)
    before = jobs_state(actor)
    made = match.page.layout(PageRequest(actor, path, match.params, query_of(search)))
    view = made if isinstance(made, PageView) else PageView(match.page.title, made)
    known = {"title": view.title, "path": path, "jobs": before}
    return framed(view, breadcrumbs(pages, match)), known


def show_again(actor: Actor, path: str, search: str = "") -> None:
    """Draw the page that is open at `path` anew, from within a callback that changed it."""
    content, view = page_at(actor, path, search)
    set_props(ShellId.CONTENT, {"children": content})
    set_props(ShellId.VIEW, {"data": view})
