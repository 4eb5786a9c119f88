"""Data sets and imports in the terminal: tables of what was understood, and of what is stored."""

import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import typer

from sonde.bearings.core.datasets import Dataset, StoredRecording
from sonde.bearings.core.understanding.given import Given
from sonde.bearings.core.understanding.understood import Understood
from sonde.bearings.services import imports, scanning
from sonde.platform.services.request import RequestScope
from sonde.platform.services.work import unit_of_work

_LINES = 400


@dataclass(frozen=True)
class FolderImport:
    """What the person asked for.

    Parameters
    ----------
    folder : Path
    wish : ImportWish
    yes : bool
        Store without asking.
    """

    folder: Path
    wish: imports.ImportWish
    yes: bool


def import_folder(request: RequestScope, asked: FolderImport) -> None:
    """Read a folder, show what was understood, ask, and store it whole or not at all."""
    with unit_of_work(request.ports):
        wish = imports.check_wish(request.actor, asked.wish)
    sources = scanning.files_in(asked.folder)
    with tempfile.TemporaryDirectory(prefix="sonde-import-") as folder:
        target = Path(folder) / "signals.h5"
        rows = _scan(sources, wish.given, target)
        print_understood(rows)
        if not any(row.goes_in for row in rows):
            typer.echo("None of these files can be stored; each line says why.", err=True)
            raise typer.Exit(2)
        if not asked.yes and not typer.confirm("Store this as a data set?"):
            typer.echo("Nothing was stored.")
            raise typer.Exit(1)
        with unit_of_work(request.ports):
            dataset = imports.store(request.actor, wish, rows, target)
    typer.echo(f"Stored {dataset.n_recordings} recordings as {dataset.name} ({dataset.id}).")


def _scan(sources: Sequence[scanning.SourceFile], given: Given, target: Path) -> list[Understood]:
    with typer.progressbar(length=max(len(sources), 1), label="Reading") as bar:

        def progress(_done: int, _total: int, _name: str) -> None:
            bar.update(1)

        return scanning.scan(sources, given, target, progress)


def print_understood(rows: Sequence[Understood]) -> None:
    """Print what was understood of each file, and at the end what does not go in."""
    header = ("file", "channels", "rate Hz", "unit", "rpm", "class", "bearing", "size", "load")
    going = [row for row in rows if row.goes_in]
    print_table(header, [_cells(row) for row in going])
    found = [(row, finding) for row in going for finding in row.quality]
    if found:
        typer.echo("\nLook at these before you use them:")
        for row, finding in found[:_LINES]:
            typer.echo(f"  {row.title}: {finding}")
    notes = [(row, note) for row in going for note in row.notes]
    if notes:
        typer.echo("\nAssumed, or worth a look:")
        for row, note in notes[:_LINES]:
            typer.echo(f"  {row.title}: {note}")
    left = [row for row in rows if not row.goes_in]
    if left:
        typer.echo("\nNot stored:")
        for row in left[:_LINES]:
            typer.echo(f"  {row.title}: {row.refused or _lacks(row)}")
    bearings = len({row.bearing for row in going})
    typer.echo(f"\n{len(going)} recordings of {bearings} physical bearings; {len(left)} left out.")


def _cells(row: Understood) -> tuple[str, ...]:
    return (
        row.title,
        " ".join(row.channels),
        f"{row.sampling_rate_hz:g}",
        row.unit,
        f"{row.speed_rpm:g}",
        row.label,
        row.bearing,
        row.fault_size,
        row.load,
    )


_SAY = {
    "sampling_rate_hz": "its sampling rate (--sampling-rate HZ)",
    "speed_rpm": "its speed (--rpm RPM)",
    "label": "its class (--label or --label-table)",
    "bearing": "its physical bearing (--label-table)",
}


def _lacks(row: Understood) -> str:
    return f"nothing says {', '.join(_SAY[name] for name in row.missing)}"


def print_table(header: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """Print columns, each as wide as its longest cell."""
    widths = [max(len(row[column]) for row in (header, *rows)) for column in range(len(header))]
    for row in (header, *rows):
        line = "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True))
        typer.echo(line.rstrip())


def print_datasets(found: Sequence[Dataset]) -> None:
    """Print one line for each data set."""
    if not found:
        typer.echo("There are no data sets yet; sonde import-recordings makes one.")
        return
    rows = [
        (
            dataset.name,
            str(dataset.n_recordings),
            str(dataset.n_bearings),
            " ".join(dataset.classes),
            f"{dataset.size_bytes / 1e6:.1f} MB",
            dataset.owner_name,
            dataset.id,
        )
        for dataset in found
    ]
    print_table(("name", "recordings", "bearings", "classes", "size", "owner", "id"), rows)


def print_dataset(dataset: Dataset, recordings: Sequence[StoredRecording]) -> None:
    """Print one data set with its recordings."""
    typer.echo(f"{dataset.name} ({dataset.id})")
    typer.echo(f"bearing type {dataset.designation or 'not stated'}, owner {dataset.owner_name}")
    typer.echo(f"content {dataset.content_hash}\n")
    rows = [
        (
            recording.title,
            recording.label,
            recording.bearing,
            recording.fault_size,
            recording.load,
            f"{recording.speed_rpm:g}",
            f"{recording.sampling_rate_hz:g}",
            f"{recording.duration_s:.1f}",
        )
        for recording in recordings
    ]
    print_table(("recording", "class", "bearing", "size", "load", "rpm", "rate Hz", "s"), rows)
