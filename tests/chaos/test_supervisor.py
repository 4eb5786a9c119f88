"""``sonde up``, for real: start, kill parts, refuse, stop, and leave nothing behind."""

import os
import re
import shutil
import signal
import subprocess
import sys
import time
import urllib.request
from dataclasses import dataclass, field
from pathlib import Path

import psutil
import pytest

from sonde.app.settings import Settings, environment_name
from sonde.app.supervisor.valkey import free_port

SONDE = Path(sys.executable).with_name("sonde")
OURS = {"web", "worker-default", "worker-train", "beat"}


def _environment():
    known = {environment_name(name) for name in Settings.model_fields}
    kept = {name: value for name, value in os.environ.items() if name not in known}
    return kept | {"SONDE_SAMPLE_PROJECT": "false"}


@dataclass
class Installation:
    """One home folder and the supervisor that runs in it."""

    home: Path
    port: int = field(default_factory=free_port)
    process: "subprocess.Popen[str] | None" = None
    settings: "dict[str, str]" = field(default_factory=dict)

    @property
    def output(self):
        return self.home.with_suffix(".out")

    def start(self):
        """Start it and wait until it says that it runs."""
        with self.output.open("w") as out:
            self.process = subprocess.Popen(
                [SONDE, "up", "--port", str(self.port), "--home", self.home],
                stdout=out,
                stderr=subprocess.STDOUT,
                env=_environment() | self.settings,
                cwd=self.home.parent,
                start_new_session=True,
            )
        self.wait(lambda: "Ctrl-C" in self.said, 60)

    @property
    def said(self):
        return self.output.read_text()

    def run(self, *arguments):
        """Run one command on this installation."""
        return subprocess.run(
            [SONDE, "--home", self.home, *arguments],
            capture_output=True,
            text=True,
            env=_environment(),
            cwd=self.home.parent,
            timeout=60,
            check=False,
        )

    def answers(self, path="/readyz"):
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.port}{path}", timeout=2) as answer:
                return answer.status == 200
        except OSError:
            return False

    def everything(self):
        """Return every process of this home folder, whoever its parent is now."""
        return [found for found in psutil.process_iter() if self._is_ours(found)]

    def _is_ours(self, found):
        if str(self.home) in _command_line(found):
            return True
        try:
            environment = found.environ()
        except (psutil.Error, OSError):
            return False
        return environment.get("SONDE_HOME") == str(self.home)

    def children(self):
        """Return the supervisor's own children by what they are."""
        named = {}
        for child in psutil.Process(self.process.pid).children():
            line = _command_line(child)
            named |= {name: child for name, mark in _MARKS.items() if mark in line}
        return named

    def wait(self, condition, seconds=20.0):
        end = time.monotonic() + seconds
        while not condition():
            assert self.process.poll() is None, self.said
            assert time.monotonic() < end, self.said
            time.sleep(0.05)


def _command_line(process):
    try:
        return " ".join(process.cmdline())
    except psutil.Error:
        return ""


_MARKS = {
    "web": "sonde.app.web",
    "worker-default": "sonde.app.worker default",
    "worker-train": "sonde.app.worker train",
    "beat": "sonde.app.beat",
    "broker": "valkey-server",
    "database": "bin/postgres",
}


@pytest.fixture(scope="module")
def installation(tmp_path_factory):
    made = Installation(tmp_path_factory.mktemp("up") / "home")
    made.start()
    yield made
    if made.process.poll() is None:
        made.process.send_signal(signal.SIGTERM)
        made.process.wait(40)


def test_it_starts_everything_and_says_where_to_sign_in(installation):
    assert set(installation.children()) == OURS | {"broker", "database"}
    assert installation.answers()
    link = re.search(r"http://\S+/sign-in/link/\S+", installation.said).group()
    with urllib.request.urlopen(link, timeout=5) as page:
        assert page.status == 200
    for secret in (installation.home / "secrets").iterdir():
        assert secret.stat().st_mode & 0o777 == 0o600
    assert installation.home.stat().st_mode & 0o077 == 0


def test_commands_in_another_terminal_find_it(installation):
    looked = installation.run("doctor")
    assert (looked.returncode, looked.stderr) == (0, ""), looked.stdout
    listed = installation.run("users", "list")
    assert listed.returncode == 0, listed.stderr
    assert "admin@localhost" in listed.stdout


def test_a_second_supervisor_is_refused(installation):
    second = installation.run("up", "--port", str(free_port()))
    assert second.returncode == 1
    assert f"process {installation.process.pid}" in second.stderr
    assert second.stderr.count("\n") == 1


def test_a_taken_port_is_one_clear_line(installation, tmp_path):
    other = Installation(tmp_path / "home")
    answer = other.run("up", "--port", str(installation.port))
    assert answer.returncode == 1
    assert f"Port {installation.port}" in answer.stderr
    assert "--port" in answer.stderr
    assert answer.stderr.count("\n") == 1


@pytest.mark.parametrize("name", ["web", "worker-default", "worker-train", "beat", "broker"])
def test_a_killed_part_is_started_again(installation, name):
    before = installation.children()[name]
    below = before.children(recursive=True)
    before.kill()
    installation.wait(lambda: installation.children().get(name, before) != before)
    installation.wait(installation.answers)
    installation.wait(lambda: not any(child.is_running() for child in below))


def test_a_killed_database_comes_back_within_ten_seconds(installation):
    installation.children()["database"].kill()
    began = time.monotonic()
    installation.wait(lambda: not installation.answers(), 5)
    installation.wait(installation.answers, 10)
    assert time.monotonic() - began < 10


def test_a_killed_supervisor_leaves_no_process_and_starts_again(installation):
    assert len(installation.everything()) > len(OURS)
    installation.process.kill()
    installation.process.wait()
    end = time.monotonic() + 10
    while installation.everything():
        assert time.monotonic() < end, installation.everything()
        time.sleep(0.05)
    nothing = installation.run("users", "list")
    assert nothing.returncode == 1
    assert "sonde up" in nothing.stderr
    assert nothing.stderr.count("\n") == 1
    installation.start()
    assert installation.answers()


def test_ctrl_c_stops_everything_the_database_last(installation):
    children = installation.children()
    database = children["database"]
    installation.process.send_signal(signal.SIGINT)
    while database.is_running() and database.status() != psutil.STATUS_ZOMBIE:
        left = {name for name, child in children.items() if child.is_running()}
        time.sleep(0.005)
    assert left == {"database"}
    assert installation.process.wait(20) == 0
    assert installation.said.endswith("Stopped.\n")
    assert "was ended" not in installation.said
    assert installation.everything() == []
    assert not (installation.home / "run" / "connections.json").exists()


def test_named_servers_take_the_place_of_embedded_ones(tmp_path, postgres, valkey):
    named = Installation(
        tmp_path / "home",
        settings={
            "DATABASE_URL": postgres.app_url("named_database"),
            "DATABASE_OWNER_URL": postgres.owner_url("named_database"),
            "BROKER_URL": valkey.url(0),
            "CACHE_URL": valkey.url(1),
            "FILES_URL": (tmp_path / "elsewhere").as_uri(),
        },
    )
    named.start()
    try:
        assert set(named.children()) == OURS
        assert named.answers()
        assert (tmp_path / "elsewhere").is_dir()
        assert not (named.home / "postgres").exists()
    finally:
        named.process.terminate()
        assert named.process.wait(40) == 0
    postgres.drop("named_database")


def test_a_home_that_is_no_folder_is_one_clear_line(tmp_path):
    (tmp_path / "file").touch()
    answer = subprocess.run(
        [SONDE, "up", "--home", tmp_path / "file" / "home"],
        capture_output=True,
        text=True,
        env=_environment(),
        cwd=tmp_path,
        timeout=60,
        check=False,
    )
    _assert_one_line(answer, "cannot be used")


@pytest.mark.parametrize(
    ("options", "says"), [("size=64m", "is full"), ("ro", "cannot be written")]
)
def test_a_full_or_read_only_disk_is_one_clear_line(tmp_path, options, says):
    if shutil.which("unshare") is None:
        pytest.skip("needs unshare")
    disk = tmp_path / "disk"
    disk.mkdir()
    inside = ["unshare", "--user", "--map-root-user", "--mount", "sh", "-c"]
    mount = f"mount -t tmpfs -o {options} none {disk}"
    if subprocess.run([*inside, mount], capture_output=True, check=False).returncode != 0:
        pytest.skip("this machine allows no mount")
    command = f"{mount} && exec {SONDE} up --home {disk}/home --port {free_port()}"
    answer = subprocess.run(
        [*inside, command],
        capture_output=True,
        text=True,
        env=_environment(),
        cwd=tmp_path,
        timeout=60,
        check=False,
    )
    _assert_one_line(answer, says)


def _assert_one_line(answer, says):
    assert answer.returncode == 1
    assert says in answer.stderr
    assert answer.stderr.count("\n") == 1
