"""What the platform itself brings: its pages, routers, commands and jobs."""

from collections.abc import Sequence
from typing import Any

from sonde.platform.core.domain import Domain, EventKind


def _pages() -> Sequence[Any]:
    from sonde.platform.ui.pages import PAGES

    return PAGES


def _routers() -> Sequence[Any]:
    from sonde.platform.api import jobs, notifications

    return (jobs.ROUTER, notifications.ROUTER)


def _commands() -> Sequence[tuple[str, Any]]:
    from sonde.platform.api.commands import COMMANDS

    return COMMANDS


def _tables() -> Sequence[Any]:
    from sonde.platform.services.tables import TABLES

    return TABLES


PLATFORM = Domain(
    slug="platform",
    title="Sonde",
    pages=_pages,
    routers=_routers,
    commands=_commands,
    tables=_tables,
    event_kinds=(EventKind("job.failed", "A job failed"),),
)
