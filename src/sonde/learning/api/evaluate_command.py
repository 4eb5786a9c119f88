"""`sonde evaluate`: one question about trained experiments, answered in the terminal."""

from typing import Annotated

import typer

from sonde.learning.api.asking import answered
from sonde.learning.api.terminal import opened_request, pairs, telling


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
    from sonde.learning.services import evaluations

    with telling(), opened_request() as request:
        params = pairs(settings)
        found = answered(
            request,
            lambda: evaluations.ask(request.actor, what, experiments, params),
            quiet=json,
        )
        typer.echo(as_json(found) if json else as_text(found))
