"""``sonde searches``: searches for experiments that people keep."""

from typing import TYPE_CHECKING, Annotated

import typer

from sonde.learning.api.terminal import opened_request, pairs, telling
from sonde.platform.core.errors import NotFound

if TYPE_CHECKING:
    from sonde.learning.core.saved_searches import SavedSearch
    from sonde.platform.core.actor import Actor

SEARCHES = typer.Typer(
    help="Searches for experiments that are kept: pinned, shared, as alerts.\n\n"
    'Example: sonde searches save Best "macro_f1:>0.95 split:honest" --alert'
)

Name = Annotated[str, typer.Argument(help="Name or id of a kept search.")]
Json = Annotated[bool, typer.Option("--json", help="Print JSON.")]
View = Annotated[
    list[str] | None,
    typer.Option(
        metavar="NAME=VALUE",
        help="How the list is shown: columns=title,macro_f1, sort=-macro_f1, group=model.",
    ),
]


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
        typer.echo(_line(one))


@SEARCHES.command("save")
def save(
    name: Annotated[str, typer.Argument(help="What to call it.")],
    query: Annotated[str, typer.Argument(help="In the search language.")],
    pin: Annotated[bool, typer.Option("--pin", help="Show it first.")] = False,
    share: Annotated[bool, typer.Option("--share", help="With the whole workspace.")] = False,
    alert: Annotated[bool, typer.Option("--alert", help="Tell me of matches.")] = False,
    view: View = None,
) -> None:
    """Keep a search under a name."""
    from sonde.learning.services import saved_searches
    from sonde.platform.services.work import unit_of_work

    with telling(), opened_request() as request, unit_of_work(request.ports):
        new = saved_searches.NewSearch(name, query, _texts(view), pin, share, alert)
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


@SEARCHES.command("change")
def change(
    name: Name,
    to: Annotated[str, typer.Option(help="Its new name.")] = "",
    query: Annotated[str | None, typer.Option(help="What it searches from now on.")] = None,
    view: View = None,
    pin: Annotated[bool | None, typer.Option(help="Show it first.")] = None,
    share: Annotated[bool | None, typer.Option(help="With the whole workspace.")] = None,
    alert: Annotated[bool | None, typer.Option(help="Tell me of matches that have ended.")] = None,
) -> None:
    """Give a kept search another name, query or view; pin, share it or make it an alert."""
    from sonde.learning.services import saved_searches
    from sonde.platform.services.work import unit_of_work

    with telling(), opened_request() as request, unit_of_work(request.ports):
        found = _found(request.actor, name)
        kept = (found.is_pinned, found.is_shared, found.is_alert)
        flags = zip((pin, share, alert), kept, strict=True)
        new = saved_searches.NewSearch(
            to or found.name,
            found.query if query is None else query,
            {**found.view, **_texts(view)},
            *(was if wish is None else wish for wish, was in flags),
        )
        changed = saved_searches.change(request.actor, found.id, new)
    typer.echo(_line(changed))


@SEARCHES.command("complete")
def complete(query: Annotated[str, typer.Argument(help="The beginning of a search.")]) -> None:
    """Show how a search can go on: fields, and values that are in use."""
    from sonde.learning.services import search_completion
    from sonde.platform.services.work import unit_of_work

    with telling(), opened_request() as request, unit_of_work(request.ports):
        found = search_completion.complete(request.actor, query)
    for one in found:
        typer.echo(one.query)


@SEARCHES.command("columns")
def columns() -> None:
    """List every column that the list of experiments can show and be sorted by."""
    from sonde.learning.services import search_completion
    from sonde.platform.services.work import unit_of_work

    with telling(), opened_request() as request, unit_of_work(request.ports):
        found = search_completion.column_choices(request.actor)
    for key, title in found:
        typer.echo(f"{key:<40}{title}")


def _line(one: "SavedSearch") -> str:
    flags = (("pinned", one.is_pinned), ("shared", one.is_shared), ("alert", one.is_alert))
    marks = ", ".join(word for word, is_so in flags if is_so)
    return f"{one.name}: {one.query}" + (f"  ({marks})" if marks else "")


def _texts(view: list[str] | None) -> dict[str, str]:
    return {name: str(value) for name, value in pairs(view).items()}


def _found(actor: "Actor", name: str) -> "SavedSearch":
    """Return the kept search of this name or id, the actor's own first; raises NotFound."""
    from sonde.learning.services import saved_searches

    found = [one for one in saved_searches.list_searches(actor) if name in {one.id, one.name}]
    if not found:
        raise NotFound(f"There is no saved search {name!r}.", search=name)
    return min(found, key=lambda one: one.owner_id != actor.user_id)
