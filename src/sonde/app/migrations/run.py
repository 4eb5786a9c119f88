"""Brings the database to the version of the code, one process at a time.

Migrations run as the owner of the database. Web and workers connect as a role that owns no table
and cannot bypass row-level security; `prepare_roles` makes it and grants it the rows.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from psycopg import sql
from sqlalchemy import Connection, create_engine, text
from sqlalchemy.pool import NullPool

# Any fixed number will do, as long as every process asks for the same one.
_LOCK = 7_302_110


def _config(connection: Connection | None = None) -> Config:
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent))
    config.attributes["connection"] = connection
    return config


@contextmanager
def _locked(owner_url: str) -> Iterator[Connection]:
    engine = create_engine(owner_url, poolclass=NullPool)
    with engine.connect() as connection:
        connection.execute(text("select pg_advisory_lock(:lock)"), {"lock": _LOCK})
        connection.commit()
        try:
            yield connection
            connection.commit()
        finally:
            connection.rollback()
            connection.execute(text("select pg_advisory_unlock(:lock)"), {"lock": _LOCK})
            connection.commit()
    engine.dispose()


def newest() -> str:
    """Return the newest revision that the code knows."""
    return ScriptDirectory.from_config(_config()).get_current_head() or ""


def upgrade(owner_url: str, revision: str = "head") -> None:
    """Migrate up to `revision`."""
    with _locked(owner_url) as connection:
        command.upgrade(_config(connection), revision)


def downgrade(owner_url: str, revision: str = "base") -> None:
    """Migrate down to `revision`."""
    with _locked(owner_url) as connection:
        command.downgrade(_config(connection), revision)


def prepare_roles(owner_url: str, app_role: str, app_password: str) -> None:
    """Make the role that web and workers use, and grant it the rows of all tables to come."""
    role = sql.Identifier(app_role)
    statements = [
        sql.SQL("alter role {} with login nosuperuser nobypassrls password {}").format(
            role, sql.Literal(app_password)
        ),
        sql.SQL("grant usage on schema public to {}").format(role),
        sql.SQL("revoke create on schema public from public"),
        sql.SQL("grant select, insert, update, delete on all tables in schema public to {}").format(
            role
        ),
        sql.SQL("grant usage, select on all sequences in schema public to {}").format(role),
        sql.SQL(
            "alter default privileges in schema public "
            "grant select, insert, update, delete on tables to {}"
        ).format(role),
        sql.SQL(
            "alter default privileges in schema public grant usage, select on sequences to {}"
        ).format(role),
    ]
    with _locked(owner_url) as connection:
        raw = connection.connection.dbapi_connection
        assert raw is not None  # noqa: S101 - a connection that was just opened has one
        cursor = raw.cursor()
        cursor.execute("select 1 from pg_roles where rolname = %s", (app_role,))
        if cursor.fetchone() is None:
            cursor.execute(sql.SQL("create role {} nologin").format(role))
        for statement in statements:
            cursor.execute(statement)
        raw.commit()


def prepare_database(owner_url: str, app_role: str, app_password: str) -> None:
    """Make the application's role and migrate: all that a new database needs."""
    prepare_roles(owner_url, app_role, app_password)
    upgrade(owner_url)
