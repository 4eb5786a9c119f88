"""From a path to the page that stands there, framed; also for a page that has changed itself."""

from typing import Any

from dash import set_props

from sonde.platform.core.actor import Actor
from sonde.platform.core.domain import PageRequest
from sonde.platform.core.errors import NotFound
from sonde.platform.services.request import current_request
from sonde.platform.ui.components import PageView
from sonde.platform.ui.ids import ShellId
from sonde.platform.ui.routing import breadcrumbs, find_page, pages_of, query_of
from sonde.platform.ui.shell.frame import framed


def page_at(actor: Actor, path: str, search: str | None) -> tuple[list[Any], dict[str, str]]:
    """Return the page at `path` and what the shell must know of it.

    Raises
    ------
    NotFound, Forbidden
    """
    pages = pages_of(current_request().ports.parts)
    match = find_page(pages, path)
    if match is None:
        raise NotFound(f"There is no page at {path}.")
    actor.require(match.page.minimum_role)
    made = match.page.layout(PageRequest(actor, path, match.params, query_of(search)))
    view = made if isinstance(made, PageView) else PageView(match.page.title, made)
    return framed(view, breadcrumbs(pages, match)), {"title": view.title, "path": path}


def show_again(actor: Actor, path: str, search: str = "") -> None:
    """Draw the page that is open at `path` anew, from within a callback that changed it."""
    content, view = page_at(actor, path, search)
    set_props(ShellId.CONTENT, {"children": content})
    set_props(ShellId.VIEW, {"data": view})
