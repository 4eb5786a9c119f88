"""Looking at trainings and batches in the terminal until they have ended."""

import time
from collections.abc import Callable
from typing import TYPE_CHECKING

import typer

if TYPE_CHECKING:
    from sonde.learning.core.batch_prediction import Batch
    from sonde.learning.core.experiments import Experiment
    from sonde.platform.services.request import RequestScope

_POLL_S = 0.4


def finished_training(request: "RequestScope", made: "Experiment", *, quiet: bool) -> "Experiment":
    """Look at an experiment until it has ended, telling each new phase."""
    from sonde.learning.services import experiments
    from sonde.platform.services.work import unit_of_work

    tell = _teller(quiet=quiet)
    while True:
        with unit_of_work(request.ports):
            found = experiments.get(request.actor, made.id)
        if found.summary.state.is_final:
            return found
        tell(found.summary.phase, found.summary.fraction)
        time.sleep(_POLL_S)


def finished_batch(request: "RequestScope", name: str, batch_id: str) -> "Batch":
    """Look at a batch until it has ended, telling how far it is; raises Invalid if it failed."""
    from sonde.learning.services import model_batches
    from sonde.platform.core.errors import Invalid
    from sonde.platform.services.work import unit_of_work

    tell = _teller(quiet=False)
    while True:
        with unit_of_work(request.ports):
            found = model_batches.get(request.actor, name, batch_id)
        if found.summary is not None:
            tell("Done", 1.0)
            return found
        if found.job is not None and found.job.state.is_final:
            raise Invalid(found.job.error or "The prediction was cancelled.")
        if found.job is not None:
            tell(found.job.phase, found.job.fraction)
        time.sleep(_POLL_S)


def followed_training(
    request: "RequestScope", made: "Experiment", *, wait: bool, json: bool
) -> bool:
    """Tell an experiment, and its result if it is waited for; say whether it failed."""
    from sonde.learning.api import report

    if not json:
        typer.echo(f"Experiment {made.id}: {made.summary.title}")
    found = finished_training(request, made, quiet=json) if wait else made
    if json:
        typer.echo(report.as_json(found))
    elif wait:
        typer.echo(report.result_text(found))
    has_failed = bool(found.summary.error) or found.summary.state == "cancelled"
    if has_failed:
        typer.echo(found.summary.error or "The training was cancelled.", err=True)
    return has_failed


def _teller(*, quiet: bool) -> Callable[[str, float], None]:
    """Return what prints a phase whenever it is a new one."""
    said = ""

    def tell(phase: str, fraction: float) -> None:
        nonlocal said
        if phase != said and not quiet:
            said = phase
            typer.echo(f"{fraction:4.0%}  {phase}", err=True)

    return tell
