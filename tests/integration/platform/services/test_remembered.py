"""What a transaction has asked once it does not ask again, until something is written or locked."""

import pytest
from sqlalchemy import create_engine, event, select, text, update

from sonde.platform.persistence.accounts import UserRow
from sonde.platform.persistence.database import remembered, session
from sonde.platform.services.work import unit_of_work

pytestmark = pytest.mark.integration


@remembered
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
    assert len(asked) == 2


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
