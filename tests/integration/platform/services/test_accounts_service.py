"""Accounts and sessions on the real database."""

from dataclasses import replace
from datetime import timedelta

import pytest

from sonde.platform.core.actor import Role
from sonde.platform.core.errors import Conflict, Forbidden, Invalid, NotFound, RateLimited
from sonde.platform.core.limiting import Limiter
from sonde.platform.core.people import NewProfile, Visitor
from sonde.platform.core.ports import utc_now
from sonde.platform.persistence.audit import AuditRow
from sonde.platform.persistence.database import session
from sonde.platform.services import accounts, idempotency, sessions, work
from sonde.platform.services.work import unit_of_work

pytestmark = pytest.mark.integration

PASSWORD = "a rather long sentence"
NEW_PASSWORD = "another sentence for the same door"
HERE = Visitor("127.0.0.1", "Firefox")


def _make(admin, email, **more):
    return accounts.create_user(admin, email=email, name="Eva", password=PASSWORD, **more)


def test_only_administrators_make_accounts(unit, actor, admin):
    with pytest.raises(Forbidden):
        _make(actor, "eva@example.org")
    user = _make(admin, " Eva@Example.org ")
    assert user.email == "eva@example.org"
    assert user.role is Role.ANALYST
    assert accounts.actor_for(user.id).workspace_id
    with pytest.raises(Conflict):
        _make(admin, "EVA@example.org")


@pytest.mark.parametrize("email", ["", "eva", "eva@", "a b@c.de", "x@y.z\r\nBcc: all", "@b.c"])
def test_malformed_addresses_are_refused(unit, admin, email):
    with pytest.raises(Invalid) as caught:
        _make(admin, email)
    assert caught.value.details["field"] == "email"


def test_everybody_has_a_workspace_of_their_own(actor, other_actor):
    assert actor.workspace_ids == {actor.workspace_id}
    assert actor.workspace_ids.isdisjoint(other_actor.workspace_ids)


def test_the_first_administrator_is_made_once(unit, admin):
    assert accounts.first_administrator().id == accounts.first_administrator().id


def test_the_last_administrator_stays_one(postgres, ports, admin):
    with unit_of_work(ports), pytest.raises(Conflict):
        accounts.change_role(admin, admin.user_id, Role.VIEWER)


def test_sign_in_gives_a_session_that_names_the_person(unit, admin):
    user = _make(admin, "eva@example.org")
    token = sessions.sign_in("EVA@example.org", PASSWORD, HERE)
    found = sessions.resolve(token)
    assert found is not None
    assert found[0].user_id == user.id
    assert [one.device for one in sessions.my_sessions(found[0])] == ["Firefox"]
    assert sessions.is_open(found[1])


def test_check_10_session_ids_are_new_long_and_die(unit, admin):
    _make(admin, "eva@example.org")
    first = sessions.sign_in("eva@example.org", PASSWORD, HERE)
    second = sessions.sign_in("eva@example.org", PASSWORD, HERE)
    assert first != second
    assert len(first) * 6 >= 128
    found = sessions.resolve(first)
    sessions.sign_out(found[0], found[1])
    session().expire_all()
    assert sessions.resolve(first) is None
    assert sessions.resolve(second) is not None
    assert sessions.sign_out_everywhere(found[0]) == 1
    session().expire_all()
    assert sessions.resolve(second) is None
    assert sessions.resolve("made up by an attacker") is None


def test_sessions_end_when_idle_and_in_any_case(unit, admin):
    _make(admin, "eva@example.org")
    token = sessions.sign_in("eva@example.org", PASSWORD, HERE)
    from sonde.platform.services import work

    current = work._current()
    real = current.ports
    for late, alive in ((timedelta(days=1), True), (timedelta(days=4), False)):
        current.ports = replace(real, clock=lambda late=late: utc_now() + late)
        assert (sessions.resolve(token) is not None) is alive
    sessions.forget_expired()
    current.ports = real
    session().expire_all()
    assert sessions.resolve(token) is None


def test_others_sessions_cannot_be_closed(unit, admin, other_actor):
    _make(admin, "eva@example.org")
    _, key = sessions.resolve(sessions.sign_in("eva@example.org", PASSWORD, HERE))
    with pytest.raises(NotFound):
        sessions.sign_out(other_actor, key)


def test_wrong_tries_are_counted_and_say_nothing_about_the_account(unit, admin):
    from sonde.platform.services import work

    current = work._current()
    current.ports = replace(current.ports, limiter=Limiter())
    _make(admin, "eva@example.org")
    messages = set()
    for email in ("eva@example.org", "nobody@example.org"):
        for _ in range(5):
            with pytest.raises(Invalid) as caught:
                sessions.sign_in(email, "not the password", HERE)
            messages.add(str(caught.value))
        with pytest.raises(RateLimited):
            sessions.sign_in(email, PASSWORD, HERE)
    assert len(messages) == 1
    assert sessions.sign_in("eva@example.org", PASSWORD, Visitor("127.0.0.2"))


def test_a_link_signs_in_once(unit, admin):
    user = _make(admin, "eva@example.org")
    old = sessions.issue_link(user.id)
    token = sessions.issue_link(user.id)
    assert not sessions.link_is_open(old)
    assert sessions.link_is_open(token)
    assert sessions.resolve(sessions.sign_in_by_link(token, HERE))
    with pytest.raises(NotFound):
        sessions.sign_in_by_link(token, HERE)


def test_switched_off_people_are_out_at_once(unit, admin):
    user = _make(admin, "eva@example.org")
    token = sessions.sign_in("eva@example.org", PASSWORD, HERE)
    accounts.set_active(admin, user.id, active=False)
    session().expire_all()
    assert sessions.resolve(token) is None
    with pytest.raises(Invalid):
        sessions.sign_in("eva@example.org", PASSWORD, Visitor("127.0.0.3"))
    with pytest.raises(Forbidden):
        accounts.set_active(admin, admin.user_id, active=False)


def test_the_profile_is_completed_after_a_link(unit, actor, other_actor):
    user = accounts.complete_profile(
        actor, NewProfile(" Ada  Lovelace ", "ada@example.org", PASSWORD)
    )
    assert (user.name, user.has_password) == ("Ada Lovelace", True)
    assert accounts.me(actor).email == "ada@example.org"
    with pytest.raises(Conflict):
        accounts.complete_profile(other_actor, NewProfile("X", "ada@example.org", PASSWORD))


def test_a_new_password_needs_the_old_one_and_ends_other_sessions(unit, admin):
    user = _make(admin, "eva@example.org")
    eva = accounts.actor_for(user.id)
    here, elsewhere = (sessions.sign_in("eva@example.org", PASSWORD, HERE) for _ in range(2))
    key = sessions.resolve(here)[1]
    for wrong in ("", "something else entirely"):
        with pytest.raises(Invalid, match="present password"):
            accounts.complete_profile(
                eva, NewProfile("Eva", "eva@example.org", NEW_PASSWORD, wrong), session_key=key
            )
    assert sessions.resolve(elsewhere) is not None
    accounts.complete_profile(
        eva, NewProfile("Eva", "eva@example.org", NEW_PASSWORD, PASSWORD), session_key=key
    )
    session().expire_all()
    assert sessions.resolve(here) is not None
    assert sessions.resolve(elsewhere) is None


def test_a_lost_password_is_forgotten_by_an_administrator_only(unit, admin, actor):
    user = _make(admin, "eva@example.org")
    with pytest.raises(Forbidden):
        accounts.forget_password(actor, user.id)
    accounts.forget_password(admin, user.id)
    session().expire_all()
    with pytest.raises(Invalid):
        sessions.sign_in("eva@example.org", PASSWORD, HERE)
    eva = accounts.actor_for(user.id)
    accounts.complete_profile(eva, NewProfile("Eva", "eva@example.org", NEW_PASSWORD))
    assert sessions.sign_in("eva@example.org", NEW_PASSWORD, HERE)


def test_looking_at_a_session_does_not_keep_it_open(unit, admin):
    _make(admin, "eva@example.org")
    token = sessions.sign_in("eva@example.org", PASSWORD, HERE)
    key = sessions.resolve(token)[1]
    current = work._current()
    later = current.ports.clock() + sessions.IDLE_LIFE - timedelta(minutes=5)
    current.ports = replace(current.ports, clock=lambda: later)
    assert sessions.is_open(key)
    session().expire_all()
    evening = later + timedelta(minutes=10)
    current.ports = replace(current.ports, clock=lambda: evening)
    assert not sessions.is_open(key)


def test_tries_count_before_the_password_is_compared(unit, admin, monkeypatch):
    _make(admin, "eva@example.org")
    current = work._current()
    limiter = Limiter()
    current.ports = replace(current.ports, limiter=limiter)
    compared = []
    seen = {}

    def compare(email, password):
        compared.append(email)
        if len(compared) == 1:  # while the first is compared, five more arrive
            for _ in range(5):
                with pytest.raises((Invalid, RateLimited)) as refused:
                    sessions.sign_in(email, "wrong", HERE)
                seen[type(refused.value)] = seen.get(type(refused.value), 0) + 1

    monkeypatch.setattr(accounts, "check_credentials", compare)
    with pytest.raises(Invalid):
        sessions.sign_in("eva@example.org", "wrong", HERE)
    assert seen == {Invalid: 4, RateLimited: 1}


def test_good_sign_ins_are_never_too_many(unit, admin):
    _make(admin, "eva@example.org")
    current = work._current()
    current.ports = replace(current.ports, limiter=Limiter())
    for _ in range(8):
        assert sessions.sign_in("eva@example.org", PASSWORD, HERE)


def test_administrators_see_and_change_people(unit, admin, actor):
    user = _make(admin, "eva@example.org")
    assert user.id in {one.id for one in accounts.list_users(admin)}
    assert accounts.find_user(admin, "eva@example.org").id == user.id
    assert accounts.change_role(admin, user.id, Role.VIEWER).role is Role.VIEWER
    assert accounts.actor_by_email("eva@example.org").role is Role.VIEWER
    with pytest.raises(Forbidden):
        accounts.list_users(actor)
    with pytest.raises(NotFound):
        accounts.find_user(admin, "nobody@example.org")


def test_what_was_done_is_written_down(unit, admin):
    user = _make(admin, "eva@example.org")
    sessions.sign_in("eva@example.org", PASSWORD, HERE)
    actions = [row.action for row in session().query(AuditRow).filter_by(target=user.id)]
    assert {"user.created", "session.opened"} <= set(actions)


def test_an_idempotency_key_gives_one_effect(unit, actor):
    done = []

    def do():
        done.append(1)
        return 201, {"id": "x"}

    for _ in range(3):
        assert idempotency.once(actor, "key", b"body", do) == (201, {"id": "x"})
    assert done == [1]
    with pytest.raises(Conflict):
        idempotency.once(actor, "key", b"other", do)
    with pytest.raises(Invalid):
        idempotency.once(actor, "", b"body", do)
