"""More of ``sonde models``: certificates, downloads, descriptions, batches, told classes."""

from pathlib import Path
from typing import Annotated

import typer

from sonde.learning.api.models_command import models
from sonde.learning.api.terminal import opened_request, telling, written

__all__ = ["models"]

_Name = Annotated[str, typer.Argument(metavar="NAME", help="A registered model.")]
_Version = Annotated[str, typer.Argument(metavar="VERSION", help="A number, an alias, latest.")]
_Batch = Annotated[str, typer.Argument(metavar="BATCH", help="Id of a batch.")]
_Json = Annotated[bool, typer.Option("--json", help="Print JSON.")]


@models.command("describe")
def describe(name: _Name, words: Annotated[str, typer.Argument(help="What it is for.")]) -> None:
    """Say what a model is for."""
    from sonde.learning.services import registry
    from sonde.platform.services.work import unit_of_work

    with telling(), opened_request() as request, unit_of_work(request.ports):
        found = registry.describe(request.actor, name, words)
    typer.echo(f"{found.name}: {found.description}")


@models.command("judge")
def judge(name: _Name, version: _Version = "latest") -> None:
    """Say whether a version may become champion, and why or why not; nothing is changed."""
    from sonde.learning.services import promotion
    from sonde.platform.services.work import unit_of_work

    with telling(), opened_request() as request, unit_of_work(request.ports):
        told = promotion.judge(request.actor, name, version)
    typer.echo(f"{'Yes' if told.is_allowed else 'No'}. {told.sentence}")


@models.command("certificate")
def certificate(name: _Name, version: _Version = "", json: _Json = False) -> None:
    """Show the split certificate behind a version's score."""
    from sonde.learning.api import report
    from sonde.learning.services import registry
    from sonde.platform.services.work import unit_of_work

    with telling(), opened_request() as request, unit_of_work(request.ports):
        found = registry.certificate(request.actor, name, version)
    typer.echo(report.as_json(found) if json else found.summary)


@models.command("download")
def download(
    name: _Name, version: _Version, to: Annotated[Path, typer.Argument(help="To this file.")]
) -> None:
    """Write a version as one file of arrays and facts (safetensors)."""
    from sonde.learning.services import registry
    from sonde.platform.services.work import unit_of_work

    with telling(), opened_request() as request, unit_of_work(request.ports):
        chosen, content = registry.bundle_bytes(request.actor, name, version)
        written(to, content)
    typer.echo(f"{name} version {chosen.number}: {len(content):,} bytes")


@models.command("verdicts")
def verdicts(name: _Name, json: _Json = False) -> None:
    """Count how often each version told each class, among the answers that are kept."""
    from sonde.learning.api import report
    from sonde.learning.services import prediction_log
    from sonde.platform.services.work import unit_of_work

    with telling(), opened_request() as request, unit_of_work(request.ports):
        found = prediction_log.verdicts(request.actor, name)
    if json:
        typer.echo(report.as_json(found))
        return
    for one in found:
        typer.echo(f"v{one.version}  {one.verdict}: {one.count}")


@models.command("batches")
def batches(name: _Name, json: _Json = False) -> None:
    """List the predictions of many recordings, newest first."""
    from sonde.learning.api import report
    from sonde.learning.services import model_batches
    from sonde.platform.services.work import unit_of_work

    with telling(), opened_request() as request, unit_of_work(request.ports):
        found = model_batches.list_batches(request.actor, name)
    if json:
        typer.echo(report.as_json(found))
        return
    for one in found:
        state = one.job.state.value if one.job else "gone"
        typer.echo(f"{one.id}  v{one.version}  {state}  {one.title}")


@models.command("batch-results")
def batch_results(
    name: _Name, batch: _Batch, to: Annotated[Path, typer.Argument(help="A CSV file.")]
) -> None:
    """Write what a model said about each recording of a batch as CSV."""
    from sonde.learning.services import model_batches
    from sonde.platform.services.work import unit_of_work

    with telling(), opened_request() as request, unit_of_work(request.ports):
        written(to, model_batches.results(request.actor, name, batch)[1])


@models.command("batch-delete")
def batch_delete(name: _Name, batch: _Batch) -> None:
    """Delete a prediction of many recordings; a running one is cancelled."""
    from sonde.learning.services import model_batches
    from sonde.platform.services.work import unit_of_work

    with telling(), opened_request() as request, unit_of_work(request.ports):
        model_batches.remove(request.actor, name, batch)
    typer.echo(f"Deleted: {batch}")
