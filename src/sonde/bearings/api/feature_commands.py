"""``sonde features``: the registry, the features of one file, and those of a stored data set."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from math import isfinite
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from sonde.platform.core.errors import Invalid, SondeError

if TYPE_CHECKING:
    from sonde.platform.core.jobs import Job
    from sonde.platform.services.request import RequestScope

FEATURES = typer.Typer(help="List features, measure a file, extract those of a data set.")
_POLL_S = 0.3
_SUFFIXES = {".csv": "csv", ".parquet": "parquet", ".h5": "hdf5", ".hdf5": "hdf5"}

Which = Annotated[
    list[str] | None,
    typer.Option(
        "--feature",
        "-f",
        help="Name of a feature or a domain, or original, advanced or all; may be repeated.",
    ),
]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON.")]


@contextmanager
def _telling() -> Iterator[None]:
    """Tell an error in one line and leave with status 2."""
    try:
        yield
    except SondeError as error:
        typer.echo(" ".join(error.message.split()), err=True)
        raise typer.Exit(2) from None


@FEATURES.command("list")
def list_features(features: Which = None, json: AsJson = False) -> None:
    """List features with unit, formula and source.

    Example: sonde features list -f envelope
    """
    from sonde.bearings.core.features.registry import find_feature

    with _telling():
        chosen = [find_feature(name) for name in _names(features or ["all"])]
        if json:
            _print_json([vars(one) for one in chosen])
            return
        for one in chosen:
            unit = "" if one.unit == "1" else f" [{one.unit}]"
            typer.echo(f"{one.name}{unit} ({one.domain}): {one.formula}; {one.source}")


@FEATURES.command()
def extract(
    file: Annotated[Path, typer.Argument(help="Recording, in any format that can be imported.")],
    features: Which = None,
    bearing: Annotated[
        str, typer.Option(help="Designation or n=8,d=5.97,D=31.62: for the bearing's lines.")
    ] = "",
    rpm: Annotated[float | None, typer.Option(help="Where the file does not say it.")] = None,
    sampling_rate: Annotated[
        float | None, typer.Option(metavar="HZ", help="Where the file does not say it.")
    ] = None,
    channel: Annotated[str | None, typer.Option(help="Such as DE.")] = None,
    json: AsJson = False,
) -> None:
    """Measure the features of one file; needs no server.

    Example: sonde features extract 105.mat --rpm 1797 --sampling-rate 12000 --bearing 6205 -f all
    """
    with _telling():
        names = _names(features or ["original"])
        values, unit = _measured(file, names, (channel, sampling_rate, rpm, bearing))
        if json:
            _print_json({one: value if isfinite(value) else None for one, value in values.items()})
            return
        _print_values(values, unit)


def _measured(
    file: Path,
    names: Sequence[str],
    given: tuple[str | None, float | None, float | None, str],
) -> tuple[dict[str, float], str]:
    from sonde.bearings.core.features.measuring import Circumstances, measure
    from sonde.bearings.core.readers.reading import start_reading
    from sonde.bearings.services.datasets import geometry_of

    channel, sampling_rate_hz, speed_rpm, bearing = given
    if not file.is_file():
        raise Invalid(f"There is no file {file}.", field="file")
    reading = start_reading(file)
    try:
        # A speed that nobody knows is no reason to refuse what does not need it.
        recording = reading.recording(
            channel=channel, sampling_rate_hz=sampling_rate_hz, speed_rpm=speed_rpm
        )
    finally:
        reading.close()
    about = Circumstances(
        recording.sampling_rate_hz, recording.speed_rpm, geometry_of(bearing), recording.unit
    )
    values = measure(recording.samples[0], about, names)
    return dict(zip(names, map(float, values), strict=True)), recording.unit


@FEATURES.command()
def dataset(
    name: Annotated[str, typer.Argument(help="Name or id of a stored data set.")],
    features: Which = None,
    out: Annotated[Path | None, typer.Option(help="File to write: .csv, .parquet or .h5.")] = None,
) -> None:
    """Extract the features of a stored data set as a job, wait for it, and write the table.

    Example: sonde features dataset CWRU -f original -f "bearing lines" --out cwru.parquet
    """
    from sonde.platform.services.local import local_request

    with _telling():
        suffix = "" if out is None else out.suffix.lower()
        if out is not None and suffix not in _SUFFIXES:
            raise Invalid("The file's name ends in .csv, .parquet or .h5.", field="out")
        names = _names(features or ["original"])
        with local_request() as request:
            _extract_dataset(request, name, names)
            if out is not None:
                _write(request, name, names, out)


def _extract_dataset(request: "RequestScope", name: str, names: Sequence[str]) -> None:
    from sonde.bearings.services import datasets
    from sonde.bearings.services import features as service
    from sonde.platform.services.work import unit_of_work

    with unit_of_work(request.ports):
        found = datasets.find(request.actor, name)
        job = service.ensure(request.actor, found.id, names)
    if job is not None:
        ended = _wait_for(request, job)
        if ended.state != "succeeded":
            typer.echo(ended.error or f"The extraction was {ended.state.value}.", err=True)
            raise typer.Exit(1)
    typer.echo(f"{len(names)} features of {found.n_recordings} recordings are there.")


def _wait_for(request: "RequestScope", job: "Job") -> "Job":
    import time

    from sonde.platform.services import jobs
    from sonde.platform.services.work import unit_of_work

    while not job.state.is_final:
        time.sleep(_POLL_S)
        with unit_of_work(request.ports):
            job = jobs.get(request.actor, job.id)
        typer.echo(f"\r{job.fraction:4.0%}  {job.phase:12s}", err=True, nl=False)
    typer.echo("", err=True)
    return job


def _write(request: "RequestScope", name: str, names: Sequence[str], out: Path) -> None:
    from sonde.bearings.services import datasets, feature_views
    from sonde.platform.services.work import unit_of_work

    with unit_of_work(request.ports):
        found = datasets.find(request.actor, name)
        kind = _SUFFIXES[out.suffix.lower()]
        made = feature_views.exported(request.actor, found.id, names, kind)
    try:
        out.write_bytes(made.content)
    except OSError as error:
        raise Invalid(f"{out} cannot be written: {error.strerror}.", field="out") from None
    typer.echo(f"Wrote {out} ({len(made.content):,} bytes).")


def _names(wanted: Sequence[str]) -> tuple[str, ...]:
    """Return the features that names, domains and the words original, advanced, all mean."""
    from sonde.bearings.core.features import registry

    by_domain = registry.domains(registry.REGISTRY)
    groups = {
        "all": tuple(one.name for one in registry.REGISTRY),
        "original": registry.DEFAULT_NAMES,
        "advanced": registry.ADVANCED_NAMES,
        **{domain: tuple(one.name for one in found) for domain, found in by_domain.items()},
    }
    found = [name for word in wanted for name in groups.get(word, (word,))]
    for name in found:
        if not name.startswith("own:"):
            registry.find_feature(name)
    return tuple(dict.fromkeys(found))


def _print_values(values: dict[str, float], unit: str) -> None:
    from sonde.bearings.core.features.registry import find_feature, unit_text

    for name, value in values.items():
        measured = f"{value:.6g}" if isfinite(value) else "-"
        typer.echo(f"{name:24s} {measured:>14s}  {unit_text(find_feature(name).unit, unit)}")


def _print_json(content: Any) -> None:
    import json

    typer.echo(json.dumps(content, ensure_ascii=False, allow_nan=False))
