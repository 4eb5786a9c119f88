"""Health: the same checks for the home page, ``/readyz`` and ``sonde doctor``."""

from collections.abc import Callable

from sonde.platform.core.errors import Unavailable
from sonde.platform.core.health import PartHealth
from sonde.platform.core.ports import Ports


def check_parts(ports: Ports) -> tuple[PartHealth, ...]:
    """Ask every part behind the product whether it answers; needs no unit of work."""
    return (
        _asked("Database", ports.database.check),
        _asked("Job queue", ports.queue.check),
        _asked("Cache", ports.cache.check),
        _asked("Files", ports.files.check),
    )


def _asked(name: str, check: Callable[[], None]) -> PartHealth:
    try:
        check()
    except Unavailable as error:
        return PartHealth(name, is_up=False, detail=error.message)
    return PartHealth(name, is_up=True)
