"""``sonde searches`` and ``sonde comparisons``: what people keep of lists and comparisons."""

from typing import TYPE_CHECKING, Annotated

import typer

from sonde.learning.api.terminal import opened_request, telling
from sonde.platform.core.errors import NotFound

if TYPE_CHECKING:
    from sonde.learning.core.saved_searches import SavedSearch
    from sonde.platform.core.actor import Actor

SEARCHES = typer.Typer(
    help="Searches for experiments that are kept: pinned, shared, as alerts.\n\n"
    'Example: sonde searches save Best "macro_f1:>0.95 split:honest" --alert'
)
COMPARISONS = typer.Typer(
    help="Comparisons that are kept under a name; sonde compare --keep makes them."
)

Name = Annotated[str, typer.Argument(help="Name or id of a kept search.")]
Json = Annotated[bool, typer.Option("--json", help="Print JSON.")]


@SEARCHES.command("list")
def list_searches(json: Json = False) -> None:
    """List your kept searches and those shared with you, the pinned ones first."""
    from sonde.learning.api import report
    from sonde.learning.services import saved_searches
    from sonde.platform.services.work import unit_of_work

    with telling(), opened_request() as request, unit_of_work(request.ports):
        found = saved_searches.list_searches(request.actor)
    if json:
        typer.echo(report.as_json(tuple(found)))
        return
    for one in found:
        flags = (("pinned", one.is_pinned), ("shared", one.is_shared), ("alert", one.is_alert))
        marks = ", ".join(word for word, is_so in flags if is_so)
        typer.echo(f"{one.name}: {one.query}" + (f"  ({marks})" if marks else ""))


@SEARCHES.command("save")
def save(
    name: Annotated[str, typer.Argument(help="What to call it.")],
    query: Annotated[str, typer.Argument(help="In the search language.")],
    pin: Annotated[bool, typer.Option("--pin", help="Show it first.")] = False,
    share: Annotated[bool, typer.Option("--share", help="With the whole workspace.")] = False,
    alert: Annotated[bool, typer.Option("--alert", help="Tell me of new matches.")] = False,
) -> None:
    """Keep a search under a name."""
    from sonde.learning.services import saved_searches
    from sonde.platform.services.work import unit_of_work

    with telling(), opened_request() as request, unit_of_work(request.ports):
        new = saved_searches.NewSearch(name, query, {}, pin, share, alert)
        kept = saved_searches.save(request.actor, new)
    typer.echo(f"Search {kept.id}: {kept.name}")


@SEARCHES.command("delete")
def delete(name: Name) -> None:
    """Forget a kept search."""
    from sonde.learning.services import saved_searches
    from sonde.platform.services.work import unit_of_work

    with telling(), opened_request() as request, unit_of_work(request.ports):
        found = _found(request.actor, name)
        saved_searches.remove(request.actor, found.id)
    typer.echo(f"Forgotten: {found.name}")


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
        typer.echo(f"{one.id}  {one.name}: {' '.join(one.experiment_ids)}")


@COMPARISONS.command("delete")
def delete_comparison(
    comparison: Annotated[str, typer.Argument(help="Id of a kept comparison.")],
) -> None:
    """Forget a comparison; its experiments stay."""
    from sonde.learning.services import stored_comparisons
    from sonde.platform.services.work import unit_of_work

    with telling(), opened_request() as request, unit_of_work(request.ports):
        stored_comparisons.delete(request.actor, comparison)
    typer.echo(f"Forgotten: {comparison}")


def _found(actor: "Actor", name: str) -> "SavedSearch":
    """Return the kept search of this name or id, the actor's own first; raises NotFound."""
    from sonde.learning.services import saved_searches

    found = [one for one in saved_searches.list_searches(actor) if name in {one.id, one.name}]
    if not found:
        raise NotFound(f"There is no saved search {name!r}.", search=name)
    return min(found, key=lambda one: one.owner_id != actor.user_id)
