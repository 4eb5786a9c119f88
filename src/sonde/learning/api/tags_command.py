"""``sonde tags``: the tags of experiments themselves; ``sonde tag`` gives and takes them."""

from typing import TYPE_CHECKING, Annotated

import typer

from sonde.learning.api.terminal import opened_request, telling
from sonde.platform.core.errors import NotFound

if TYPE_CHECKING:
    from sonde.learning.core.tags import Tag
    from sonde.platform.core.actor import Actor

TAGS = typer.Typer(help="The tags of experiments: list, make, rename, colour, delete them.")

Name = Annotated[str, typer.Argument(help="Name of a tag.")]


@TAGS.command("list")
def list_tags(json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False) -> None:
    """List tags with how many experiments carry each, the most used first."""
    from sonde.learning.api import report
    from sonde.learning.services import tags
    from sonde.platform.services.work import unit_of_work

    with telling(), opened_request() as request, unit_of_work(request.ports):
        found = tags.list_tags(request.actor)
    if json:
        typer.echo(report.as_json(tuple(found)))
        return
    for one in found:
        typer.echo(f"{one.n_experiments:>6}  {one.name}  {one.colour}")


@TAGS.command("create")
def create(
    name: Name, colour: Annotated[str, typer.Option(help="Chosen from the name if empty.")] = ""
) -> None:
    """Make a tag."""
    from sonde.learning.services import tags
    from sonde.platform.services.work import unit_of_work

    with telling(), opened_request() as request, unit_of_work(request.ports):
        made = tags.create(request.actor, name, colour)
    typer.echo(f"{made.name}  {made.colour}")


@TAGS.command("change")
def change(
    name: Name,
    to: Annotated[str, typer.Option(help="Its new name.")] = "",
    colour: Annotated[str, typer.Option(help="Its new colour, such as teal.")] = "",
) -> None:
    """Give a tag another name or colour."""
    from sonde.learning.services import tags
    from sonde.platform.services.work import unit_of_work

    with telling(), opened_request() as request, unit_of_work(request.ports):
        found = _found(request.actor, name)
        changed = tags.change(request.actor, found.id, name=to, colour=colour)
    typer.echo(f"{changed.name}  {changed.colour}")


@TAGS.command("delete")
def delete(name: Name) -> None:
    """Delete a tag from every experiment."""
    from sonde.learning.services import tags
    from sonde.platform.services.work import unit_of_work

    with telling(), opened_request() as request, unit_of_work(request.ports):
        found = _found(request.actor, name)
        tags.remove(request.actor, found.id)
    typer.echo(f"Deleted: {found.name}")


def _found(actor: "Actor", name: str) -> "Tag":
    """Return the tag of this name, whatever its case; raises NotFound."""
    from sonde.learning.services import tags

    for one in tags.list_tags(actor):
        if one.name.lower() == name.lower():
            return one
    raise NotFound(f"There is no tag {name!r}.", tag=name)
