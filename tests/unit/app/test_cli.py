"""The command line: what it teaches, how it fails, and how little it loads."""

import subprocess
import sys

import pytest
import typer
from typer.testing import CliRunner

from sonde import __version__
from sonde.app import cli
from sonde.platform.core.domain import Domain
from sonde.platform.core.errors import Conflict, Invalid, NotFound
from sonde.platform.core.parts import Parts

HEAVY = (
    "sqlalchemy",
    "fastapi",
    "dash",
    "celery",
    "redis",
    "sklearn",
    "pydantic_settings",
    "pandas",
)


def _toy(commands):
    return Parts((Domain("toy", "Toy", commands=lambda: commands),))


def test_help_names_every_command_of_every_part():
    shown = CliRunner().invoke(cli.build(), ["--help"], terminal_width=200)
    assert shown.exit_code == 0
    names = [name for part in cli.PARTS.every for name, _ in part.commands()]
    assert [name for name in ("up", "doctor", *names) if name not in shown.output] == []
    assert "sonde diagnose" in shown.output


def test_version_is_one_line():
    shown = CliRunner().invoke(cli.build(), ["--version"])
    assert (shown.exit_code, shown.output) == (0, f"sonde {__version__}\n")


def test_a_part_brings_functions_and_groups():
    group = typer.Typer()

    @group.command()
    def inner() -> None:
        typer.echo("inside")

    @group.command()
    def other() -> None:
        """Stand beside, so that the group stays one."""

    def plain(word: str) -> None:
        """Say a word."""
        typer.echo(word)

    app = cli.build(_toy([("group", group), ("plain", plain)]))
    assert CliRunner().invoke(app, ["group", "inner"]).output == "inside\n"
    assert CliRunner().invoke(app, ["plain", "hello"]).output == "hello\n"


@pytest.mark.parametrize(
    ("error", "status"), [(Invalid("a\nb"), 2), (NotFound("a b"), 2), (Conflict("a b"), 1)]
)
def test_what_goes_wrong_is_one_line(monkeypatch, capsys, error, status):
    def fail() -> None:
        raise error

    app = cli.build(_toy([("fail", fail)]))
    monkeypatch.setattr(cli, "build", lambda: app)
    monkeypatch.setattr(sys, "argv", ["sonde", "fail"])
    with pytest.raises(SystemExit) as left:
        cli.main()
    assert left.value.code == status
    assert capsys.readouterr().err == "a b\n"


def test_commands_without_a_server_load_nothing_heavy():
    program = (
        "import sys; from typer.testing import CliRunner; from sonde.app.cli import build;"
        "r = CliRunner().invoke(build(), ['diagnose', '--help']);"
        f"print(r.exit_code, [name for name in {HEAVY!r} if name in sys.modules])"
    )
    answer = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    assert answer.stdout == "0 []\n"


def test_where_nothing_runs_the_line_says_how_to_start(monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    for name in ("DATABASE_URL", "BROKER_URL", "CACHE_URL"):
        monkeypatch.delenv(name, raising=False)
    with pytest.raises(cli.SondeError, match="sonde up"):
        cli._connect(tmp_path / "home")
