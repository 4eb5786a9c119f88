"""What happens between the servers and the web: ``python -m sonde.app.supervisor.prepare``.

It runs as a process of its own, so that the supervisor stays small: migrates as the owner of the
database, makes the first administrator, queues the sample project, and answers in JSON.
"""

import json
import os
import sys

from sqlalchemy import create_engine, make_url, text
from sqlalchemy.exc import ArgumentError, DBAPIError, OperationalError
from sqlalchemy.pool import NullPool

from sonde.app.domains import PARTS
from sonde.app.migrations.run import prepare_database, upgrade
from sonde.app.runtime import open_ports
from sonde.app.settings import Settings, load_settings
from sonde.app.supervisor.gate import wait_at
from sonde.platform.core.errors import SondeError, Unavailable
from sonde.platform.core.ports import Ports
from sonde.platform.services import accounts, jobs, sessions
from sonde.platform.services.work import unit_of_work

SAMPLE_MARK = "sample-loaded"
LINK_PATH = "/sign-in/link/"


def migrate(settings: Settings) -> None:
    """Bring the database up to date, as its owner where one is named; raises Unavailable."""
    owner_url = settings.database_owner_url or settings.database_url
    try:
        app = make_url(settings.database_url)
        make_database(owner_url)
        if make_url(owner_url).username == app.username:
            upgrade(owner_url)
        else:
            prepare_database(owner_url, app.username or "", str(app.password or ""))
    except ArgumentError as error:
        raise Unavailable("DATABASE_URL or DATABASE_OWNER_URL is not an address.") from error
    except DBAPIError as error:
        said = str(error.orig).strip().splitlines()
        raise Unavailable(
            f"The database could not be prepared: {said[0] if said else error}"
        ) from error


def make_database(owner_url: str) -> None:
    """Make the database that `owner_url` names, if the server does not have it yet."""
    wanted = make_url(owner_url)
    engine = create_engine(
        wanted.set(database="postgres"), poolclass=NullPool, isolation_level="AUTOCOMMIT"
    )
    try:
        create_engine(wanted, poolclass=NullPool).connect().close()
    except OperationalError as error:
        if "does not exist" not in str(error.orig):
            raise
        with engine.connect() as connection:
            name = engine.dialect.identifier_preparer.quote(wanted.database or "")
            connection.execute(text(f"create database {name}"))


def first_link(settings: Settings, outside: Ports) -> str:
    """Return a one-time sign-in link while no administrator has a password; else nothing."""
    with unit_of_work(outside):
        administrator = accounts.first_administrator()
        if administrator.has_password:
            return ""
        token = sessions.issue_link(administrator.id)
    return f"{settings.public_origin}{LINK_PATH}{token}"


def load_sample(settings: Settings, outside: Ports) -> bool:
    """Queue the sample projects on the first start; say whether anything was queued."""
    mark = settings.home / "run" / SAMPLE_MARK
    samples = [part.sample for part in outside.parts.every if part.sample is not None]
    if not settings.sample_project or not samples or mark.exists():
        return False
    with unit_of_work(outside):
        actor = accounts.actor_for(accounts.first_administrator().id)
        # another machine's first start has filled a shared database already
        is_first = not jobs.list_jobs(actor, limit=1).items
        for sample in samples if is_first else ():
            title = outside.parts.job_kind(sample.job_kind).title
            jobs.enqueue(actor, kind=sample.job_kind, params=dict(sample.params), title=title)
    mark.touch(mode=0o600)
    return is_first


def _answer(settings: Settings) -> dict[str, object]:
    try:
        migrate(settings)
        with open_ports(settings, PARTS) as outside:
            link = first_link(settings, outside)
            return {"link": link, "sample": load_sample(settings, outside)}
    except SondeError as error:
        return {"error": error.message}


def main(gate: int, answer: int) -> None:
    """Prepare the installation of the environment; answer what the supervisor tells the person."""
    settings = load_settings()
    wait_at(gate)
    with os.fdopen(answer, "w", encoding="utf-8") as stream:
        json.dump(_answer(settings), stream)


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]))
