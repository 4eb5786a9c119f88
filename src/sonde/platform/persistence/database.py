"""PostgreSQL: the engine, the base class of tables, and the current transaction.

Queries in any ``persistence`` room call `session()`; nobody passes sessions around. The edge
opens the transaction (see ``platform.services.work``), services never commit.
"""

import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial, wraps
from typing import Any, Final, ParamSpec, TypeVar

from sqlalchemy import DateTime, Engine, MetaData, String, create_engine, event
from sqlalchemy.exc import DataError, DBAPIError, DisconnectionError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.orm import DeclarativeBase, ORMExecuteState, Session

from sonde.platform.core.errors import Invalid, Unavailable
from sonde.platform.core.ports import NotKept, Reads
from sonde.platform.persistence.readings import Readings

ID_LENGTH = 26
_TRANSACTION: Final = "sonde.transaction"
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


@dataclass
class _Transaction:
    """What is open: the session begins with the first statement that somebody needs."""

    engine: Engine
    readings: Readings
    session: Session | None = None
    kept: dict[Any, Any] = field(default_factory=dict)
    reads: Reads = Reads.ANY
    has_written: bool = False

    def begun(self) -> Session:
        if self.reads is Reads.KEPT:
            raise NotKept
        if self.session is None:
            info = {_TRANSACTION: self}
            self.session = Session(self.engine, expire_on_commit=False, info=info)
        return self.session

    @property
    def has_unsaved(self) -> bool:
        current = self.session
        return current is not None and bool(current.new or current.dirty or current.deleted)

    def note(self, *, has_written: bool) -> None:
        """Note that something was written or locked: what was read before may have changed."""
        self.kept.clear()
        self.reads, self.has_written = Reads.ANEW, self.has_written or has_written


_transaction: ContextVar[_Transaction | None] = ContextVar("sonde_transaction", default=None)


def _current() -> _Transaction:
    found = _transaction.get()
    if found is None:
        raise RuntimeError("no unit of work is open here")
    return found


def session() -> Session:
    """Return the session of the current transaction.

    Raises
    ------
    RuntimeError
        Outside a unit of work: a programming error.
    """
    return _current().begun()


def remembered(
    *tables: type[Table],
) -> Callable[[Callable[Asked, Answer]], Callable[Asked, Answer]]:
    """Let a query of these tables with the same arguments be asked once, until they change.

    Within a transaction its answer is forgotten with the next thing that is written or locked: what
    was read before a lock may have changed until the lock was had. A transaction that has done
    neither may answer with what an earlier one has read, see `Readings`. Its rows belong to no
    session: who wants to change one locks it first, which reads it again.
    """

    def decorate(read: Callable[Asked, Answer]) -> Callable[Asked, Answer]:
        names = frozenset(one.__tablename__ for one in tables)

        @wraps(read)
        def answer(*positional: Asked.args, **named: Asked.kwargs) -> Answer:
            current = _current()
            if current.has_unsaved:
                return read(*positional, **named)
            key = (read, positional, tuple(sorted(named.items())))
            if key not in current.kept:
                asked = partial(read, *positional, **named)
                current.kept[key] = (
                    current.readings.answer(key, names, partial(_aside, current, asked))
                    if current.reads is not Reads.ANEW
                    else asked()
                )
            found: Answer = current.kept[key]
            return found

        return answer

    return decorate


def _aside(current: _Transaction, read: Callable[[], Answer]) -> Answer:
    """Read on the connection of a transaction, but into rows that are nobody's to change."""
    connection = current.begun().connection()
    with Session(connection, expire_on_commit=False, join_transaction_mode="rollback_only") as own:
        token = _transaction.set(_Transaction(current.engine, current.readings, own))
        try:
            found = read()
        finally:
            _transaction.reset(token)
        own.expunge_all()
        return found


@event.listens_for(Session, "do_orm_execute")
def _note_writes(state: ORMExecuteState) -> None:
    is_lock = getattr(state.statement, "_for_update_arg", None) is not None
    if is_lock or not state.is_select:
        _note(state.session, has_written=not state.is_select)


@event.listens_for(Session, "after_flush")
def _note_flush(current: Session, _context: object) -> None:
    _note(current, has_written=True)


def _note(current: Session, *, has_written: bool) -> None:
    transaction: _Transaction | None = current.info.get(_TRANSACTION)
    if transaction is not None:
        transaction.note(has_written=has_written)


@dataclass(frozen=True)
class Database:
    """One PostgreSQL database.

    Parameters
    ----------
    engine : Engine
    readings : Readings
        What was read before; it keeps something only where it follows the database.
    """

    engine: Engine
    readings: Readings = field(default_factory=Readings)

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
    def transaction(self, reads: Reads = Reads.ANY) -> Iterator[None]:
        """Open one transaction, make it the current one, commit at the end.

        Raises
        ------
        Unavailable
            If the database does not answer.
        NotKept
            If it would have to be asked, but `reads` does not allow it.
        """
        opened = _Transaction(self.engine, self.readings, reads=reads)
        token = _transaction.set(opened)
        try:
            yield
            if opened.session is not None:
                opened.session.commit()
        except PoolTimeout as error:
            raise Unavailable("Too much is going on at once; try again shortly.") from error
        except DBAPIError as error:
            raise _in_our_words(error) from error
        finally:
            _transaction.reset(token)
            if opened.session is not None:
                opened.session.close()  # what is not committed is rolled back
            if opened.has_written:
                self.readings.forget()

    def following(self) -> AbstractContextManager[None]:
        """Keep what is read inside, as long as the database tells what changes."""
        return self.readings.following(self.engine)

    def check(self) -> None:
        """Raise Unavailable if the database does not answer."""
        with self.transaction():
            session().connection().exec_driver_sql("select 1")


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
