"""How the desk stands: what answers, what streams, what is collected, and what this costs."""

import os
import resource
from dataclasses import dataclass

from sonde.markets.services import collection, feeds
from sonde.platform.core.actor import Actor
from sonde.platform.core.health import PartHealth
from sonde.platform.services.health import check_parts
from sonde.platform.services.work import ports


@dataclass(frozen=True)
class Resources:
    """What this process and its machine measure now.

    Parameters
    ----------
    n_cpus : int
    load_average : float
        Processes that want to run, over the last minute.
    peak_memory_mb : float
        The most memory that this process has had.
    """

    n_cpus: int
    load_average: float
    peak_memory_mb: float


@dataclass(frozen=True)
class MarketStatus:
    """How the desk stands.

    Parameters
    ----------
    parts : tuple of PartHealth
        Database, queue, cache, files.
    feeds : tuple of LiveFeed
    collecting, failing : int
        Collections that are on, and those of them whose last look found nothing.
    resources : Resources
    """

    parts: tuple[PartHealth, ...]
    feeds: tuple[feeds.LiveFeed, ...]
    collecting: int
    failing: int
    resources: Resources

    @property
    def is_well(self) -> bool:
        """Whether every part answers."""
        return all(part.is_up for part in self.parts)


def status(actor: Actor) -> MarketStatus:
    """Measure how the desk stands."""
    there = [one for one in collection.statistics(actor) if one.is_on]
    return MarketStatus(
        parts=check_parts(ports()),
        feeds=feeds.list_feeds(actor),
        collecting=len(there),
        failing=sum(one.is_failing for one in there),
        resources=_measured(),
    )


def _measured() -> Resources:
    peak_kb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return Resources(os.cpu_count() or 1, os.getloadavg()[0], peak_kb / 1000)
