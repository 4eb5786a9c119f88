"""Commands of learning; heavy imports wait until a command runs."""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Annotated, Any

import typer

from sonde.learning.api.compare_command import compare
from sonde.learning.api.evaluate_command import evaluate
from sonde.learning.api.experiment_commands import change, experiments, tag
from sonde.learning.api.model_details_command import models
from sonde.learning.api.predict_command import predict
from sonde.learning.api.results_command import RESULTS
from sonde.learning.api.runs_command import RUNS
from sonde.learning.api.searches_command import COMPARISONS, SEARCHES
from sonde.learning.api.tags_command import TAGS
from sonde.learning.api.templates_command import TEMPLATES
from sonde.learning.api.terminal import opened_request, pairs, telling
from sonde.learning.api.visualize_command import visualize
from sonde.platform.core.errors import Invalid

if TYPE_CHECKING:
    from sonde.learning.core.experiments import Experiment, NewExperiment
    from sonde.platform.services.request import RequestScope

_POLL_S = 0.4


def train(
    dataset: Annotated[str, typer.Option(help="Id or title of a data set; see sonde datasets.")],
    model: Annotated[
        str, typer.Option(help="random-forest, minirocket, rbf-svm, cnn-1d ...: any listed model.")
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
    training: Annotated[
        list[str] | None,
        typer.Option(
            "--training", metavar="NAME=VALUE", help="How a deep model learns: epochs=10."
        ),
    ] = None,
    test_fraction: Annotated[
        float, typer.Option(help="Share of the groups that a hold-out tests on.")
    ] = 0.25,
    folds: Annotated[int, typer.Option(min=2, max=50, help="Folds of group-k-fold.")] = 5,
    seed: Annotated[int, typer.Option(min=0, help="Makes everything repeatable.")] = 0,
    seeds: Annotated[
        str, typer.Option(help="Several seeds, such as 0,1,2: one experiment for each.")
    ] = "",
    device: Annotated[str, typer.Option(help="auto, cpu or cuda.")] = "auto",
    title: Annotated[str, typer.Option(help="Made from model and data where empty.")] = "",
    notes: Annotated[str, typer.Option(help="For people; kept with the experiment.")] = "",
    tags: Annotated[list[str] | None, typer.Option("--tag", help="A tag; repeatable.")] = None,
    leaky: Annotated[
        bool, typer.Option("--leaky", help="Train even if this split leaks; marked as such.")
    ] = False,
    estimate: Annotated[
        bool, typer.Option("--estimate", help="Only say what it would be worth and cost.")
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
    from sonde.learning.core.fitting.specification import ModelConfig
    from sonde.learning.core.fitting.training_config import accept_training
    from sonde.learning.core.splits.policy import SplitConfig

    with telling():
        learning = accept_training({"device": device} | _listed(pairs(training)))
        wanted = NewExperiment(
            source="",
            ref=dataset,
            model=ModelConfig(model, seed, pairs(settings), learning),
            split=SplitConfig(split, seed, folds, test_fraction, allow_leaks=leaky),
            title=title,
            options=pairs(options),
            notes=notes,
            tags=tuple(tags or ()),
        )
        if estimate:
            _estimate(wanted, json=json)
        else:
            _train(wanted, _seeds(seeds, seed), wait=wait, json=json)


def _estimate(wanted: "NewExperiment", *, json: bool) -> None:
    """Tell certificate, cost and time of an experiment; start nothing."""
    from dataclasses import replace

    from sonde.learning.api import report
    from sonde.learning.services import estimates, experiments
    from sonde.platform.services.work import unit_of_work

    with opened_request() as request, unit_of_work(request.ports):
        source, ref = experiments.locate_problem(request.actor, wanted.ref)
        found = estimates.estimate(request.actor, replace(wanted, source=source, ref=ref))
    typer.echo(report.as_json(found) if json else report.estimate_text(found))


def _train(wanted: "NewExperiment", seeds: Sequence[int], *, wait: bool, json: bool) -> None:
    from dataclasses import replace

    from sonde.learning.services import experiments, families
    from sonde.platform.services.work import unit_of_work

    with opened_request() as request:
        with unit_of_work(request.ports):
            source, ref = experiments.locate_problem(request.actor, wanted.ref)
            asked = replace(wanted, source=source, ref=ref)
            family = families.create_family(request.actor, asked, seeds)
        failed = [_followed(request, made, wait=wait, json=json) for made in family]
    if any(failed):
        raise typer.Exit(1)


def _followed(request: "RequestScope", made: "Experiment", *, wait: bool, json: bool) -> bool:
    """Tell an experiment, and its result if it is waited for; say whether it failed."""
    from sonde.learning.api import report

    if not json:
        typer.echo(f"Experiment {made.id}: {made.summary.title}")
    found = _wait_for(request, made, quiet=json) if wait else made
    if json:
        typer.echo(report.as_json(found))
    elif wait:
        typer.echo(report.result_text(found))
    has_failed = bool(found.summary.error) or found.summary.state == "cancelled"
    if has_failed:
        typer.echo(found.summary.error or "The training was cancelled.", err=True)
    return has_failed


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


def _seeds(text: str, otherwise: int) -> list[int]:
    try:
        return [int(one) for one in text.split(",")] if text else [otherwise]
    except ValueError:
        raise Invalid(f"Seeds are numbers such as 0,1,2, not {text!r}.", field="seeds") from None


def _listed(given: dict[str, Any]) -> dict[str, Any]:
    """Return training settings with lists where lists belong: ``augmentations=noise,shift``."""
    return {
        name: str(value).split(",") if name in {"augmentations", "progressive_resizing"} else value
        for name, value in given.items()
    }


COMMANDS: Sequence[tuple[str, Callable[..., Any] | typer.Typer]] = (
    ("train", train),
    ("predict", predict),
    ("experiments", experiments),
    ("tag", tag),
    ("tags", TAGS),
    ("change", change),
    ("searches", SEARCHES),
    ("templates", TEMPLATES),
    ("models", models),
    ("runs", RUNS),
    ("results", RESULTS),
    ("compare", compare),
    ("comparisons", COMPARISONS),
    ("evaluate", evaluate),
    ("visualize", visualize),
)
