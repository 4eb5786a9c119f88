"""The home folder: private, held by one, and explained where it cannot be used."""

import errno
import os

import pytest

from sonde.app.supervisor import home as homes
from sonde.app.supervisor.home import explained, is_in_use, prepare_home, sole_user
from sonde.app.supervisor.secrets import secret
from sonde.app.supervisor.valkey import remembered_port
from sonde.platform.core.errors import Conflict, Unavailable


def test_a_new_home_is_private(tmp_path):
    prepare_home(tmp_path / "a" / "home")
    assert (tmp_path / "a" / "home").stat().st_mode & 0o777 == 0o700
    assert sorted(path.name for path in (tmp_path / "a" / "home").iterdir()) == [
        "logs",
        "run",
        "secrets",
    ]


def test_only_one_holds_it(tmp_path):
    prepare_home(tmp_path)
    assert not is_in_use(tmp_path)
    with sole_user(tmp_path):
        assert is_in_use(tmp_path)
        with (
            pytest.raises(Conflict, match=f"process {os.getpid()}"),
            sole_user(tmp_path),
        ):
            pass
    assert not is_in_use(tmp_path)


@pytest.mark.parametrize(
    ("number", "words"),
    [
        (errno.ENOSPC, "is full"),
        (errno.EROFS, "cannot be written"),
        (errno.EACCES, "cannot be written"),
        (errno.ENOTDIR, "cannot be used"),
    ],
)
def test_what_the_system_says_becomes_a_sentence(tmp_path, number, words):
    with pytest.raises(Unavailable, match=words), explained(tmp_path):
        raise OSError(number, os.strerror(number))


def test_a_full_disk_is_refused(tmp_path, monkeypatch):
    monkeypatch.setattr(homes, "free_mb", lambda _home: 10.0)
    with pytest.raises(Unavailable, match="10 MB are free"):
        prepare_home(tmp_path)


def test_a_secret_is_made_once_and_private(tmp_path):
    first = secret(tmp_path / "secrets", "one")
    assert len(first) > 40
    assert secret(tmp_path / "secrets", "one") == first
    assert secret(tmp_path / "secrets", "two") != first
    assert (tmp_path / "secrets" / "one").stat().st_mode & 0o777 == 0o600


def test_a_port_is_kept_unless_it_makes_no_sense(tmp_path):
    note = tmp_path / "port"
    first = remembered_port(note)
    assert remembered_port(note) == first
    note.write_text("nonsense")
    assert 0 < remembered_port(note) < 65536


def test_a_secret_that_was_never_written_whole_is_made_again(tmp_path):
    (tmp_path / "one").write_text("")
    made = secret(tmp_path, "one")
    assert len(made) > 40
    assert secret(tmp_path, "one") == made
    assert [path.name for path in tmp_path.iterdir()] == ["one"]
