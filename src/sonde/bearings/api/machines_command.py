"""``sonde machines``: list and add places, feed channels, write reports; needs no server."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from sonde.platform.core.errors import NotFound, SondeError

if TYPE_CHECKING:
    from sonde.bearings.core.condition.machines import Node
    from sonde.bearings.services.condition.measurements import Said
    from sonde.platform.core.actor import Actor
    from sonde.platform.services.request import RequestScope

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
    from sonde.bearings.services import machines
    from sonde.platform.services.local import local_request
    from sonde.platform.services.work import unit_of_work

    with _telling(), local_request() as request, unit_of_work(request.ports):
        details = dict(one.partition("=")[::2] for one in detail or ())
        typer.echo(machines.add_path(request.actor, path, details).id)


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
    from sonde.bearings.core.condition.moments import moment_said
    from sonde.bearings.services.condition.measurements import Said
    from sonde.platform.core.errors import Invalid
    from sonde.platform.services.local import local_request

    with _telling(), local_request() as request:
        if at and len(files) > 1:
            raise Invalid("--at is for one file; names of several files say when each was taken.")
        said = Said(moment_said(at), sampling_rate, rpm, channel)
        for file in files:
            typer.echo(f"{file.name}: {_feed_one(request, place, file, said)}")


def _feed_one(request: "RequestScope", place: str, file: Path, said: "Said") -> str:
    """Measure a channel with one file; return how it went."""
    from dataclasses import replace
    from datetime import UTC, datetime

    from sonde.bearings.core.condition.moments import moment_in_name
    from sonde.bearings.services.condition import measurements
    from sonde.platform.core.errors import Conflict
    from sonde.platform.services.work import unit_of_work

    if not file.is_file():
        raise NotFound(f"There is no file {file}.")
    with unit_of_work(request.ports):
        node = _found(request.actor, place)
        nominal = measurements.nominal_rpm(request.actor, node.id)
    written = datetime.fromtimestamp(file.stat().st_mtime, UTC)
    moment = said.taken_at or moment_in_name(file.name) or written
    taken = measurements.read_upload(file, file.name, replace(said, taken_at=moment), nominal)
    try:
        with unit_of_work(request.ports):
            found = measurements.add(request.actor, node.id, taken)
    except Conflict as error:
        return error.message
    return f"{found.taken_at:%Y-%m-%d %H:%M}, measured"


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


def _found(actor: "Actor", place: str) -> "Node":
    """Return the place of an id or a path."""
    from sonde.bearings.services import machines
    from sonde.platform.core.identifiers import is_id

    return machines.get(actor, place) if is_id(place) else machines.at_path(actor, place)
