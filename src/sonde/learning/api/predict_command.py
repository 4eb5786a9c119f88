"""`sonde predict`: asking a registered model, or that of an experiment, about recordings."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from sonde.learning.api.terminal import opened_request, pairs, telling
from sonde.platform.core.errors import Invalid

if TYPE_CHECKING:
    from sonde.learning.core.prediction import Prediction
    from sonde.learning.core.sources import ProblemSource
    from sonde.platform.services.request import RequestScope


def predict(
    files: Annotated[list[Path], typer.Argument(metavar="FILE...", help="Recordings.")],
    model: Annotated[
        str,
        typer.Option(
            metavar="NAME[@VERSION]",
            help="A registered model; the version is a number, an alias such as champion, or "
            "latest. See sonde models list.",
        ),
    ] = "",
    experiment: Annotated[str, typer.Option(help="Or the id of a trained experiment.")] = "",
    given: Annotated[
        list[str] | None,
        typer.Option(
            "--given",
            metavar="NAME=VALUE",
            help="What the file does not say, such as sampling_rate_hz=12000; repeatable.",
        ),
    ] = None,
    json: Annotated[bool, typer.Option("--json", help="Print one JSON object a line.")] = False,
) -> None:
    """Ask a trained model about recordings, with the evidence from first principles beside it.

    Example: sonde predict --model fan-bearings@champion 105.mat --given sampling_rate_hz=12000
    """
    from sonde.learning.api import report

    with telling(), opened_request() as request:
        if bool(model) == bool(experiment):
            raise Invalid("Name either --model or --experiment.", field="model")
        for file in files:
            if not file.is_file():
                raise Invalid(f"There is no file {file}.", field="file")
        ask = _of_model if model else _of_experiment
        for told in ask(request, model or experiment, files, pairs(given)):
            if not json:
                typer.echo(report.prediction_text(told))
            else:
                typer.echo(report.as_json(told) if len(files) == 1 else report.as_line(told))


def _of_experiment(
    request: "RequestScope", experiment: str, files: list[Path], given: Mapping[str, Any]
) -> Iterator["Prediction"]:
    from sonde.learning.services import predictions
    from sonde.platform.services.work import unit_of_work

    with unit_of_work(request.ports):
        opened = predictions.open_model(request.actor, experiment)
    for file in files:
        try:
            yield predictions.ask(opened, file, file.name, given)
        except Invalid as error:
            raise _hinted(error, opened.source) from error


def _of_model(
    request: "RequestScope", reference: str, files: list[Path], given: Mapping[str, Any]
) -> Iterator["Prediction"]:
    from sonde.learning.core.registry import split_reference
    from sonde.learning.core.served import Way
    from sonde.learning.services import inference
    from sonde.platform.services.work import unit_of_work

    with unit_of_work(request.ports):
        serving = inference.open_version(request.actor, *split_reference(reference))
    for file in files:
        try:
            told, answered = inference.ask_file(serving, file, file.name, given)
        except Invalid as error:
            raise _hinted(error, serving.source) from error
        with unit_of_work(request.ports):
            inference.note(request.actor, serving, Way.TERMINAL, [answered])
        yield told


def _hinted(error: Invalid, source: "ProblemSource") -> Invalid:
    """Return the error with what can be said on the command line."""
    names = ", ".join(question.name for question in source.asks)
    hint = f" What the file does not say: --given NAME=VALUE ({names})."
    return Invalid(error.message + hint * ("field" in error.details))
