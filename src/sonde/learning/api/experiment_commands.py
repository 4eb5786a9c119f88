"""The list of experiments in the terminal: search it, tag what it finds."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Annotated

import typer

from sonde.learning.api.terminal import opened_request, telling

if TYPE_CHECKING:
    from sonde.learning.core.experiment_list import Listed

_WIDTH = 34


def experiments(
    query: Annotated[
        str,
        typer.Argument(
            help="The search language: tag:baseline accuracy:>0.95 (a OR b) NOT c. "
            "Empty: everything in use."
        ),
    ] = "",
    sort: Annotated[str, typer.Option(help="A column; -macro_f1: largest first.")] = "",
    columns: Annotated[
        str, typer.Option(help="With commas: title,macro_f1,best.validation/accuracy,param.n_trees")
    ] = "",
    group: Annotated[
        str, typer.Option(help="family, model, dataset, split, owner or status: means.")
    ] = "",
    limit: Annotated[int, typer.Option(min=1, max=500)] = 50,
    csv: Annotated[bool, typer.Option("--csv", help="Print all that is found as CSV.")] = False,
    json: Annotated[bool, typer.Option("--json", help="Print all that is found as JSON.")] = False,
) -> None:
    """Search experiments.

    Example: sonde experiments "tag:baseline macro_f1:>0.9 created:>7d" --sort=-macro_f1
    """
    from sonde.learning.core.experiment_list import ListQuery
    from sonde.learning.services import experiment_export, experiment_search
    from sonde.platform.services.work import unit_of_work

    keys = tuple(filter(None, columns.split(",")))
    parts: Iterator[str] = iter(())
    wanted = ListQuery(query, sort, keys, 0, limit)
    with telling(), opened_request() as request:
        with unit_of_work(request.ports):
            if group:
                _print_groups(request.actor, wanted, group)
            elif not csv and not json:
                _print_list(experiment_search.find(request.actor, wanted))
            else:  # asked for now, read in parts while it is printed
                found = experiment_search.export(request.actor, wanted)
                write = experiment_export.as_csv if csv else experiment_export.as_json
                parts = write(found)
        for part in parts:
            typer.echo(part, nl=False)


def tag(
    query: Annotated[str, typer.Argument(help="Which experiments: a search, such as id:01J...")],
    add: Annotated[list[str] | None, typer.Option(help="A tag to give; repeatable.")] = None,
    remove: Annotated[list[str] | None, typer.Option(help="A tag to take; repeatable.")] = None,
) -> None:
    """Give and take tags of all experiments that a search finds.

    Example: sonde tag "model:resnet* created:today" --add baseline
    """
    from sonde.learning.core.experiment_changes import Action
    from sonde.learning.services import experiment_changes, experiment_search
    from sonde.platform.core.errors import Invalid
    from sonde.platform.services.work import unit_of_work

    with telling(), opened_request() as request, unit_of_work(request.ports):
        if not add and not remove:
            raise Invalid("Name a tag: --add NAME or --remove NAME.")
        ids = experiment_search.ids_of(request.actor, query)
        if not ids:
            raise Invalid("This search finds no experiment.")
        for action, names in ((Action.TAG, add), (Action.UNTAG, remove)):
            if names:
                done = experiment_changes.change(request.actor, action, ids, names)
                words = f"{action.value} {', '.join(names)}"
                typer.echo(f"{len(done.ids)} of {len(ids)} experiments changed: {words}")


def change(
    action: Annotated[
        str, typer.Argument(help="pin, unpin, archive, unarchive, trash, restore or remove.")
    ],
    query: Annotated[str, typer.Argument(help="Which experiments: a search, such as id:01J...")],
) -> None:
    """Pin, archive, delete or restore all experiments that a search finds.

    What is in the trash is found by is:trashed; it waits there for thirty days.

    Example: sonde change archive "created:<2026-01-01 NOT is:pinned"
    """
    from sonde.learning.core.experiment_changes import Action
    from sonde.learning.services import experiment_changes, experiment_search
    from sonde.platform.core.errors import Invalid
    from sonde.platform.services.work import unit_of_work

    with telling(), opened_request() as request, unit_of_work(request.ports):
        known = set(Action) - {Action.TAG, Action.UNTAG}
        if action not in known:
            raise Invalid(f"An action is one of {', '.join(sorted(known))}, not {action!r}.")
        ids = experiment_search.ids_of(request.actor, query)
        if not ids:
            raise Invalid("This search finds no experiment.")
        done = experiment_changes.change(request.actor, Action(action), ids)
    stopped = f", {done.stopped} trainings cancelled" if done.stopped else ""
    typer.echo(f"{len(done.ids)} of {len(ids)} experiments changed: {action}{stopped}")


def _print_list(found: "Listed") -> None:
    typer.echo("  ".join(column.title[:_WIDTH] for column in found.columns))
    for row in found.rows:
        values = (row.value(column) for column in found.columns)
        typer.echo("  ".join(_text(value) for value in values))
    more = found.total - len(found.rows)
    typer.echo(f"{found.total} found" + (f", {more} not shown; see --limit" if more else ""))


def _print_groups(actor: object, wanted: object, group: str) -> None:
    from typing import Any, cast

    from sonde.learning.services import experiment_search

    found = experiment_search.groups(cast(Any, actor), cast(Any, wanted), group)
    for row in found.rows:
        typer.echo(f"{(row.title if group == 'family' else row.key) or '(none)'}: {row.n}")
        for column in found.columns:
            spread = row.spreads[column.key]
            if spread.mean is not None:
                sure = f" ± {spread.mean - spread.low:.4g}" if spread.low is not None else " (one)"
                typer.echo(f"    {column.title}: {spread.mean:.4g}{sure}")


def _text(value: object) -> str:
    if value is None:
        return "-"
    return f"{value:.4g}" if isinstance(value, float) else str(value)[:_WIDTH]
