"""The sweep of imports: what nobody came back to is let go, with every file that it put aside."""

from datetime import timedelta

from sonde.bearings.persistence import imports as rows
from sonde.bearings.services.imports import forget_files
from sonde.bearings.services.uploads import PREFIX
from sonde.platform.core.identifiers import is_id, made_at
from sonde.platform.services.work import after_commit, ports

_WAITS = timedelta(hours=24)
_REMEMBERED = timedelta(days=30)


def sweep() -> int:
    """Let go of imports that wait for more than a day; return how many.

    They stay in their owner's list for a month as expired. Uploads that no import speaks of,
    left by a process that died, are deleted too.
    """
    now = ports().clock()
    swept = 0
    for row in rows.made_before(now - _WAITS):
        if row.state in {"reading", "ready"}:
            rows.change(row.id, state="expired", understood=[])
            forget_files(row)
            swept += 1
        elif row.created_at < now - _REMEMBERED:
            rows.remove(row.id)
    _sweep_orphans()
    return swept


def _sweep_orphans() -> None:
    files, old = ports().files, ports().clock() - _WAITS
    known = rows.upload_keys()
    for key in list(files.keys(PREFIX)):
        name = key.removeprefix(PREFIX)
        if key not in known and is_id(name) and made_at(name) < old:
            after_commit(lambda key=key: files.delete(key))  # type: ignore[misc]
