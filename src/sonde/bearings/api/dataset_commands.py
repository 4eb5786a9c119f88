"""``sonde datasets``: what can be done with stored data sets, without a running server."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from sonde.platform.core.errors import SondeError

if TYPE_CHECKING:
    from sonde.platform.core.actor import Actor

DATASETS = typer.Typer(help="List, look at, export, change and combine data sets.")

Which = Annotated[str, typer.Argument(help="Name or id of a data set.")]
Yes = Annotated[bool, typer.Option("--yes", "-y", help="Do it without asking.")]
NewName = Annotated[str, typer.Option("--name", help="Name of the new data set.")]
AsVersion = Annotated[
    bool, typer.Option("--as-new-version", help="Let it be the next version of that name.")
]
Labels = Annotated[list[str] | None, typer.Option("--label", help="Class; may be repeated.")]
Severities = Annotated[list[str] | None, typer.Option("--severity", help="May be repeated.")]
Bearings = Annotated[
    list[str] | None, typer.Option("--bearing", help="Physical bearing; may be repeated.")
]
Text = Annotated[str, typer.Option(help="Words that occur in file, class, bearing or session.")]


@contextmanager
def _acting() -> Iterator["Actor"]:
    """Act in one unit of work; an error is one line and status 2."""
    from sonde.platform.services.local import local_request
    from sonde.platform.services.work import unit_of_work

    try:
        with local_request() as request, unit_of_work(request.ports):
            yield request.actor
    except SondeError as error:
        typer.echo(" ".join(error.message.split()), err=True)
        raise typer.Exit(2) from None


@DATASETS.callback(invoke_without_command=True)
def datasets(context: typer.Context) -> None:
    """List, look at, export, change and combine data sets."""
    if context.invoked_subcommand is None:
        list_datasets()


@DATASETS.command("list")
def list_datasets(
    text: Annotated[str, typer.Option(help="Words in name or description.")] = "",
    tag: Annotated[str, typer.Option(help="Only those with this tag.")] = "",
    archived: Annotated[bool, typer.Option("--archived", help="Those put aside.")] = False,
    trash: Annotated[bool, typer.Option("--trash", help="Those deleted in 30 days.")] = False,
) -> None:
    """List data sets, newest first.

    Example: sonde datasets list --tag pump
    """
    from sonde.bearings.api import terminal
    from sonde.bearings.core.datasets import ARCHIVED, LIVE, DatasetQuery
    from sonde.bearings.services import datasets as service
    from sonde.bearings.services import trash as bin_

    with _acting() as actor:
        if trash:
            terminal.print_datasets(bin_.list_trash(actor, limit=1000).items)
            return
        query = DatasetQuery(text, tag, states=(ARCHIVED if archived else LIVE,))
        terminal.print_datasets(service.list_datasets(actor, query, limit=1000).items)


@DATASETS.command()
def show(which: Which) -> None:
    """Show one data set with its recordings."""
    from sonde.bearings.api import terminal
    from sonde.bearings.services import datasets as service

    with _acting() as actor:
        found = service.find(actor, which)
        terminal.print_dataset(found, service.recordings(actor, found.id))


@DATASETS.command()
def rename(which: Which, name: Annotated[str, typer.Argument(help="Its new name.")]) -> None:
    """Rename a data set, all its versions."""
    from sonde.bearings.services import dataset_changes
    from sonde.bearings.services import datasets as service

    with _acting() as actor:
        old = service.find(actor, which)
        new = dataset_changes.rename(actor, old.id, name)
        typer.echo(f"{old.name} is called {new.name} now.")


@DATASETS.command()
def tag(
    which: Which, tags: Annotated[list[str] | None, typer.Argument(help="All its tags.")] = None
) -> None:
    """Give a data set these tags and no others; without tags, take all away."""
    from sonde.bearings.core.datasets import DatasetChange
    from sonde.bearings.services import dataset_changes
    from sonde.bearings.services import datasets as service

    with _acting() as actor:
        found = service.find(actor, which)
        wanted = DatasetChange(tags=tuple(tags or ()))
        changed = dataset_changes.change(actor, found.id, wanted)
        typer.echo(f"{changed.name}: {', '.join(changed.tags) or 'no tags'}")


@DATASETS.command()
def delete(
    which: Which,
    yes: Yes = False,
    for_good: Annotated[bool, typer.Option("--for-good", help="Not even to the trash.")] = False,
) -> None:
    """Put a data set into the trash, where it can be restored for 30 days."""
    from sonde.bearings.services import datasets as service
    from sonde.bearings.services import trash

    with _acting() as actor:
        found = service.find(actor, which)
        if not yes and not typer.confirm(f"Delete {found.name}?"):
            return
        trash.delete(actor, found.id)
        if for_good:
            trash.remove(actor, found.id)
            typer.echo(f"Deleted {found.name} for good.")
            return
        typer.echo(f"Deleted {found.name}; sonde datasets restore {found.id} brings it back.")


@DATASETS.command()
def restore(
    dataset_id: Annotated[str, typer.Argument(help="Id, from sonde datasets list --trash.")],
    name: Annotated[str, typer.Option(help="Another name, where its own is taken.")] = "",
) -> None:
    """Take a data set out of the trash."""
    from sonde.bearings.services import trash

    with _acting() as actor:
        restored = trash.restore(actor, dataset_id, name=name)
        typer.echo(f"Restored {restored.name}.")


@DATASETS.command()
def subset(
    which: Which,
    name: NewName,
    label: Labels = None,
    severity: Severities = None,
    bearing: Bearings = None,
    text: Text = "",
    as_new_version: AsVersion = False,
) -> None:
    """Store a part of a data set as a new one.

    Example: sonde datasets subset CWRU --name "Inner races" --label inner --label healthy
    """
    from sonde.bearings.services import datasets as service
    from sonde.bearings.services import derivations

    query = _query(label, severity, bearing, text)
    with _acting() as actor:
        source = service.find(actor, which)
        new = derivations.NewName(name, as_new_version)
        planned = derivations.plan_subset(actor, source.id, query, new)
        made = derivations.make(actor, planned)
        typer.echo(f"Stored {made.n_recordings} recordings as {made.name} ({made.id}).")


@DATASETS.command()
def merge(
    which: Annotated[list[str], typer.Argument(help="Names or ids of two or more data sets.")],
    name: NewName,
    apart: Annotated[
        bool, typer.Option("--apart", help="Equal names of bearings mean different bearings.")
    ] = False,
    as_new_version: AsVersion = False,
) -> None:
    """Store several data sets as one; signals that several hold are stored once."""
    from sonde.bearings.core.merging import BearingNames
    from sonde.bearings.services import datasets as service
    from sonde.bearings.services import derivations

    with _acting() as actor:
        ids = [service.find(actor, each).id for each in which]
        names = BearingNames.APART if apart else BearingNames.SAME
        new = derivations.NewName(name, as_new_version)
        made = derivations.make(actor, derivations.plan_merge(actor, ids, new, names))
        typer.echo(f"Stored {made.n_recordings} recordings as {made.name} ({made.id}).")


@DATASETS.command()
def export(
    which: Which,
    out: Annotated[Path, typer.Option("--out", "-o", help="The file to write.")],
    to: Annotated[str, typer.Option("--format", help="hdf5, mat, csv, parquet or npz.")] = "",
    label: Labels = None,
    severity: Severities = None,
    bearing: Bearings = None,
    text: Text = "",
) -> None:
    """Write a data set, or a part of it, as one file for other programs.

    The ending of the file says the format unless --format does. Example: sonde datasets export
    CWRU --out cwru.mat
    """
    from sonde.bearings.core.export.formats import format_by_name
    from sonde.bearings.services import datasets as service
    from sonde.bearings.services import exports

    with _acting() as actor:
        found = service.find(actor, which)
        slug = to or format_by_name(out.name)
        query = _query(label, severity, bearing, text)
        written = exports.write_local(actor, found.id, slug, out, query)
        typer.echo(f"Wrote {written} recordings of {found.name} to {out}.")


def _query(
    label: list[str] | None, severity: list[str] | None, bearing: list[str] | None, text: str
) -> Any:
    from sonde.bearings.core.recording_query import RecordingQuery

    return RecordingQuery(
        labels=tuple(label or ()),
        severities=tuple(severity or ()),
        bearings=tuple(bearing or ()),
        text=text,
    )
