"""Asking a long question in the terminal, and waiting for its answer."""

import time
from collections.abc import Callable
from typing import TYPE_CHECKING

import typer

from sonde.platform.core.errors import Conflict

if TYPE_CHECKING:
    from sonde.learning.services.analyses import Analysis
    from sonde.platform.services.request import RequestScope

_POLL_S = 0.4


def answered(request: "RequestScope", ask: Callable[[], "Analysis"], *, quiet: bool) -> "Analysis":
    """Ask and look until there is an answer; raises Conflict with the reason."""
    from sonde.learning.services import analyses
    from sonde.platform.services.work import unit_of_work

    with unit_of_work(request.ports):
        found = ask()
    said = ""
    while not found.state.is_final:
        words = f"{found.job.fraction:4.0%}  {found.job.message}" if found.job else ""
        if words != said and not quiet:
            said = words
            typer.echo(words, err=True)
        time.sleep(_POLL_S)
        with unit_of_work(request.ports):
            found = analyses.get(request.actor, found.id)
    if found.result is None:
        raise Conflict(found.error or "This was cancelled.")
    return found
