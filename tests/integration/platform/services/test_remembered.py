"""What was asked once is not asked again, until something is written, locked or told changed."""

import time
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import create_engine, event, select, text, update

from sonde.platform.persistence.accounts import UserRow
from sonde.platform.persistence.database import Table, remembered, session
from sonde.platform.persistence.readings import NAME
from sonde.platform.services.work import unit_of_work

pytestmark = pytest.mark.integration


@remembered(UserRow)
def name_of(user_id):
    """Return a person's name."""
    return session().scalar(select(UserRow.name).where(UserRow.id == user_id))


@pytest.fixture
def asked(ports):
    """The statements that were sent."""
    sent = []

    def note(_connection, _cursor, statement, *_rest):
        sent.append(statement)

    event.listen(ports.database.engine, "before_cursor_execute", note)
    yield sent
    event.remove(ports.database.engine, "before_cursor_execute", note)


def test_the_same_question_is_asked_once(ports, people, asked):
    ada = people("Ada")
    asked.clear()
    with unit_of_work(ports):
        assert (name_of(ada.user_id), name_of(ada.user_id)) == ("Ada", "Ada")
        assert len(asked) == 1
    with unit_of_work(ports):
        name_of(ada.user_id)
    assert len(asked) == 2  # nobody tells this process what changes


def test_what_is_written_is_seen(ports, people):
    ada = people("Ada")
    with unit_of_work(ports):
        assert name_of(ada.user_id) == "Ada"
        session().execute(update(UserRow).where(UserRow.id == ada.user_id).values(name="Eve"))
        assert name_of(ada.user_id) == "Eve"
        session().get(UserRow, ada.user_id).name = "Ida"
        assert name_of(ada.user_id) == "Ida"


def test_what_was_read_before_a_lock_is_read_again(ports, people):
    ada = people("Ada")
    with unit_of_work(ports):
        assert name_of(ada.user_id) == "Ada"
        with ports.database.engine.begin() as other:
            other.execute(text("update users set name = 'Eve' where id = :id"), {"id": ada.user_id})
        assert name_of(ada.user_id) == "Ada"
        session().scalar(select(UserRow.id).where(UserRow.id == ada.user_id).with_for_update())
        assert name_of(ada.user_id) == "Eve"


def test_a_connection_that_died_while_it_rested_is_replaced(ports, people, monkeypatch):
    monkeypatch.setattr("sonde.platform.persistence.database._IDLE_S", 0.0)
    ada, engine = people("Ada"), ports.database.engine
    engine.dispose()
    with engine.connect() as resting:
        pid = resting.scalar(text("select pg_backend_pid()"))
    other = create_engine(engine.url)
    with other.connect() as killer:
        killer.execute(text("select pg_terminate_backend(:pid)"), {"pid": pid})
    other.dispose()
    with unit_of_work(ports):
        assert name_of(ada.user_id) == "Ada"


@pytest.fixture
def followed(ports):
    """The ports of a process that is told what changes."""
    with ports.database.following():
        _until(lambda: ports.database.readings.is_followed)
        yield ports


def _until(holds: Callable[[], bool]) -> None:
    end = time.monotonic() + 10
    while not holds():
        assert time.monotonic() < end
        time.sleep(0.005)


def _name_in_own_work(ports, user_id):
    with unit_of_work(ports):
        return name_of(user_id)


def test_who_is_told_of_changes_asks_once_for_all_transactions(followed, people, asked):
    ada = people("Ada")
    _until(lambda: _is_kept(followed, ada))
    asked.clear()
    assert _name_in_own_work(followed, ada.user_id) == "Ada"
    assert not asked


def test_what_others_commit_is_seen_soon_and_what_is_ones_own_at_once(followed, people):
    ada, engine = people("Ada"), followed.database.engine
    assert _name_in_own_work(followed, ada.user_id) == "Ada"
    with engine.begin() as other:
        other.execute(text("update users set name = 'Eve' where id = :id"), {"id": ada.user_id})
    _until(lambda: _name_in_own_work(followed, ada.user_id) == "Eve")
    for name in ("Ida", "Uma"):
        with unit_of_work(followed):
            session().get(UserRow, ada.user_id).name = name
        assert _name_in_own_work(followed, ada.user_id) == name


def test_what_is_not_committed_is_seen_by_nobody_else(followed, people):
    ada = people("Ada")
    with unit_of_work(followed):
        session().execute(update(UserRow).where(UserRow.id == ada.user_id).values(name="Eve"))
        assert name_of(ada.user_id) == "Eve"
        session().rollback()
    assert _name_in_own_work(followed, ada.user_id) == "Ada"


def test_who_lost_the_line_keeps_nothing_until_it_stands_again(followed, people):
    ada, engine = people("Ada"), followed.database.engine
    _until(lambda: _is_kept(followed, ada))
    with engine.begin() as other:
        other.execute(
            text(
                "select pg_terminate_backend(pid) from pg_stat_activity where application_name = :n"
            ),
            {"n": NAME},
        )
        other.execute(text("update users set name = 'Eve' where id = :id"), {"id": ada.user_id})
    _until(lambda: not followed.database.readings.is_followed)
    assert _name_in_own_work(followed, ada.user_id) == "Eve"
    _until(lambda: followed.database.readings.is_followed)


def test_every_table_that_is_remembered_tells_of_its_changes(ports):
    """The decorators name their tables; each has the trigger that tells."""
    with ports.database.engine.connect() as connection:
        telling = connection.scalars(
            text("select tgrelid::regclass::text from pg_trigger where tgname like '%_tell_change'")
        ).all()
    source = Path("src/sonde")
    files = [one for one in source.rglob("persistence/*.py") if "@remembered(" in one.read_text()]
    assert files
    wanted = {
        name.strip()
        for one in files
        for line in one.read_text().splitlines()
        if line.startswith("@remembered(")
        for name in line.removeprefix("@remembered(").removesuffix(")").split(",")
    }
    tables = {one.class_.__name__: one.class_.__tablename__ for one in Table.registry.mappers}
    assert {tables[name] for name in wanted} == set(telling)


def _is_kept(ports, ada) -> bool:
    """Say whether an answer was kept: what the fixtures changed is told by and by."""
    _name_in_own_work(ports, ada.user_id)
    return bool(ports.database.readings._kept)
