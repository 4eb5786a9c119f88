"""What a process has read from the database, kept until somebody changes it.

Triggers tell with every commit which table has changed (NOTIFY); whoever follows them need not ask
again for what nobody has touched. A process that does not follow, or has lost its connection, keeps
nothing. What another process commits is seen here some milliseconds later, as if one had asked that
much earlier; what this process commits is seen at once. Work that writes or locks always reads anew
(see `database.remembered`).
"""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, Final

import psycopg
import structlog
from sqlalchemy import Engine
from sqlalchemy.exc import DBAPIError

CHANNEL: Final = "sonde_changed"
NAME: Final = "sonde: what changes"
_MOST = 2_000
_LOOK_EVERY_S = 1.0
_TRY_AGAIN_S = 1.0
_log = structlog.get_logger(__name__)


@dataclass
class Readings:
    """Answers of queries by what was asked, and the tables that each was read from."""

    is_followed: bool = False
    _kept: dict[Any, tuple[frozenset[str], Any]] = field(default_factory=dict)
    _changes: int = 0
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def answer(self, key: Any, tables: frozenset[str], read: Callable[[], Any]) -> Any:
        """Return what was read before under `key`, or read it; any thread may ask."""
        found = self._kept.get(key)
        if found is not None:
            return found[1]
        changes = self._changes
        value = read()
        with self._lock:  # what changed while it was read may or may not be in it
            if self.is_followed and changes == self._changes:
                if len(self._kept) >= _MOST:
                    self._kept.clear()
                self._kept[key] = tables, value
        return value

    def forget(self, table: str = "") -> None:
        """Forget what was read from a table; without one, everything."""
        with self._lock:
            self._changes += 1
            if not table:
                self._kept.clear()
            for key in [key for key, (tables, _) in self._kept.items() if table in tables]:
                del self._kept[key]

    @contextmanager
    def following(self, engine: Engine) -> Iterator[None]:
        """Keep readings inside, as long as the database tells what changes."""
        ended = threading.Event()
        listener = threading.Thread(
            target=self._follow, args=(engine, ended), name="readings", daemon=True
        )
        listener.start()
        try:
            yield
        finally:
            ended.set()
            self._trust(is_followed=False)

    def _follow(self, engine: Engine, ended: threading.Event) -> None:
        while not ended.is_set():
            try:
                self._listen(engine, ended)
            except (psycopg.Error, DBAPIError) as error:
                _log.warning("readings.lost", error=str(error))
            self._trust(is_followed=False)
            ended.wait(_TRY_AGAIN_S)

    def _listen(self, engine: Engine, ended: threading.Event) -> None:
        """Listen on a connection of its own, and look now and then whether it still stands."""
        positional, named = engine.dialect.create_connect_args(engine.url)
        own = {**named, "application_name": NAME, "autocommit": True}
        with psycopg.connect(*positional, **own) as connection:
            connection.execute(f"LISTEN {CHANNEL}")
            self._trust(is_followed=True)
            while not ended.is_set():
                for told in connection.notifies(timeout=_LOOK_EVERY_S):
                    self.forget(told.payload)
                connection.execute("SELECT 1")

    def _trust(self, *, is_followed: bool) -> None:
        with self._lock:
            self.is_followed = is_followed
            self._changes += 1
            self._kept.clear()
