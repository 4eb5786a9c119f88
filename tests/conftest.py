"""What tests share: the real servers, a migrated database, people, and the measured recordings."""

import os
import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import hypothesis
import pytest
import structlog

# How long an example takes says more about the machine's other work than about the code. New
# examples are looked for in the soak; elsewhere a red test means that the code has changed.
hypothesis.settings.register_profile(
    "sonde", deadline=None, derandomize=os.environ.get("SONDE_SOAK") != "1"
)
hypothesis.settings.load_profile("sonde")

# Traces as plain text: drawn with every local value, one of them takes seconds and megabytes.
structlog.configure(
    processors=[
        structlog.processors.add_log_level,
        structlog.dev.ConsoleRenderer(
            colors=False, exception_formatter=structlog.dev.plain_traceback
        ),
    ]
)

REAL_DATA = "SONDE_REAL_DATA"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Run the browser last: it keeps an event loop in the main thread until the session ends."""
    items.sort(key=lambda item: "browser" in item.path.parts)


@pytest.fixture(scope="session")
def real_data() -> Path:
    """The folder of measured data; the test is skipped where there is none."""
    folder = os.environ.get(REAL_DATA, "")
    if not folder or not Path(folder).is_dir():
        pytest.skip(f"{REAL_DATA} names no folder")
    return Path(folder)


def wait_until(condition: Callable[[], bool], seconds: float = 20.0, every: float = 0.02) -> None:
    """Wait until `condition` holds; fail the test if it does not."""
    end = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > end:
            pytest.fail(f"{condition} did not hold within {seconds} s")
        time.sleep(every)


@dataclass
class Server:
    """A real server process of a test session."""

    command: list[str]
    is_ready: Callable[[], bool]
    log: Path
    process: "subprocess.Popen[bytes] | None" = None

    def start(self) -> None:
        """Start it and wait until it answers."""
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(self.command, stdout=log, stderr=log)
        wait_until(self.is_ready)

    def stop(self, how: signal.Signals = signal.SIGINT) -> None:
        """Stop it, orderly or not."""
        if self.process is not None and self.process.poll() is None:
            self.process.send_signal(how)
            self.process.wait(30)


@pytest.fixture(scope="session")
def postgres(tmp_path_factory: pytest.TempPathFactory) -> Iterator["Postgres"]:
    """A real PostgreSQL with a migrated template database."""
    from sonde.app.supervisor.postgres import EmbeddedPostgres

    folder = tmp_path_factory.mktemp("pg")
    embedded = EmbeddedPostgres(folder / "cluster", folder / "secrets", durable=False)
    embedded.initialise()
    server = Server(embedded.command(), embedded.is_ready, folder / "log")
    server.start()
    cluster = Postgres(embedded, server)
    cluster.make_template()
    yield cluster
    server.stop()


@dataclass
class Postgres:
    """The cluster of a test session and the databases in it."""

    embedded: "object"
    server: Server
    made: int = 0

    def _execute(self, statement: str) -> None:
        import psycopg

        url = self.owner_url("postgres").replace("+psycopg", "")
        with psycopg.connect(url, autocommit=True) as connection:
            connection.execute(statement)

    def owner_url(self, database: str) -> str:
        """Return the owner's address of `database`."""
        return self.embedded.url(database=database)

    def app_url(self, database: str) -> str:
        """Return the address that web and workers use."""
        return self.embedded.url("sonde_app", database)

    def make_template(self) -> None:
        """Migrate one database, from which every test module gets a copy."""
        from sonde.app.migrations.run import prepare_database
        from sonde.app.supervisor.secrets import secret

        self._execute("create database sonde_template")
        password = secret(self.embedded.secrets_folder, "postgres-sonde_app")
        prepare_database(self.owner_url("sonde_template"), "sonde_app", password)

    def new_database(self, template: str = "sonde_template") -> str:
        """Make a database and return its name."""
        self.made += 1
        name = f"sonde_test_{self.made}"
        self._execute(f"create database {name} template {template}")
        return name

    def drop(self, name: str) -> None:
        """Drop a database, with whoever is connected."""
        self._execute(f"drop database {name} with (force)")


@pytest.fixture(scope="session")
def valkey(tmp_path_factory: pytest.TempPathFactory) -> Iterator["Valkey"]:
    """A real Valkey: broker in database 0, cache in database 1."""
    from sonde.app.supervisor.valkey import EmbeddedValkey, free_port

    folder = tmp_path_factory.mktemp("valkey")
    embedded = EmbeddedValkey(folder / "data", folder / "secrets", free_port())
    embedded.initialise()
    server = Server(embedded.command(), embedded.is_ready, folder / "log")
    server.start()
    yield Valkey(embedded, server)
    server.stop(signal.SIGTERM)


@dataclass
class Valkey:
    """The Valkey of a test session."""

    embedded: "object"
    server: Server

    def url(self, database: int) -> str:
        """Return the address of one of its databases."""
        return self.embedded.url(database)


@pytest.fixture(scope="module")
def database_name(postgres: Postgres) -> Iterator[str]:
    """A fresh, migrated database for this module."""
    name = postgres.new_database()
    yield name
    postgres.drop(name)


@pytest.fixture(scope="module")
def postgres_url(postgres: Postgres, database_name: str) -> str:
    """The owner's address of this module's database."""
    return postgres.owner_url(database_name)


@pytest.fixture(scope="module")
def app_database_url(postgres: Postgres, database_name: str) -> str:
    """The application's address of this module's database."""
    return postgres.app_url(database_name)


@pytest.fixture(scope="module")
def ports(app_database_url, valkey, tmp_path_factory):
    """Everything outside, for real: database, files in a folder, cache, queue, hints."""
    from redis import Redis

    from sonde.app.domains import PARTS
    from sonde.app.runtime import build_ports
    from sonde.app.settings import Settings

    home = tmp_path_factory.mktemp("home")
    for number in (0, 1):
        with Redis.from_url(valkey.url(number)) as client:
            client.flushdb()
    built = build_ports(
        Settings(
            home=home,
            database_url=app_database_url,
            broker_url=valkey.url(0),
            cache_url=valkey.url(1),
            files_url=(home / "files").as_uri(),
        ),
        PARTS,
    )
    yield built
    built.database.engine.dispose()


@pytest.fixture
def unit(ports):
    """One unit of work around the whole test; rolled back at the end."""
    from sonde.platform.services.work import unit_of_work

    class _RollBackError(Exception):
        pass

    try:
        with unit_of_work(ports):
            yield ports
            raise _RollBackError
    except _RollBackError:
        pass


def _person(ports, name, role):
    """Make an account with a workspace of its own and return the acting person."""
    from sonde.platform.core.identifiers import new_id
    from sonde.platform.persistence import accounts as rows
    from sonde.platform.services.work import unit_of_work

    with unit_of_work(ports):
        user_id = new_id()
        rows.add_user(
            rows.UserRow(
                id=user_id, email=f"{user_id.lower()}@example.org", name=name, role=role.value
            ),
            rows.WorkspaceRow(id=new_id(), name=name, owner_id=user_id),
        )
        return rows.actor_of(rows.find_user(user_id))


@pytest.fixture(scope="module")
def actor(ports):
    """An analyst with a workspace of her own."""
    from sonde.platform.core.actor import Role

    return _person(ports, "Ada", Role.ANALYST)


@pytest.fixture(scope="module")
def other_actor(ports):
    """Another analyst, in another workspace."""
    from sonde.platform.core.actor import Role

    return _person(ports, "Grace", Role.ANALYST)


@pytest.fixture(scope="module")
def viewer(ports):
    """Somebody who may look only."""
    from sonde.platform.core.actor import Role

    return _person(ports, "Vera", Role.VIEWER)


@pytest.fixture(scope="module")
def admin(ports):
    """An administrator."""
    from sonde.platform.core.actor import Role

    return _person(ports, "Root", Role.ADMIN)


@pytest.fixture
def people(ports):
    """Make people with accounts: ``people("Ada")`` is an analyst with a workspace of her own."""
    from dataclasses import replace

    from sonde.platform.core.actor import Role
    from sonde.platform.core.identifiers import new_id
    from sonde.platform.services import accounts
    from sonde.platform.services.work import unit_of_work

    def make(name, role=Role.ANALYST, workspace_id=""):
        with unit_of_work(ports):
            boss = accounts.actor_for(accounts.first_administrator().id)
            email = f"{name.lower()}-{new_id().lower()}@example.org"
            user = accounts.create_user(boss, email=email, name=name, role=role)
            actor = accounts.actor_for(user.id)
        if not workspace_id:
            return actor
        return replace(actor, workspace_id=workspace_id, workspace_ids=frozenset({workspace_id}))

    return make


@dataclass
class Web:
    """The real web application of a test module, behind its gate."""

    url: str
    ports: "object"
    application: "object"

    def token_of(self, actor) -> str:
        """Open a session for a person and return its id."""
        from sonde.platform.core.people import Visitor
        from sonde.platform.services import sessions
        from sonde.platform.services.work import unit_of_work

        with unit_of_work(self.ports):
            return sessions.sign_in_by_link(sessions.issue_link(actor.user_id), Visitor())

    def signed_in(self, actor):
        """Return a client that is signed in as `actor`."""
        import httpx

        return httpx.Client(base_url=self.url, cookies={"sonde": self.token_of(actor)}, timeout=30)

    def anonymous(self):
        """Return a client that nobody signed in."""
        import httpx

        return httpx.Client(base_url=self.url, timeout=30)


@pytest.fixture(scope="module")
def web(ports, app_database_url, valkey, tmp_path_factory):
    """The whole web application on a real server, with this module's database."""
    import threading

    import uvicorn

    from sonde.app.asgi import create_app
    from sonde.app.settings import Settings
    from sonde.app.supervisor.valkey import free_port

    port = free_port()
    settings = Settings(
        home=tmp_path_factory.mktemp("web"),
        port=port,
        database_url=app_database_url,
        broker_url=valkey.url(0),
        cache_url=valkey.url(1),
    )
    application = create_app(settings, ports)
    server = uvicorn.Server(
        uvicorn.Config(
            application, host="127.0.0.1", port=port, log_config=None, ws="websockets-sansio"
        )
    )
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    wait_until(lambda: server.started)
    yield Web(f"http://127.0.0.1:{port}", ports, application)
    server.should_exit = True
    thread.join(15)
