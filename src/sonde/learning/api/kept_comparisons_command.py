"""``sonde comparisons``: comparisons that are kept under a name."""

from typing import TYPE_CHECKING, Annotated

import typer

from sonde.learning.api.terminal import opened_request, telling

if TYPE_CHECKING:
    from sonde.learning.core.comparison.stored import StoredComparison

COMPARISONS = typer.Typer(
    help="Comparisons that are kept under a name; sonde compare --keep makes them.\n\n"
    'Example: sonde comparisons change 01J... --name "Forest or network"'
)

Comparison = Annotated[str, typer.Argument(help="Id of a kept comparison.")]
Json = Annotated[bool, typer.Option("--json", help="Print JSON.")]


@COMPARISONS.command("list")
def list_comparisons(json: Json = False) -> None:
    """List the comparisons that your workspaces keep, newest first."""
    from sonde.learning.api import report
    from sonde.learning.services import stored_comparisons
    from sonde.platform.services.work import unit_of_work

    with telling(), opened_request() as request, unit_of_work(request.ports):
        found = stored_comparisons.list_kept(request.actor, limit=200).items
    if json:
        typer.echo(report.as_json(found))
        return
    for one in found:
        typer.echo(_line(one))


@COMPARISONS.command("show")
def show(comparison: Comparison, json: Json = False) -> None:
    """Show a kept comparison: its name, experiments and note; sonde compare compares them."""
    from sonde.learning.api import report
    from sonde.learning.services import stored_comparisons
    from sonde.platform.services.work import unit_of_work

    with telling(), opened_request() as request, unit_of_work(request.ports):
        found = stored_comparisons.get(request.actor, comparison)
    typer.echo(report.as_json(found) if json else f"{_line(found)}\n{found.note}".rstrip())


@COMPARISONS.command("change")
def change(
    comparison: Comparison,
    name: Annotated[str | None, typer.Option(help="Its new name.")] = None,
    note: Annotated[str | None, typer.Option(help="Its new note; empty takes it away.")] = None,
    experiments: Annotated[
        str, typer.Option(help="Its experiments from now on: 2 to 20 ids by commas.")
    ] = "",
) -> None:
    """Give a kept comparison another name, note, or other experiments; its link stays."""
    from sonde.learning.services import stored_comparisons
    from sonde.platform.services.work import unit_of_work

    ids = experiments.split(",") if experiments else None
    with telling(), opened_request() as request, unit_of_work(request.ports):
        changed = stored_comparisons.change(request.actor, comparison, name, note, ids)
    typer.echo(_line(changed))


@COMPARISONS.command("delete")
def delete(comparison: Comparison) -> None:
    """Forget a comparison; its experiments stay."""
    from sonde.learning.services import stored_comparisons
    from sonde.platform.services.work import unit_of_work

    with telling(), opened_request() as request, unit_of_work(request.ports):
        stored_comparisons.delete(request.actor, comparison)
    typer.echo(f"Forgotten: {comparison}")


def _line(one: "StoredComparison") -> str:
    return f"{one.id}  {one.name}: {' '.join(one.experiment_ids)}"
