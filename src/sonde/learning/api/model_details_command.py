"""More of ``sonde models``: certificates, downloads, descriptions, told classes."""

from pathlib import Path
from typing import Annotated

import typer

from sonde.learning.api.models_command import models
from sonde.learning.api.terminal import opened_request, telling, written

__all__ = ["models"]

_Name = Annotated[str, typer.Argument(metavar="NAME", help="A registered model.")]
_Version = Annotated[str, typer.Argument(metavar="VERSION", help="A number, an alias, latest.")]
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
