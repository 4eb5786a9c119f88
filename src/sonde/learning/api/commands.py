"""Commands of learning; heavy imports wait until a command runs."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from sonde.learning.api.compare_command import compare
from sonde.learning.api.terminal import opened_request, telling
from sonde.platform.core.errors import Invalid

if TYPE_CHECKING:
    from sonde.learning.core.experiments import Experiment, NewExperiment
    from sonde.platform.services.request import RequestScope

_POLL_S = 0.4


def train(
    dataset: Annotated[str, typer.Option(help="Id or title of a data set; see sonde datasets.")],
    model: Annotated[
        str, typer.Option(help="random-forest, minirocket or rbf-svm.")
    ] = "random-forest",
    split: Annotated[
        str,
        typer.Option(
            help="group-k-fold, leave-one-group-out, stratified-group-hold-out, "
            "leave-one-NAME-out, a protocol of the data, or random-windows (leaky). "
            "Empty: the honest way of the data."
        ),
    ] = "",
    settings: Annotated[
        list[str] | None,
        typer.Option("--set", metavar="NAME=VALUE", help="A setting of the model; repeatable."),
    ] = None,
    options: Annotated[
        list[str] | None,
        typer.Option(
            "--option", metavar="NAME=VALUE", help="How windows are made: window=12000; repeatable."
        ),
    ] = None,
    folds: Annotated[int, typer.Option(min=2, max=50, help="Folds of group-k-fold.")] = 5,
    seed: Annotated[int, typer.Option(min=0, help="Makes everything repeatable.")] = 0,
    title: Annotated[str, typer.Option(help="Made from model and data where empty.")] = "",
    leaky: Annotated[
        bool, typer.Option("--leaky", help="Train even if this split leaks; marked as such.")
    ] = False,
    wait: Annotated[bool, typer.Option("--wait", help="Wait for the result.")] = False,
    json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
) -> None:
    """Train a model and judge it on groups that it never saw.

    Runs as a job on a worker. The result shows the honest score with its interval, the proof that
    nothing was on both sides, and the leaky score that others would have reported.

    Example: sonde train --dataset CWRU --model rbf-svm --split cwru-size-out --wait
    """
    from sonde.learning.core.experiments import NewExperiment
    from sonde.learning.core.models.specification import ModelConfig
    from sonde.learning.core.splits.policy import SplitConfig

    with telling():
        wanted = NewExperiment(
            source="",
            ref=dataset,
            model=ModelConfig(model, seed, _pairs(settings)),
            split=SplitConfig(split, seed=seed, n_folds=folds, allow_leaks=leaky),
            title=title,
            options=_pairs(options),
        )
        _train(wanted, wait=wait, json=json)


def predict(
    file: Annotated[Path, typer.Argument(help="One recording.")],
    experiment: Annotated[str, typer.Option(help="Id of a trained experiment.")],
    given: Annotated[
        list[str] | None,
        typer.Option(
            "--given",
            metavar="NAME=VALUE",
            help="What the file does not say, such as sampling_rate_hz=12000; repeatable.",
        ),
    ] = None,
    json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
) -> None:
    """Ask a trained model about a recording, with the evidence from first principles beside it.

    Example: sonde predict --experiment 01J... 105.mat --given sampling_rate_hz=12000
    """
    from sonde.learning.api import report
    from sonde.learning.services import predictions
    from sonde.platform.services.work import unit_of_work

    with telling(), opened_request() as request:
        if not file.is_file():
            raise Invalid(f"There is no file {file}.", field="file")
        with unit_of_work(request.ports):
            opened = predictions.open_model(request.actor, experiment)
        try:
            told = predictions.ask(opened, file, file.name, _pairs(given))
        except Invalid as error:
            names = ", ".join(question.name for question in opened.source.asks)
            hint = f" What the file does not say: --given NAME=VALUE ({names})."
            raise Invalid(error.message + hint * ("field" in error.details)) from error
    typer.echo(report.as_json(told) if json else report.prediction_text(told))


def _train(wanted: "NewExperiment", *, wait: bool, json: bool) -> None:
    from dataclasses import replace

    from sonde.learning.api import report
    from sonde.learning.services import experiments
    from sonde.platform.services.work import unit_of_work

    with opened_request() as request:
        with unit_of_work(request.ports):
            source, ref = experiments.locate_problem(request.actor, wanted.ref)
            made = experiments.create(request.actor, replace(wanted, source=source, ref=ref))
        if not json:
            typer.echo(f"Experiment {made.id}: {made.summary.title}")
        found = _wait_for(request, made, quiet=json) if wait else made
    if json:
        typer.echo(report.as_json(found))
    elif wait:
        typer.echo(report.result_text(found))
    if found.summary.error or found.summary.state == "cancelled":
        typer.echo(found.summary.error or "The training was cancelled.", err=True)
        raise typer.Exit(1)


def _wait_for(request: "RequestScope", made: "Experiment", *, quiet: bool) -> "Experiment":
    """Look at the experiment until it is finished, telling each new phase."""
    import time

    from sonde.learning.services import experiments
    from sonde.platform.services.work import unit_of_work

    phase = ""
    while True:
        with unit_of_work(request.ports):
            found = experiments.get(request.actor, made.id)
        if found.summary.state.is_final:
            return found
        if found.summary.phase != phase and not quiet:
            phase = found.summary.phase
            typer.echo(f"{found.summary.fraction:4.0%}  {phase}", err=True)
        time.sleep(_POLL_S)


def _pairs(texts: list[str] | None) -> dict[str, Any]:
    """Return ``name=value`` texts as a mapping; numbers become numbers."""
    pairs: dict[str, Any] = {}
    for text in texts or ():
        name, equals, value = text.partition("=")
        if not equals or not name:
            raise Invalid(f"{text!r} is not of the form name=value.")
        pairs[name.strip()] = _number(value.strip())
    return pairs


def _number(text: str) -> int | float | str:
    for kind in (int, float):
        try:
            return kind(text)
        except ValueError:
            continue
    return text


COMMANDS: Sequence[tuple[str, Callable[..., Any]]] = (
    ("train", train),
    ("predict", predict),
    ("compare", compare),
)
