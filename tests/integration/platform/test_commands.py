"""``sonde users`` on the real database."""

from contextvars import Context

import pytest
from typer.testing import CliRunner

from sonde.platform.api.commands import users
from sonde.platform.core.errors import Conflict, Forbidden, Invalid, NotFound, Unavailable
from sonde.platform.services import accounts
from sonde.platform.services.local import LOCAL, LocalAccess, local_request
from sonde.platform.services.work import unit_of_work

pytestmark = pytest.mark.integration


@pytest.fixture
def sonde(ports, admin):
    with unit_of_work(ports):
        email = accounts.me(admin).email

    def run(*arguments, fails=None, as_email=email):
        token = LOCAL.set(LocalAccess(lambda: ports, as_email))
        try:
            answer = CliRunner().invoke(users, arguments)
        finally:
            LOCAL.reset(token)
        if fails is not None:
            assert isinstance(answer.exception, fails), answer.output
        else:
            assert answer.exit_code == 0, (answer.output, answer.exception)
        return answer.output

    return run


def test_people_are_added_listed_changed_and_switched(sonde):
    assert "/sign-in/link/" in sonde("add", "eva@example.org", "--name", "Eva", "--role", "viewer")
    assert "eva@example.org  viewer  Eva" in sonde("list")
    assert "is analyst now" in sonde("role", "eva@example.org", "analyst")
    assert "switched off" in sonde("off", "eva@example.org")
    assert "switched off" in sonde("list")
    assert "switched on" in sonde("on", "eva@example.org")
    assert "/sign-in/link/" in sonde("link", "eva@example.org")
    assert "/sign-in/link/" in sonde("link")


def test_bad_wishes_are_named(ports, sonde, people):
    sonde("add", "not an address", "--name", "X", fails=Invalid)
    sonde("add", "new@example.org", "--name", "X", "--role", "king", fails=Invalid)
    sonde("role", "nobody@example.org", "admin", fails=NotFound)
    sonde("add", "twice@example.org", "--name", "X")
    sonde("add", "twice@example.org", "--name", "X", fails=Conflict)
    person = people("Uma")
    with unit_of_work(ports):
        email = accounts.me(person).email
    sonde("list", fails=Forbidden, as_email=email)


def test_without_an_installation_there_is_one_clear_line():
    with pytest.raises(Unavailable, match="reaches an installation"):
        Context().run(local_request().__enter__)
