"""Commands of learning; heavy imports wait until a command runs."""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

import typer

from sonde.learning.api import train_options as of
from sonde.learning.api.batch_command import models
from sonde.learning.api.choices_command import choices
from sonde.learning.api.compare_command import compare
from sonde.learning.api.evaluate_command import evaluate
from sonde.learning.api.experiment_commands import change, experiments, tag
from sonde.learning.api.following import followed_training
from sonde.learning.api.kept_comparisons_command import COMPARISONS
from sonde.learning.api.predict_command import predict
from sonde.learning.api.results_command import RESULTS
from sonde.learning.api.runs_command import RUNS
from sonde.learning.api.searches_command import SEARCHES
from sonde.learning.api.tags_command import TAGS
from sonde.learning.api.templates_command import TEMPLATES
from sonde.learning.api.terminal import opened_request, pairs, telling
from sonde.learning.api.visualize_command import visualize

if TYPE_CHECKING:
    from sonde.learning.core.experiments import NewExperiment
    from sonde.platform.core.actor import Actor


def train(
    dataset: of.Dataset,
    model: of.Model = "random-forest",
    split: of.Split = "",
    settings: of.Settings = None,
    options: of.Options = None,
    training: of.Training = None,
    test_fraction: of.TestFraction = 0.25,
    folds: of.Folds = 5,
    seed: of.Seed = 0,
    seeds: of.Seeds = "",
    device: of.Device = "auto",
    title: of.Title = "",
    notes: of.Notes = "",
    tags: of.Tags = None,
    leaky: of.Leaky = False,
    template: of.Template = "",
    estimate: of.OnlyEstimate = False,
    wait: of.Wait = False,
    json: of.Json = False,
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
        learning = accept_training({"device": device} | of.listed(pairs(training)))
        config = ModelConfig(model, seed, pairs(settings), learning)
        held = SplitConfig(split, seed, folds, test_fraction, allow_leaks=leaky)
        made, names = pairs(options), tuple(tags or ())
        wanted = NewExperiment("", dataset, config, held, title, made, notes, names)
        if template:
            _keep(wanted, template)
        elif estimate:
            _estimate(wanted, json=json)
        else:
            _train(wanted, of.seeds_of(seeds, seed), wait=wait, json=json)


def _keep(wanted: "NewExperiment", name: str) -> None:
    """Keep what would be trained as a template."""
    from sonde.learning.services import templates
    from sonde.platform.services.work import unit_of_work

    with opened_request() as request, unit_of_work(request.ports):
        kept = templates.save(request.actor, name, _located(request.actor, wanted))
    typer.echo(f"Template {kept.id}: {kept.name}")


def _estimate(wanted: "NewExperiment", *, json: bool) -> None:
    """Tell certificate, cost and time of an experiment; start nothing."""
    from sonde.learning.api import report
    from sonde.learning.services import estimates
    from sonde.platform.services.work import unit_of_work

    with opened_request() as request, unit_of_work(request.ports):
        found = estimates.estimate(request.actor, _located(request.actor, wanted))
    typer.echo(report.as_json(found) if json else report.estimate_text(found))


def _train(wanted: "NewExperiment", seeds: Sequence[int], *, wait: bool, json: bool) -> None:
    from sonde.learning.services import families
    from sonde.platform.services.work import unit_of_work

    with opened_request() as request:
        with unit_of_work(request.ports):
            asked = _located(request.actor, wanted)
            family = families.create_family(request.actor, asked, seeds)
        failed = [followed_training(request, made, wait=wait, json=json) for made in family]
    if any(failed):
        raise typer.Exit(1)


def _located(actor: "Actor", wanted: "NewExperiment") -> "NewExperiment":
    """Return what is wanted with the source and id of the data set that it names."""
    from dataclasses import replace

    from sonde.learning.services.experiments import locate_problem

    source, ref = locate_problem(actor, wanted.ref)
    return replace(wanted, source=source, ref=ref)


COMMANDS: Sequence[tuple[str, Callable[..., Any] | typer.Typer]] = (
    ("train", train),
    ("choices", choices),
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
