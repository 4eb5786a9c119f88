"""What the platform itself brings: its pages, routers, commands and jobs."""

from collections.abc import Sequence
from types import ModuleType

from sonde.platform.core.domain import Domain, EventKind


def _tables() -> Sequence[ModuleType]:
    from sonde.platform.services import events, jobs

    return (events, jobs)


PLATFORM = Domain(
    slug="platform",
    title="Sonde",
    tables=_tables,
    event_kinds=(EventKind("job.failed", "A job failed"),),
)
