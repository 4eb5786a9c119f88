"""A database of one's own is made ready; commands act in it; the doctor looks at it."""

import json
from dataclasses import replace

import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.pool import NullPool

from sonde.app.doctor import Verdict, examine, report
from sonde.app.domains import PARTS
from sonde.app.runtime import build_ports
from sonde.app.settings import Settings
from sonde.app.supervisor.home import prepare_home
from sonde.app.supervisor.prepare import first_link, load_sample, migrate
from sonde.app.supervisor.valkey import free_port
from sonde.platform.core.errors import NotFound, Unavailable
from sonde.platform.core.people import NewProfile
from sonde.platform.services import accounts
from sonde.platform.services.local import LOCAL, LocalAccess, local_request
from sonde.platform.services.work import unit_of_work


@pytest.fixture(scope="module")
def settings(postgres, valkey, tmp_path_factory):
    """Servers that are named by the environment, and a database that is not there yet."""
    home = tmp_path_factory.mktemp("own")
    prepare_home(home)
    yield Settings(
        home=home,
        port=free_port(),
        database_url=postgres.app_url("own_database"),
        database_owner_url=postgres.owner_url("own_database"),
        broker_url=valkey.url(0),
        cache_url=valkey.url(1),
    )
    postgres.drop("own_database")


@pytest.fixture(scope="module")
def prepared(settings):
    migrate(settings)
    made = build_ports(settings, PARTS)
    yield made
    made.database.engine.dispose()


def _as_app(settings, statement):
    engine = create_engine(settings.database_url, poolclass=NullPool)
    with engine.connect() as connection:
        return connection.execute(text(statement)).all()


def test_the_database_is_made_and_the_application_owns_nothing(settings, prepared):
    migrate(settings)
    owned = _as_app(settings, "select tablename from pg_tables where tableowner = current_user")
    assert owned == []
    assert _as_app(settings, "select count(*) from users") == [(0,)]


def test_the_first_administrator_gets_a_link_until_there_is_a_password(settings, prepared):
    link = first_link(settings, prepared)
    assert link.startswith(f"http://127.0.0.1:{settings.port}/sign-in/link/")
    assert first_link(settings, prepared) != link
    with unit_of_work(prepared):
        actor = accounts.actor_for(accounts.first_administrator().id)
        accounts.complete_profile(
            actor, NewProfile("Ada", "ada@example.org", "a probe for the deep sea")
        )
    assert first_link(settings, prepared) == ""


def test_the_sample_is_queued_once(settings, prepared):
    assert not load_sample(settings.model_copy(update={"sample_project": False}), prepared)
    assert load_sample(settings, prepared)
    assert not load_sample(settings, prepared)
    (settings.home / "run" / "sample-loaded").unlink()
    assert not load_sample(settings, prepared)


@pytest.mark.parametrize("wrong", ["postgresql+psycopg://nobody:x@/own?host=/nowhere", "nonsense"])
def test_a_database_that_refuses_is_one_sentence(settings, wrong):
    with pytest.raises(Unavailable, match=r"could not be prepared|is not an address"):
        migrate(settings.model_copy(update={"database_owner_url": wrong}))


def test_commands_act_as_the_administrator_or_as_somebody(prepared, settings):
    with unit_of_work(prepared):
        first = accounts.first_administrator()
        boss = accounts.actor_for(first.id)
        accounts.create_user(boss, email="grace@example.org", name="Grace")
    access = LocalAccess(lambda: prepared)
    token = LOCAL.set(access)
    try:
        with local_request() as request:
            assert request.actor.user_id == first.id
        LOCAL.set(replace(access, as_email="grace@example.org"))
        with local_request() as request:
            assert request.actor.name == "Grace"
        LOCAL.set(replace(access, as_email="nobody@example.org"))
        with pytest.raises(NotFound), local_request():
            pass
    finally:
        LOCAL.reset(token)


def test_the_doctor_finds_everything_well(settings, prepared):
    found = {finding.name: finding for finding in examine(settings)}
    assert [name for name, finding in found.items() if finding.is_bad] == []
    assert found["Database"].detail == "answers"


def test_the_doctor_names_what_is_wrong(settings, prepared):
    settings.home.chmod(0o755)
    dead = settings.model_copy(update={"broker_url": "redis://127.0.0.1:1/0"})
    said = []
    found = examine(dead)
    report(found, said.append, as_json=True)
    settings.home.chmod(0o700)
    bad = {finding.name for finding in found if finding.verdict is Verdict.BAD}
    assert bad == {"Home", "Job queue"}
    assert len(json.loads(said[0])["findings"]) == len(found)


def test_the_doctor_looks_where_nothing_runs(tmp_path):
    nowhere = Settings(home=tmp_path / "none", port=free_port())
    said = []
    report(examine(nowhere), said.append, as_json=False)
    assert any("sonde up" in line for line in said)
