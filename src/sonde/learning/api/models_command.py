"""`sonde models`: the registry in the terminal."""

from typing import TYPE_CHECKING, Annotated

import typer

from sonde.learning.api.terminal import opened_request, telling

if TYPE_CHECKING:
    from sonde.learning.core.registry import AliasMove, ModelVersion, RegisteredModel

models = typer.Typer(
    name="models",
    no_args_is_help=True,
    help="Registered models: see, register, promote, roll back, ask about many recordings.\n\n"
    "Example: sonde models promote fan-bearings 3",
)

_Name = Annotated[str, typer.Argument(metavar="NAME", help="A registered model.")]
_Version = Annotated[str, typer.Argument(metavar="VERSION", help="A number, an alias, latest.")]
_Json = Annotated[bool, typer.Option("--json", help="Print JSON.")]


@models.command("list")
def list_models(
    text: Annotated[str, typer.Argument(help="Part of a name.")] = "",
    archived: Annotated[bool, typer.Option(help="Archived ones, too.")] = False,
    json: _Json = False,
) -> None:
    """List registered models with their aliases and scores."""
    from sonde.learning.api import report
    from sonde.learning.services import registry
    from sonde.platform.services.work import unit_of_work

    with telling(), opened_request() as request, unit_of_work(request.ports):
        found = registry.list_models(request.actor, text=text, archived=archived)
    if json:
        typer.echo(report.as_json(found))
        return
    for one in found:
        typer.echo(_line(one))


@models.command("show")
def show(name: _Name, json: _Json = False) -> None:
    """Show a model's versions, and how its aliases were moved."""
    from sonde.learning.api import report
    from sonde.learning.services import registry
    from sonde.platform.services.work import unit_of_work

    with telling(), opened_request() as request, unit_of_work(request.ports):
        found = registry.get(request.actor, name)
        moves = registry.history(request.actor, name)
    if json:
        typer.echo(report.as_json(found))
        return
    lines = [_line(found), *map(_version_line, found.versions), *map(_move_line, moves)]
    typer.echo("\n".join(lines))


@models.command("register")
def register(
    name: _Name,
    experiment: Annotated[str, typer.Option(help="Id of a finished experiment.")],
    notes: Annotated[str, typer.Option(help="What is special about this version.")] = "",
) -> None:
    """Keep the model of an experiment as the next version under a name."""
    from sonde.learning.services import registry
    from sonde.platform.services.work import unit_of_work

    with telling(), opened_request() as request, unit_of_work(request.ports):
        made = registry.register(request.actor, experiment, name, notes=notes)
    typer.echo(f"{name} has version {made.number}: macro-F1 {made.macro_f1:.3f}.")


@models.command("promote")
def promote(
    name: _Name,
    version: _Version,
    override: Annotated[
        str, typer.Option(help="Why it must be champion against the rule; for administrators.")
    ] = "",
) -> None:
    """Make a version the champion if it beats the present one on the same test."""
    from sonde.learning.services import promotion
    from sonde.platform.services.work import unit_of_work

    with telling(), opened_request() as request, unit_of_work(request.ports):
        found = promotion.promote(request.actor, name, version, override_reason=override)
    typer.echo(_line(found))


@models.command("rollback")
def roll_back(
    name: _Name, reason: Annotated[str, typer.Option(help="Why; it is kept.")] = ""
) -> None:
    """Give the champion's place back to the version that had it before."""
    from sonde.learning.services import promotion
    from sonde.platform.services.work import unit_of_work

    with telling(), opened_request() as request, unit_of_work(request.ports):
        found = promotion.roll_back(request.actor, name, reason=reason)
    typer.echo(_line(found))


@models.command("alias")
def alias(
    name: _Name,
    alias: Annotated[str, typer.Argument(metavar="ALIAS")],
    version: Annotated[str, typer.Argument(help="Empty takes the alias away.")] = "",
) -> None:
    """Point an alias at a version, or take it away."""
    from sonde.learning.services import registry
    from sonde.platform.services.work import unit_of_work

    with telling(), opened_request() as request, unit_of_work(request.ports):
        if version:
            found = registry.set_alias(request.actor, name, alias, version)
        else:
            found = registry.remove_alias(request.actor, name, alias)
    typer.echo(_line(found))


@models.command("archive")
def archive(
    name: _Name,
    version: Annotated[str, typer.Argument(help="Empty: the whole model.")] = "",
    back: Annotated[bool, typer.Option("--back", help="Bring it back.")] = False,
) -> None:
    """Archive a version or a whole model, or bring it back."""
    from sonde.learning.services import registry
    from sonde.platform.services.work import unit_of_work

    with telling(), opened_request() as request, unit_of_work(request.ports):
        found = registry.archive(request.actor, name, version, archived=not back)
    typer.echo(_line(found))


@models.command("log")
def log(
    name: _Name, limit: Annotated[int, typer.Option(min=1, max=200)] = 20, json: _Json = False
) -> None:
    """Show what a model said, newest first."""
    from sonde.learning.api import report
    from sonde.learning.services import prediction_log
    from sonde.platform.services.work import unit_of_work

    with telling(), opened_request() as request, unit_of_work(request.ports):
        found = prediction_log.page(request.actor, name, limit=limit).items
    if json:
        typer.echo(report.as_json(found))
        return
    for one in found:
        said = one.answered
        typer.echo(
            f"{one.at:%Y-%m-%d %H:%M:%S}  v{one.version}  {said.verdict}  "
            f"{max(said.probabilities.values()):.0%}  {said.latency_ms:.0f} ms  {one.way.value}  "
            f"{one.caller}  {said.name}  {said.input_hash[:12]}"
        )


def _line(model: "RegisteredModel") -> str:
    aliases = ", ".join(f"{alias} {number}" for alias, number in sorted(model.aliases.items()))
    answering = model.answering
    score = f"macro-F1 {answering.macro_f1:.3f}" if answering else "no version answers"
    count = len(model.versions)
    archived = "  archived" if model.is_archived else ""
    versions = f"{count} version{'s' if count != 1 else ''}"
    return f"{model.name}  {versions}  {aliases or 'no alias'}  {score}{archived}"


def _version_line(one: "ModelVersion") -> str:
    honest = "honest" if one.is_honest else "LEAKY"
    sure = "calibrated" if one.calibration else "uncalibrated"
    marks = " ".join((*one.aliases, *(("archived",) if one.is_archived else ())))
    return (
        f"  {one.number:>3}  {one.macro_f1:.3f} [{one.interval_low:.3f}, "
        f"{one.interval_high:.3f}] {honest}, {sure}  {one.architecture_title}, "
        f"{one.lineage.policy_title} on {one.lineage.ref_title}  {marks}"
    ).rstrip()


def _move_line(move: "AliasMove") -> str:
    return (
        f"  {move.at:%Y-%m-%d %H:%M}  {move.alias} {move.from_number or '-'} -> "
        f"{move.to_number or '-'}  {move.kind.value} by {move.by}  {move.reason}"
    ).rstrip()
