"""Events become notifications once, for the right person, whatever dies in between."""

import pytest
from sqlalchemy import text

from sonde.platform.core.errors import NotFound
from sonde.platform.services import events, notifications
from sonde.platform.services.sweeps import sweep
from sonde.platform.services.work import unit_of_work

pytestmark = pytest.mark.integration


def _emit(ports, actor, title="CWRU was imported"):
    with unit_of_work(ports):
        events.emit(actor, kind="dataset.imported", title=title, link="/datasets/1")


def _titles(ports, actor, **filters):
    with unit_of_work(ports):
        return [note.title for note in notifications.list_notifications(actor, **filters).items]


def test_an_event_is_told_once_it_is_committed(ports, people):
    ada, eve = people("Ada"), people("Eve")
    _emit(ports, ada)
    assert _titles(ports, ada) == ["CWRU was imported"]
    assert _titles(ports, eve) == []
    with unit_of_work(ports):
        (note,) = notifications.list_notifications(ada).items
        assert (note.kind, note.link, note.is_read) == ("dataset.imported", "/datasets/1", False)
        assert notifications.unread_count(ada) == 1


def test_an_event_that_rolled_back_never_happened(ports, people):
    ada = people("Ada")
    with pytest.raises(RuntimeError), unit_of_work(ports):  # noqa: PT012
        events.emit(ada, kind="dataset.imported", title="Never")
        raise RuntimeError
    with unit_of_work(ports):
        sweep()
    assert _titles(ports, ada) == []


def test_a_sweep_delivers_what_a_dead_process_left(ports, people):
    ada = people("Ada")
    # A transaction without a unit of work around it ends like a process that died after it.
    with pytest.raises(RuntimeError), unit_of_work(ports):  # noqa: PT012
        with unit_of_work(ports):
            events.emit(ada, kind="k", title="Left")
            from sonde.platform.services import work

            work._current().after_commit.clear()
        raise RuntimeError
    assert _titles(ports, ada) == []
    for _ in range(2):
        with unit_of_work(ports):
            sweep()
    assert _titles(ports, ada) == ["Left"]


def test_reading_is_for_the_owner(ports, people):
    ada, eve = people("Ada"), people("Eve")
    for number in range(3):
        _emit(ports, ada, title=f"{number}")
    with unit_of_work(ports):
        newest = notifications.list_notifications(ada, limit=1)
        assert newest.items[0].title == "2"
        with pytest.raises(NotFound):
            notifications.mark_read(eve, [newest.items[0].id])
        assert notifications.mark_read(ada, [newest.items[0].id]) == 1
        assert notifications.mark_read(ada, [newest.items[0].id]) == 0
    assert _titles(ports, ada, unread_only=True) == ["1", "0"]
    assert _titles(ports, ada, cursor=newest.next_cursor) == ["1", "0"]
    with unit_of_work(ports):
        assert notifications.mark_all_read(ada) == 2
        assert notifications.unread_count(ada) == 0


def test_the_history_of_a_job_cannot_be_rewritten(ports, people):
    from sqlalchemy.exc import DBAPIError

    from sonde.platform.persistence import jobs as rows
    from sonde.platform.persistence.database import session

    ada = people("Ada")
    with unit_of_work(ports):
        rows.note("1" * 26, ada.workspace_id, "queued")
    with pytest.raises(DBAPIError, match="never changed"), unit_of_work(ports):
        session().execute(text("update job_events set name = 'other'"))
