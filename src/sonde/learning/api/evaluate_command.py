"""`sonde evaluate`: one question about trained experiments, answered in the terminal."""

from typing import TYPE_CHECKING, Annotated, Any

import typer

from sonde.learning.api.terminal import opened_request, pairs, telling
from sonde.platform.core.errors import Conflict

if TYPE_CHECKING:
    from sonde.learning.services.analyses import Analysis
    from sonde.platform.services.request import RequestScope

_POLL_S = 0.4


def evaluate(
    experiments: Annotated[
        list[str], typer.Argument(help="Id of an experiment; several for architectures.")
    ],
    what: Annotated[
        str,
        typer.Option(
            help="curves, errors, architectures, robustness, calibration, prediction-sets, unseen."
        ),
    ] = "curves",
    settings: Annotated[
        list[str] | None,
        typer.Option("--set", metavar="NAME=VALUE", help="A parameter, such as change=gain."),
    ] = None,
    json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
) -> None:
    """Look at a trained model from one side: curves, errors, robustness, calibration and more.

    Runs as a job on a worker and is kept: the same question is answered at once.

    Example: sonde evaluate 01J... --what robustness --set change=noise
    """
    from sonde.learning.api.evaluation_text import as_json, as_text

    with telling(), opened_request() as request:
        found = _answered(request, what, experiments, pairs(settings), quiet=json)
        typer.echo(as_json(found) if json else as_text(found))


def _answered(
    request: "RequestScope", what: str, ids: list[str], params: dict[str, Any], *, quiet: bool
) -> "Analysis":
    """Ask and look until there is an answer; raises Conflict with the reason."""
    import time

    from sonde.learning.services import analyses, evaluations
    from sonde.platform.services.work import unit_of_work

    with unit_of_work(request.ports):
        found = evaluations.ask(request.actor, what, ids, params)
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
