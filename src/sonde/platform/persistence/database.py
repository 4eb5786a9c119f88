"""PostgreSQL: the engine, the base class of tables, and the current transaction.

Queries in any ``persistence`` room call `session()`; nobody passes sessions around. The edge
opens the transaction (see ``platform.services.work``), services never commit.
"""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import datetime
from functools import wraps
from typing import Any, Final, ParamSpec, TypeVar

from sqlalchemy import DateTime, Engine, MetaData, String, create_engine, event, text
from sqlalchemy.exc import DataError, DBAPIError, DisconnectionError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.orm import DeclarativeBase, ORMExecuteState, Session, sessionmaker

from sonde.platform.core.errors import Invalid, Unavailable

_session: ContextVar[Session | None] = ContextVar("sonde_session", default=None)

ID_LENGTH = 26
_REMEMBERED: Final = "sonde.remembered"
_IDLE_S: Final = 1.0
_RETURNED: Final = "sonde.returned"

Asked = ParamSpec("Asked")
Answer = TypeVar("Answer")


class Table(DeclarativeBase):
    """Base of every table; constraint names are fixed so that migrations can name them."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(column_0_label)s",
            "uq": "uq_%(table_name)s_%(column_0_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map = {str: String, datetime: DateTime(timezone=True)}  # noqa: RUF012


def session() -> Session:
    """Return the session of the current transaction.

    Raises
    ------
    RuntimeError
        Outside a unit of work: a programming error.
    """
    current = _session.get()
    if current is None:
        raise RuntimeError("no unit of work is open here")
    return current


def remembered(read: Callable[Asked, Answer]) -> Callable[Asked, Answer]:
    """Let a query with the same arguments be asked once in a transaction.

    Its answer is forgotten with the next thing that the transaction writes or locks: what was
    read before a lock may have changed until the lock was had.
    """

    @wraps(read)
    def answer(*positional: Asked.args, **named: Asked.kwargs) -> Answer:
        current = session()
        if current.new or current.dirty or current.deleted:
            return read(*positional, **named)
        kept: dict[Any, Any] = current.info.setdefault(_REMEMBERED, {})
        key = (read, positional, tuple(sorted(named.items())))
        if key not in kept:
            kept[key] = read(*positional, **named)
        found: Answer = kept[key]
        return found

    return answer


@event.listens_for(Session, "do_orm_execute")
def _forget_on_writes(state: ORMExecuteState) -> None:
    is_lock = getattr(state.statement, "_for_update_arg", None) is not None
    if is_lock or not state.is_select:
        state.session.info.pop(_REMEMBERED, None)


@event.listens_for(Session, "after_flush")
def _forget_on_flush(current: Session, _context: object) -> None:
    current.info.pop(_REMEMBERED, None)


@dataclass(frozen=True)
class Database:
    """One PostgreSQL database.

    Parameters
    ----------
    engine : Engine
    """

    engine: Engine

    @classmethod
    def connect(cls, url: str, *, pool_size: int = 10) -> "Database":
        """Make the engine; no connection is opened yet."""
        engine = create_engine(
            url,
            pool_size=pool_size,
            max_overflow=pool_size,
            pool_recycle=1800,
            connect_args={"connect_timeout": 5},
        )
        event.listen(engine, "checkin", _note_return)
        event.listen(engine, "checkout", _check_rested)
        return cls(engine)

    @contextmanager
    def transaction(self) -> Iterator[Session]:
        """Open one transaction, make it the current one, commit at the end.

        Raises
        ------
        Unavailable
            If the database does not answer.
        """
        maker = sessionmaker(self.engine, expire_on_commit=False)
        with maker() as current:
            token = _session.set(current)
            try:
                yield current
                current.commit()
            except PoolTimeout as error:
                raise Unavailable("Too much is going on at once; try again shortly.") from error
            except DBAPIError as error:
                current.rollback()
                raise _in_our_words(error) from error
            finally:
                _session.reset(token)

    def check(self) -> None:
        """Raise Unavailable if the database does not answer."""
        with self.transaction() as current:
            current.execute(text("select 1"))


def _note_return(_connection: object, record: Any) -> None:
    record.info[_RETURNED] = time.monotonic()


def _check_rested(connection: Any, record: Any, _proxy: object) -> None:
    """Ask a connection that has rested whether it is still there; the pool replaces it if not."""
    if time.monotonic() - record.info.get(_RETURNED, 0.0) < _IDLE_S:
        return
    try:
        connection.execute("select 1")
        connection.rollback()
    except connection.Error as error:
        raise DisconnectionError from error


def _in_our_words(error: DBAPIError) -> Exception:
    if isinstance(error, OperationalError) or error.connection_invalidated:
        return Unavailable("The database does not answer; try again shortly.")
    if isinstance(error, DataError):
        return Invalid("This holds a character or a number that cannot be stored.")
    return error
