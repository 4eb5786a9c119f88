"""The sweep of prices: uploads that nobody stored, and files that no series speaks of any more."""

from datetime import timedelta

from sonde.markets.persistence import price_imports
from sonde.markets.persistence import series as series_rows
from sonde.markets.services.price_imports import PREFIX as UPLOADS
from sonde.markets.services.price_imports import forget_file
from sonde.markets.services.price_store import PREFIX as PRICES
from sonde.platform.core.identifiers import is_id, made_at
from sonde.platform.services.work import after_commit, ports

_WAITS = timedelta(hours=24)


def sweep() -> int:
    """Let go of uploads older than a day and of files that a dead process left; return how many."""
    old = ports().clock() - _WAITS
    waiting = price_imports.waiting_before(old)
    for row in waiting:
        price_imports.change(row.id, state="expired")
        forget_file(row)
    known = series_rows.file_keys() | price_imports.file_keys()
    orphans = [key for key in _old_keys() if key not in known]
    files = ports().files
    for key in orphans:
        after_commit(lambda key=key: files.delete(key))  # type: ignore[misc]
    return len(waiting) + len(orphans)


def _old_keys() -> list[str]:
    """Return keys of files made more than a day ago: a younger one may not be committed yet."""
    files, old = ports().files, ports().clock() - _WAITS
    keys = [*files.keys(UPLOADS), *files.keys(PRICES)]
    return [key for key in keys if is_id(_made(key)) and made_at(_made(key)) < old]


def _made(key: str) -> str:
    return key.rpartition("/")[2].removesuffix(".parquet").rpartition("-")[2]
