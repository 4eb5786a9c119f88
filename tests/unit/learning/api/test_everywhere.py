"""Every route and command that the guide names for what pages of learning do is there."""

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
import typer
from fastapi import FastAPI
from typer.main import get_command

from sonde.learning.api.commands import COMMANDS
from sonde.learning.plugin import LEARNING
from sonde.platform.api.routing import API

GUIDE = Path(__file__).parents[4] / "docs" / "guide" / "learning-everywhere.md"
TEXT = GUIDE.read_text(encoding="utf-8")
ROUTES = sorted(set(re.findall(r"`((?:GET|POST|PUT|PATCH|DELETE) /[^`]*)`", TEXT)))
WORDS = sorted(set(re.findall(r"`sonde ([^`]*)`", TEXT)) - {"COMMAND --help"})


def _terminal() -> Any:
    app = typer.Typer()
    for name, command in COMMANDS:
        if isinstance(command, typer.Typer):
            app.add_typer(command, name=name)
        else:
            app.command(name)(command)
    return get_command(app)


def _offered() -> set[str]:
    app = FastAPI()
    for router in LEARNING.routers():
        app.include_router(router)
    return {
        f"{method.upper()} {path.removeprefix(API)}"
        for path, methods in app.openapi()["paths"].items()
        for method in methods
    }


def _parts(command: Any) -> Mapping[str, Any]:
    """Return the commands below a command; none below one that does something."""
    return getattr(command, "commands", {})


def _leaves(command: Any, path: str = "") -> list[str]:
    if not _parts(command):
        return [path.strip()]
    return [
        leaf for name, one in _parts(command).items() for leaf in _leaves(one, f"{path} {name}")
    ]


def test_every_route_of_the_guide_is_there() -> None:
    assert ROUTES
    assert sorted(set(ROUTES) - _offered()) == []


@pytest.mark.parametrize("words", WORDS)
def test_every_command_of_the_guide_is_there(words: str) -> None:
    command = _terminal()
    for word in words.split():
        if word == "--help":
            continue
        if word.startswith("--"):
            known = {name for one in command.params for name in (*one.opts, *one.secondary_opts)}
            assert word in known, words
        else:
            assert word in _parts(command), words
            command = _parts(command)[word]
    assert not _parts(command), f"{words} is no whole command"


def test_every_command_of_learning_is_in_the_guide() -> None:
    told = {" ".join(word for word in words.split() if word[0] != "-") for words in WORDS}
    assert sorted(set(_leaves(_terminal())) - told) == []
