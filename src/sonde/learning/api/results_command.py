"""``sonde results``: what came out of an experiment, looked at closely and taken away."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from sonde.learning.api.terminal import opened_request, telling, written

if TYPE_CHECKING:
    from sonde.learning.core.slices import LinkedSample

RESULTS = typer.Typer(
    help="Look at what came out of an experiment, and take it away.\n\n"
    "Example: sonde results bundle 01J... experiment.zip"
)

Experiment = Annotated[str, typer.Argument(help="Id of a finished experiment.")]
Json = Annotated[bool, typer.Option("--json", help="Print JSON.")]
Target = Annotated[Path, typer.Argument(help="The file to be written.")]


@RESULTS.command("show")
def show(experiment: Experiment, json: Json = False) -> None:
    """Show the score with its interval, the folds, the classes and the split certificate."""
    from sonde.learning.api import report
    from sonde.learning.services import experiments
    from sonde.platform.services.work import unit_of_work

    with telling(), opened_request() as request, unit_of_work(request.ports):
        found = experiments.get(request.actor, experiment)
    typer.echo(report.as_json(found) if json else report.result_text(found).lstrip())


@RESULTS.command("intervals")
def intervals(experiment: Experiment, json: Json = False) -> None:
    """Show how sure the precision, recall and F1 of each class are, over whole groups."""
    from sonde.learning.api import report
    from sonde.learning.services import results
    from sonde.platform.services.work import unit_of_work

    with telling(), opened_request() as request, unit_of_work(request.ports):
        found = results.intervals(request.actor, experiment)
    if json:
        typer.echo(report.as_json(found))
        return
    for one in found.classes if found else ():
        ends = (one.precision, one.recall, one.f1)
        told = (f"[{pair[0]:.3f}, {pair[1]:.3f}]" if pair else "not known" for pair in ends)
        typer.echo(f"{one.name:<24}" + "  ".join(f"{words:<16}" for words in told).rstrip())


@RESULTS.command("conditions")
def conditions(experiment: Experiment, json: Json = False) -> None:
    """Show the accuracy for every value of every condition, the worst first."""
    from sonde.learning.api import report
    from sonde.learning.services import results
    from sonde.platform.services.work import unit_of_work

    with telling(), opened_request() as request, unit_of_work(request.ports):
        found = results.conditions(request.actor, experiment)
    if json:
        typer.echo(report.as_json(found))
        return
    for one in found:
        sure = "" if one.low is None or one.high is None else f"  [{one.low:.3f}, {one.high:.3f}]"
        worst = f"  worst {one.worst_class} {one.worst_recall:.2f}" if one.worst_class else ""
        typer.echo(f"{one.attribute:<16}{one.value:<20}{one.accuracy:.3f}{sure}{worst}")


@RESULTS.command("samples")
def samples(
    experiment: Experiment,
    label: Annotated[str, typer.Option(help="The true class.")] = "",
    told: Annotated[str, typer.Option(help="The class that was told.")] = "",
    most: Annotated[int, typer.Option(min=1, max=1000)] = 20,
    json: Json = False,
) -> None:
    """List errors, the surest first, or the samples of one cell of the confusion matrix."""
    from sonde.learning.api import report
    from sonde.learning.services import results
    from sonde.platform.services.work import unit_of_work

    with telling(), opened_request() as request, unit_of_work(request.ports):
        total, found = results.samples(request.actor, experiment, label, told, most=most)
    typer.echo(report.as_json(found) if json else "\n".join(map(_sample_line, found)))
    if not json:
        typer.echo(f"{len(found)} of {total}")


@RESULTS.command("rivals")
def rivals(experiment: Experiment, json: Json = False) -> None:
    """List other experiments that were tested on the very same samples: compare with these."""
    from sonde.learning.api import report
    from sonde.learning.services import evaluations
    from sonde.platform.services.work import unit_of_work

    with telling(), opened_request() as request, unit_of_work(request.ports):
        found = evaluations.rivals(request.actor, experiment)
    if json:
        typer.echo(report.as_json(found))
        return
    for one in found:
        typer.echo(f"{one.id}  {one.macro_f1:.3f}  {one.title}")


@RESULTS.command("card")
def card(experiment: Experiment) -> None:
    """Print the model card as Markdown."""
    from sonde.learning.services import results
    from sonde.platform.services.work import unit_of_work

    with telling(), opened_request() as request, unit_of_work(request.ports):
        typer.echo(results.card(request.actor, experiment), nl=False)


@RESULTS.command("notebook")
def notebook(experiment: Experiment, to: Target) -> None:
    """Write the notebook that computes the score again from the held-out predictions."""
    from sonde.learning.services import results
    from sonde.platform.services.work import unit_of_work

    with telling(), opened_request() as request, unit_of_work(request.ports):
        written(to, results.recomputing_notebook(request.actor, experiment).encode())


@RESULTS.command("bundle")
def bundle(experiment: Experiment, to: Target) -> None:
    """Write model, predictions, notebook, card and result as one archive."""
    from sonde.learning.services import results
    from sonde.platform.services.work import unit_of_work

    with telling(), opened_request() as request, unit_of_work(request.ports):
        written(to, results.bundle(request.actor, experiment)[1])


@RESULTS.command("config")
def config(experiment: Experiment) -> None:
    """Print the exact configuration as JSON, as a template keeps it."""
    import json

    from sonde.learning.core.experiment_document import document_of_experiment
    from sonde.learning.services import experiments
    from sonde.platform.services.work import unit_of_work

    with telling(), opened_request() as request, unit_of_work(request.ports):
        found = experiments.get(request.actor, experiment)
    typer.echo(json.dumps(document_of_experiment(found), indent=2))


def _sample_line(one: "LinkedSample") -> str:
    sample = one.sample
    return (
        f"{sample.recording:<28}{sample.first:>10}-{sample.last:<10}  {sample.label} told as "
        f"{sample.told} ({sample.probability:.2f}), {sample.fold}"
    )
