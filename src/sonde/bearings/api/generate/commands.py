"""``sonde generate``: a simulated data set into a file, without a running server."""

import json
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, NoReturn

import typer

from sonde.platform.core.errors import Invalid, SondeError

if TYPE_CHECKING:
    from sonde.bearings.core.simulate.plan import GenerationConfig

_FORMATS = {"h5": "hdf5"}
_LONGEST_CONFIG = 1_000_000


def generate(  # noqa: PLR0913, PLR0917  (an option is a parameter)
    out: Annotated[Path, typer.Option(help="File to write, replaced if it is there.")],
    kind: Annotated[
        str | None, typer.Option(help="journal, rolling or rotor; journal if nothing is said.")
    ] = None,
    preset: Annotated[
        str | None, typer.Option(help="Begin with a preset, such as eleven-classes.")
    ] = None,
    config: Annotated[
        Path | None, typer.Option(help="JSON file with a configuration, as the page saves it.")
    ] = None,
    per_class: Annotated[int | None, typer.Option(help="Signals of each class.")] = None,
    class_: Annotated[
        list[str] | None, typer.Option("--class", help="Class; may be repeated.")
    ] = None,
    severity: Annotated[list[str] | None, typer.Option(help="May be repeated.")] = None,
    duration: Annotated[float | None, typer.Option(metavar="S", help="Of each signal.")] = None,
    sampling_rate: Annotated[float | None, typer.Option(metavar="HZ")] = None,
    seed: Annotated[int | None, typer.Option(help="Same seed, same data.")] = None,
    set_: Annotated[
        list[str] | None,
        typer.Option("--set", metavar="NAME=VALUE", help="Any other control: noise.pink=false."),
    ] = None,
    workers: Annotated[int, typer.Option(help="Processes; the data do not depend on it.")] = 1,
    format_: Annotated[str, typer.Option("--format", help="h5, mat, csv, parquet or npz.")] = "h5",
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="No progress line.")] = False,
) -> None:
    """Simulate a data set into a file: journal bearings, rolling bearings or a rotor on oil films.

    The file keeps labels, severities and every drawn condition; importing it gives the data set.

    Example: sonde generate --kind journal --per-class 130 --seed 42 --workers 2 --out set.h5
    """
    given = {
        "kind": kind,
        "preset": preset,
        "per_class": per_class,
        "classes": class_ or None,
        "severities": severity or None,
        "duration_s": duration,
        "sampling_rate_hz": sampling_rate,
        "seed": seed,
    }
    try:
        wanted = _config(config, given, set_ or [])
        _write(wanted, out, (workers, _FORMATS.get(format_, format_)), quiet=quiet)
    except SondeError as error:
        _refuse(error)


def _config(file: Path | None, given: dict[str, Any], settings: list[str]) -> "GenerationConfig":
    from sonde.bearings.core.simulate.plan import GenerationConfig

    document = {} if file is None else _read(file)
    document.update({name: value for name, value in given.items() if value is not None})
    for setting in settings:
        name, equals, text = setting.partition("=")
        if not equals:
            raise Invalid(f"--set needs NAME=VALUE, not {setting!r}.", field="set")
        group, _, key = name.rpartition(".")
        place = document.setdefault(group, {}) if group else document
        if not isinstance(place, dict):
            raise Invalid(f"{group} is no group of controls.", field=group)
        place[key] = _value(text)
    return GenerationConfig.from_json(document)


def _read(file: Path) -> dict[str, Any]:
    try:
        with file.open("rb") as stream:
            text = stream.read(_LONGEST_CONFIG + 1)
    except OSError as error:
        raise Invalid(f"{file} cannot be read: {error.strerror}.", field="config") from None
    try:
        document = json.loads(text) if len(text) <= _LONGEST_CONFIG else None
    except (ValueError, RecursionError):
        document = None
    if not isinstance(document, dict):
        raise Invalid(f"{file} is not a configuration in JSON.", field="config")
    return document


def _value(text: str) -> Any:
    try:
        return json.loads(text)
    except ValueError:
        return text


def _write(config: "GenerationConfig", out: Path, how: tuple[int, str], *, quiet: bool) -> None:
    from sonde.bearings.services.generation_local import FileWish, generate_file

    workers, format_ = how
    line = _Line(quiet=quiet)
    content = generate_file(config, FileWish(out, format_, workers), line.show)
    line.end()
    size = out.stat().st_size
    typer.echo(
        f"{config.n_signals:,} signals, {size / 1e6:,.1f} MB in {line.lasted_s:.1f} s: {out}\n"
        f"content {content[:16]}, configuration {config.content_hash[:16]}"
    )


class _Line:
    """The one line that says how far it is; only where a person looks."""

    def __init__(self, *, quiet: bool) -> None:
        self._began = time.monotonic()
        self._shown = 0.0
        self._is_shown = sys.stderr.isatty() and not quiet

    @property
    def lasted_s(self) -> float:
        """Return the seconds since the beginning."""
        return time.monotonic() - self._began

    def show(self, done: int, total: int) -> None:
        """Say how many of how many are written."""
        now = time.monotonic()
        if not self._is_shown or (now - self._shown < 0.2 and done < total):
            return
        self._shown = now
        left_s = self.lasted_s * (total - done) / done
        text = f"\r{done:,} of {total:,} signals, {done / total:.0%}, {left_s:.0f} s to go   "
        typer.echo(text, nl=False, err=True)

    def end(self) -> None:
        """Leave the line."""
        if self._is_shown:
            typer.echo("", err=True)


def _refuse(error: SondeError) -> NoReturn:
    typer.echo(" ".join(error.message.split()), err=True)
    raise typer.Exit(2)
