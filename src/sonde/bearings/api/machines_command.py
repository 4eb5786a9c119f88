"""``sonde machines``: list and add places, feed channels, write reports; needs no server."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from sonde.platform.core.errors import NotFound, SondeError

if TYPE_CHECKING:
    from sonde.bearings.core.condition.machines import Node
    from sonde.platform.core.actor import Actor

MACHINES = typer.Typer(help="List and add machines, feed their channels, write their reports.")
_SEPARATOR = "/"

Place = Annotated[str, typer.Argument(help="Id or path: 'Plant/Pump 3/Drive end/Radial'.")]


@contextmanager
def _telling() -> Iterator[None]:
    """Tell an error in one line and leave with status 2."""
    try:
        yield
    except SondeError as error:
        typer.echo(" ".join(error.message.split()), err=True)
        raise typer.Exit(2) from None


@MACHINES.command("list")
def list_machines(
    json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """List plants, machines, points and channels with their states.

    Example: sonde machines list
    """
    from json import dumps

    from sonde.bearings.services import machines
    from sonde.bearings.services.condition import overview
    from sonde.platform.services.local import local_request
    from sonde.platform.services.work import unit_of_work

    with _telling(), local_request() as request, unit_of_work(request.ports):
        nodes = machines.tree(request.actor)
        states = overview.states(request.actor, nodes)
        paths = {one.id: [each.name for each in machines.above(nodes, one.id)] for one in nodes}
        for node in sorted(nodes, key=lambda one: paths[one.id]):
            state = states[node.id].value if states[node.id] else "not measured"  # type: ignore[union-attr]
            path = _SEPARATOR.join(paths[node.id])
            known = {"id": node.id, "kind": node.kind.value, "path": path, "state": state}
            typer.echo(dumps(known) if json else f"{node.kind.value:8} {path}  [{state}]")


@MACHINES.command()
def add(
    path: Annotated[str, typer.Argument(help="'Plant', 'Plant/Machine' or further down.")],
    detail: Annotated[
        list[str] | None,
        typer.Option("--set", help="Such as speed_rpm=1480; of the last place; may be repeated."),
    ] = None,
) -> None:
    """Add a place, with those above it that are missing; print its id.

    Example: sonde machines add "Works/Pump 3/Drive end/Radial" --set unit=g
    """
    from sonde.bearings.core.condition.machines import NodeKind
    from sonde.bearings.services import machines
    from sonde.bearings.services.machines import NewNode
    from sonde.platform.core.errors import Invalid
    from sonde.platform.services.local import local_request
    from sonde.platform.services.work import unit_of_work

    with _telling(), local_request() as request, unit_of_work(request.ports):
        names = [one.strip() for one in path.split(_SEPARATOR)]
        kinds = list(NodeKind)
        if len(names) > len(kinds):
            raise Invalid("A path has at most four parts: plant, machine, point, channel.")
        details = dict(one.partition("=")[::2] for one in detail or ())
        parent = ""
        for number, name in enumerate(names):
            is_last = number == len(names) - 1
            found = _child(request.actor, parent, name)
            if found is None:
                said = details if is_last else {}
                found = machines.add(request.actor, NewNode(kinds[number], name, parent, said))
            elif is_last:
                raise Invalid(f"{path!r} is there already.")
            parent = found.id
        typer.echo(parent)


@MACHINES.command()
def feed(
    place: Place,
    files: Annotated[list[Path], typer.Argument(help="Recordings; their names may say when.")],
    sampling_rate: Annotated[
        float | None, typer.Option(metavar="HZ", help="For files that do not say theirs.")
    ] = None,
    rpm: Annotated[float | None, typer.Option(help="For files that do not say theirs.")] = None,
    at: Annotated[str, typer.Option(help="When: 2026-01-31T14:05; for one file.")] = "",
    channel: Annotated[str, typer.Option(help="Channel of the files; their first if empty.")] = "",
) -> None:
    """Measure a channel with recordings; a moment that is measured already is passed over.

    Example: sonde machines feed "Works/Pump 3/Drive end/Radial" 2026-01-31T14-05.wav --rpm 1480
    """
    from datetime import UTC, datetime

    from sonde.bearings.core.condition.moments import moment_in_name, moment_said
    from sonde.bearings.services.condition import measurements
    from sonde.bearings.services.condition.measurements import Said
    from sonde.platform.core.errors import Conflict, Invalid
    from sonde.platform.services.local import local_request
    from sonde.platform.services.work import unit_of_work

    with _telling(), local_request() as request:
        with unit_of_work(request.ports):
            node = _found(request.actor, place)
            nominal = measurements.nominal_rpm(request.actor, node.id)
        if at and len(files) > 1:
            raise Invalid("--at is for one file; names of several files say when each was taken.")
        for file in files:
            if not file.is_file():
                raise Invalid(f"There is no file {file}.")
            written = datetime.fromtimestamp(file.stat().st_mtime, UTC)
            moment = moment_said(at) or moment_in_name(file.name) or written
            said = Said(moment, sampling_rate, rpm, channel)
            taken = measurements.read_upload(file, file.name, said, nominal)
            try:
                with unit_of_work(request.ports):
                    found = measurements.add(request.actor, node.id, taken)
            except Conflict as error:
                typer.echo(f"{file.name}: {error.message}")
            else:
                typer.echo(f"{file.name}: {found.taken_at:%Y-%m-%d %H:%M}, measured")


@MACHINES.command()
def report(
    place: Place,
    out: Annotated[Path, typer.Option(help="File to write.")] = Path("report.pdf"),
) -> None:
    """Write the one-page report of a machine.

    Example: sonde machines report "Works/Pump 3" --out pump-3.pdf
    """
    from sonde.bearings.services.condition import reports
    from sonde.platform.services.local import local_request
    from sonde.platform.services.work import unit_of_work

    with _telling(), local_request() as request, unit_of_work(request.ports):
        made = reports.report(request.actor, _found(request.actor, place).id)
        out.write_bytes(made.content)
        typer.echo(f"Wrote {out}")


def _child(actor: "Actor", parent_id: str, name: str) -> "Node | None":
    from sonde.bearings.services import machines

    nodes = machines.tree(actor)
    alike = [one for one in nodes if one.parent_id == parent_id and one.name == name]
    return alike[0] if alike else None


def _found(actor: "Actor", place: str) -> "Node":
    """Return the place of an id or a path."""
    from sonde.bearings.services import machines
    from sonde.platform.core.identifiers import is_id

    if is_id(place):
        return machines.get(actor, place)
    node = None
    for name in place.split(_SEPARATOR):
        node = _child(actor, node.id if node else "", name.strip())
        if node is None:
            break
    if node is None:
        raise NotFound(f"There is no {place!r}; see 'sonde machines list'.")
    return node
