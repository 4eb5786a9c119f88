"""Builds what is outside (database, files, cache, queue, hints) from the settings."""

from collections.abc import Iterator
from contextlib import contextmanager

from sonde.app.settings import Settings
from sonde.platform.core.errors import Unavailable
from sonde.platform.core.parts import Parts
from sonde.platform.core.ports import Ports
from sonde.platform.core.quota import Quota
from sonde.platform.persistence.broadcast import ValkeyBroadcast
from sonde.platform.persistence.cache import ValkeyCache
from sonde.platform.persistence.database import Database
from sonde.platform.persistence.files import open_files
from sonde.platform.persistence.hints import ValkeyHints
from sonde.platform.persistence.limiting import SharedLimiter
from sonde.platform.persistence.queue import CeleryQueue


def build_ports(settings: Settings, parts: Parts) -> Ports:
    """Connect nothing yet, but know where everything is.

    Raises
    ------
    Unavailable
        If no database or broker is named, so nothing runs here.
    """
    if not (settings.database_url and settings.broker_url and settings.cache_url):
        raise Unavailable(
            f"Nothing runs in {settings.home}. Start it with 'sonde up', choose another folder "
            "with --home, or set DATABASE_URL, BROKER_URL and CACHE_URL."
        )
    files_url = settings.files_url or (settings.home / "files").as_uri()
    return Ports(
        database=Database.connect(settings.database_url),
        files=open_files(files_url, settings.home / "cache"),
        cache=ValkeyCache.connect(settings.cache_url),
        queue=CeleryQueue.connect(settings.broker_url),
        hints=ValkeyHints.connect(settings.cache_url),
        parts=parts,
        limiter=SharedLimiter(settings.cache_url),
        broadcast=ValkeyBroadcast.connect(settings.cache_url),
        quota=Quota(settings.quota_files, settings.quota_gb * 1_000_000_000),
    )


@contextmanager
def open_ports(settings: Settings, parts: Parts) -> Iterator[Ports]:
    """Connect for a short while, and close the database's connections at the end."""
    outside = build_ports(settings, parts)
    try:
        yield outside
    finally:
        if isinstance(outside.database, Database):
            outside.database.engine.dispose()
