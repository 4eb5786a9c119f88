"""The unit of work on the real database."""

import threading

import pytest
from sqlalchemy import text

from sonde.platform.core.errors import Invalid, Unavailable
from sonde.platform.persistence.database import Database, session
from sonde.platform.persistence.database import session as current_session
from sonde.platform.services.work import after_commit, unit_of_work

pytestmark = pytest.mark.integration


def test_an_action_that_fails_after_the_commit_stops_no_other(ports, capsys):
    done = []

    def fails():
        raise Unavailable("The queue does not answer.")

    with unit_of_work(ports):
        after_commit(fails)
        after_commit(lambda: done.append(1))
    assert done == [1]
    assert "after_commit.failed" in capsys.readouterr().out


def test_what_cannot_be_stored_is_the_askers_mistake(ports):
    with pytest.raises(Invalid, match="cannot be stored"), unit_of_work(ports):
        session().execute(text("select :word"), {"word": "a\0b"})


def test_too_many_at_once_are_asked_to_come_again(ports):
    database = Database.connect(
        ports.database.engine.url.render_as_string(hide_password=False), pool_size=1
    )
    database.engine.pool._timeout = 0.2
    database.engine.pool._max_overflow = 0
    held, free = threading.Event(), threading.Event()

    def hold():
        with database.transaction():
            current = current_session()
            current.execute(text("select 1"))
            held.set()
            free.wait(10)

    holder = threading.Thread(target=hold)
    holder.start()
    try:
        assert held.wait(10)
        with pytest.raises(Unavailable, match="Too much"):
            database.check()
    finally:
        free.set()
        holder.join()
        database.engine.dispose()
