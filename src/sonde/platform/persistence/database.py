"""PostgreSQL: the engine, the base class of tables, and the current transaction.

Queries in any ``persistence`` room call `session()`; nobody passes sessions around. The edge
opens the transaction (see ``platform.services.work``), services never commit.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import DateTime, Engine, MetaData, String, create_engine, text
from sqlalchemy.exc import DataError, DBAPIError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.orm import DeclarativeBase, Session, sessionmaker

from sonde.platform.core.errors import Invalid, Unavailable

_session: ContextVar[Session | None] = ContextVar("sonde_session", default=None)

ID_LENGTH = 26


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
            pool_pre_ping=True,
            pool_recycle=1800,
            connect_args={"connect_timeout": 5},
        )
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


def _in_our_words(error: DBAPIError) -> Exception:
    if isinstance(error, OperationalError) or error.connection_invalidated:
        return Unavailable("The database does not answer; try again shortly.")
    if isinstance(error, DataError):
        return Invalid("This holds a character or a number that cannot be stored.")
    return error
