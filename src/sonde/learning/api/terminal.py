"""What learning's commands share: the person at the machine, and foreseen errors as sentences."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

from sonde.platform.core.errors import Invalid, SondeError

if TYPE_CHECKING:
    from sonde.platform.services.request import RequestScope


@contextmanager
def opened_request() -> Iterator["RequestScope"]:
    """Open a request of the person at this machine."""
    from sonde.platform.services.local import local_request

    with local_request() as request:
        yield request


@contextmanager
def telling() -> Iterator[None]:
    """Print the sentence of an error that was foreseen, and leave with status 2."""
    try:
        yield
    except SondeError as error:
        typer.echo(" ".join(error.message.split()), err=True)
        raise typer.Exit(2) from None


def written(target: Path, content: bytes) -> None:
    """Write a file; raises Invalid where it cannot be written."""
    try:
        target.write_bytes(content)
    except OSError as error:
        raise Invalid(f"{target} cannot be written: {error.strerror}.") from error


def pairs(texts: list[str] | None) -> dict[str, Any]:
    """Return ``name=value`` texts as a mapping; numbers become numbers."""
    found: dict[str, Any] = {}
    for text in texts or ():
        name, equals, value = text.partition("=")
        if not equals or not name:
            raise Invalid(f"{text!r} is not of the form name=value.")
        found[name.strip()] = _number(value.strip())
    return found


def _number(text: str) -> int | float | str:
    for kind in (int, float):
        try:
            return kind(text)
        except ValueError:
            continue
    return text
