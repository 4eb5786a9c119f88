"""``sonde runs``: look at trainings, read their logs and curves, control and repeat them."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from sonde.learning.api.following import followed_training
from sonde.learning.api.terminal import opened_request, telling, written

if TYPE_CHECKING:
    from sonde.learning.core.runs import RunView

RUNS = typer.Typer(help="Look at trainings, read their logs and curves, control and repeat them.")

Experiment = Annotated[str, typer.Argument(help="Id of an experiment.")]
Json = Annotated[bool, typer.Option("--json", help="Print JSON.")]


@RUNS.command("show")
def show(experiment: Experiment, json: Json = False) -> None:
    """Show how far a training and each of its parts is, with its latest metrics.

    Example: sonde runs show 01J...
    """
    from sonde.learning.api import report
    from sonde.learning.services import runs
    from sonde.platform.services.work import unit_of_work

    with telling(), opened_request() as request, unit_of_work(request.ports):
        view = runs.view(request.actor, experiment)
        metrics = runs.latest(request.actor, experiment)
    if json:
        typer.echo(report.as_json({"run": view, "metrics": metrics}))
        return
    typer.echo(_words(view))
    for part in view.parts:
        score = "" if part.macro_f1 is None else f"  macro-F1 {part.macro_f1:.4f}"
        typer.echo(f"  {part.name:16} {part.fraction:4.0%}{score}  {part.title}")
    for metric in metrics:
        typer.echo(f"  {metric.key:28} {metric.value:.6g}  best {metric.best_value:.6g}")


@RUNS.command("log")
def log(
    experiment: Experiment,
    level: Annotated[str, typer.Option(help="debug, info, warning or error.")] = "info",
    text: Annotated[str, typer.Option(help="Lines with this text only.")] = "",
) -> None:
    """Print a training's log.

    Example: sonde runs log 01J... --level warning
    """
    from sonde.learning.services import runs
    from sonde.platform.services.work import unit_of_work

    with telling(), opened_request() as request, unit_of_work(request.ports):
        lines = runs.log_lines(request.actor, experiment, level, text, limit=5000)
    for line in lines:
        typer.echo(f"{line.at:%H:%M:%S}  {line.level:7}  {line.part:14}  {line.text}")


@RUNS.command("metrics")
def metrics(
    experiment: Experiment,
    to: Annotated[Path, typer.Argument(help="A CSV file to be written.")],
    key: Annotated[str, typer.Option(help="One metric; empty: all of them.")] = "",
) -> None:
    """Write every point of a training's metrics into a table.

    Example: sonde runs metrics 01J... loss.csv --key train/loss
    """
    from sonde.learning.services import runs
    from sonde.platform.services.work import unit_of_work

    with telling(), opened_request() as request, unit_of_work(request.ports):
        pieces = runs.points_csv(request.actor, experiment, key)
    with to.open("w", encoding="utf-8", newline="") as file:
        file.writelines(pieces)


@RUNS.command("files")
def files(experiment: Experiment) -> None:
    """List the files that a training kept, such as weights and TensorBoard curves."""
    from sonde.learning.services import runs
    from sonde.platform.services.work import unit_of_work

    with telling(), opened_request() as request, unit_of_work(request.ports):
        found = runs.files(request.actor, experiment)
    for name in found:
        typer.echo(name)


@RUNS.command("file")
def file(
    experiment: Experiment,
    name: Annotated[str, typer.Argument(help="One of the files that sonde runs files lists.")],
    to: Annotated[Path, typer.Argument(help="The file to be written.")],
) -> None:
    """Take a file that a training kept.

    Example: sonde runs file 01J... "fold 1/best.safetensors" best.safetensors
    """
    from sonde.learning.services import runs
    from sonde.platform.services.work import unit_of_work

    with telling(), opened_request() as request, unit_of_work(request.ports):
        written(to, runs.read_file(request.actor, experiment, name))


@RUNS.command("follow")
def follow(experiment: Experiment, json: Json = False) -> None:
    """Watch a training until it has ended, and print its result.

    Example: sonde runs follow 01J...
    """
    from sonde.learning.services import experiments
    from sonde.platform.services.work import unit_of_work

    with telling(), opened_request() as request:
        with unit_of_work(request.ports):
            found = experiments.get(request.actor, experiment)
        if followed_training(request, found, wait=True, json=json):
            raise typer.Exit(1)


@RUNS.command("pause")
def pause(experiment: Experiment) -> None:
    """Pause a training; it keeps its worker until it goes on."""
    _control(experiment, "pause")


@RUNS.command("resume")
def resume(experiment: Experiment) -> None:
    """Let a paused training go on."""
    _control(experiment, "resume")


@RUNS.command("stop")
def stop(experiment: Experiment) -> None:
    """Stop a training now and keep the best that it has."""
    _control(experiment, "stop")


@RUNS.command("cancel")
def cancel(experiment: Experiment) -> None:
    """Cancel a training; nothing of it is kept."""
    _control(experiment, "cancel")


@RUNS.command("rerun")
def rerun(experiment: Experiment, json: Json = False) -> None:
    """Train once more exactly what a finished experiment was.

    Example: sonde runs rerun 01J...
    """
    from sonde.learning.api import report
    from sonde.learning.services import rerunning
    from sonde.platform.services.work import unit_of_work

    with telling(), opened_request() as request, unit_of_work(request.ports):
        made = rerunning.rerun(request.actor, experiment)
    if json:
        typer.echo(report.as_json(made))
        return
    typer.echo(f"Experiment {made.experiment.id}: {made.experiment.summary.title}")
    for sentence in made.told:
        typer.echo(sentence, err=True)


def _control(experiment: str, action: str) -> None:
    from sonde.learning.services import runs
    from sonde.platform.services.work import unit_of_work

    with telling(), opened_request() as request, unit_of_work(request.ports):
        typer.echo(_words(runs.control(request.actor, experiment, action)))


def _words(view: "RunView") -> str:
    summary = view.summary
    wish = {"pause": ", paused", "stop": ", stopping"}.get(view.wish.value, "")
    return f"{summary.title}: {summary.state.value}{wish}, {summary.fraction:.0%} {summary.phase}"
