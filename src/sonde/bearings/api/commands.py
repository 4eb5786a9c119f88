"""Commands of the bearings storey; heavy imports wait until a command runs."""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, NoReturn

import typer

from sonde.bearings.api import import_options as of
from sonde.bearings.api.dataset_commands import DATASETS
from sonde.bearings.api.feature_commands import FEATURES
from sonde.bearings.api.generate.commands import generate
from sonde.bearings.api.look_command import look
from sonde.bearings.api.machines_command import MACHINES
from sonde.platform.core.errors import Invalid, SondeError

if TYPE_CHECKING:
    from sonde.bearings.core.geometry import Geometry

_OPTION_FOR = {
    "sampling_rate": "--sampling-rate HZ",
    "rpm": "--rpm RPM",
    "channel": "--channel NAME",
    "bearing": "--bearing DESIGNATION or --geometry n=8,d=5.97,D=31.62,angle=0",
}


def diagnose(
    file: Annotated[Path, typer.Argument(help="Recording: .mat, .npy, .csv, .wav or .h5.")],
    bearing: Annotated[
        str | None,
        typer.Option(help="Designation; seals and clearance may stand with it: 6205-2RS/C3."),
    ] = None,
    rpm: Annotated[
        float | None, typer.Option(help="Shaft speed, where the file does not say it.")
    ] = None,
    sampling_rate: Annotated[
        float | None,
        typer.Option(metavar="HZ", help="Sampling rate, where the file does not say it."),
    ] = None,
    channel: Annotated[str | None, typer.Option(help="Such as DE, or a variable's name.")] = None,
    geometry: Annotated[
        str | None,
        typer.Option(help="Own geometry in mm and degrees: n=8,d=5.97,D=31.62,angle=0."),
    ] = None,
    json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
) -> None:
    """Say what is wrong with a bearing, from physics: no training, no server.

    Reads one recording, demodulates it in a well-chosen band, looks for the lines that a fault of
    each part would make, and weighs them against their background.

    Example: sonde diagnose 105.mat --bearing 6205-2RS --rpm 1797 --sampling-rate 12000
    """
    try:
        shape, source = _geometry(bearing, geometry)
        _answer(file, shape, source, (channel, sampling_rate, rpm), json=json)
    except SondeError as error:
        _refuse(error)


def _answer(
    file: Path,
    geometry: "Geometry",
    source: str,
    given: tuple[str | None, float | None, float | None],
    *,
    json: bool,
) -> None:
    """Read, diagnose and print; the numerics load while the child process parses the file."""
    from dataclasses import replace

    from sonde.bearings.core.readers.reading import start_reading

    channel, sampling_rate_hz, speed_rpm = given
    reading = start_reading(file)
    try:
        from sonde.bearings.api import report
        from sonde.bearings.core.diagnosis import diagnose as diagnose_samples

        recording = reading.recording(
            channel=channel, sampling_rate_hz=sampling_rate_hz, speed_rpm=speed_rpm
        )
    finally:
        reading.close()
    found = diagnose_samples(
        recording.samples[0], recording.sampling_rate_hz, recording.speed_rpm, geometry
    )
    found = replace(found, assumptions=(*recording.assumptions, source, *found.assumptions[2:]))
    if json:
        typer.echo(report.as_json(found, recording))
    else:
        report.print_report(found, recording)


def _geometry(bearing: str | None, geometry: str | None) -> tuple["Geometry", str]:
    """Return the geometry and a sentence that says where it comes from."""
    from sonde.bearings.core.catalogue import find_bearing
    from sonde.bearings.core.geometry import parse_geometry

    if geometry is not None:
        return parse_geometry(geometry), "geometry as given"
    if bearing is None:
        raise Invalid("Which bearing?", field="bearing")
    found = find_bearing(bearing)
    how = "estimated from its size, makers vary" if found.is_estimated else "published"
    return found.geometry, f"bearing {found.designation}: geometry {how} ({found.source})"


def _refuse(error: SondeError) -> NoReturn:
    """Print one line that says what is wrong and which option helps; leave with status 2."""
    line = " ".join(error.message.split())
    option = _OPTION_FOR.get(str(error.details.get("field", "")))
    if option and option.split()[0] not in line:
        line = f"{line} Give it with {option}."
    typer.echo(line, err=True)
    raise typer.Exit(2)


def import_recordings(
    folder: of.Folder,
    name: of.Name,
    bearing: of.Bearing = "",
    label_table: of.LabelTable = None,
    sampling_rate: of.SamplingRate = None,
    rpm: of.Rpm = None,
    label: of.Label = "",
    channel: of.Channels = None,
    preset: of.Preset = "auto",
    unit: of.Unit = "",
    tacho: of.Tacho = "",
    session: of.Session = "",
    severity: of.HowSevere = "",
    physical_bearing: of.PhysicalBearing = "",
    healthy_part: of.HealthyPart = 0.0,
    resample: of.Resample = None,
    length: of.Length = None,
    cut: of.Cut = "crop",
    normalise: of.Normalise = False,
    as_new_version: of.AsNewVersion = False,
    yes: of.Yes = False,
) -> None:
    """Store a folder of recordings as a data set, after showing what was understood of each file.

    A labels.csv in the folder says what each file is; the layouts of six public data sets and
    common file and folder names are known. What cannot be read is named with its reason, the rest
    goes in.

    Example: sonde import-recordings cwru --name CWRU --bearing 6205-2RS
    """
    from sonde.bearings.core.shaping import WHOLE

    signal = {"sampling_rate_hz": sampling_rate, "speed_rpm": rpm, "unit": unit, "tacho": tacho}
    means = {"label": label, "severity": severity, "session": session, "bearing": physical_bearing}
    read = {"preset": preset, "healthy_part": healthy_part, "channels": tuple(channel or ())}
    said = {**signal, **means, **read}
    shape = (resample, length, cut if length else WHOLE, normalise)
    try:
        _import((folder, label_table), said, shape, (name, bearing, as_new_version), yes=yes)
    except SondeError as error:
        _refuse(error)


def _import(
    places: tuple[Path, Path | None],
    said: Mapping[str, Any],
    shape: tuple[float | None, int | None, str, bool],
    dataset: tuple[str, str, bool],
    *,
    yes: bool,
) -> None:
    """Read a folder as it was said, show what was understood, and store it."""
    from sonde.bearings.api import terminal
    from sonde.bearings.core.shaping import Shaping
    from sonde.bearings.core.understanding.given import Given
    from sonde.bearings.core.understanding.presets.registry import checked_preset
    from sonde.bearings.services.imports import ImportWish
    from sonde.bearings.services.scanning import label_table_in
    from sonde.platform.services.local import local_request

    (folder, _), (name, bearing, as_new_version) = places, dataset
    preset = checked_preset(said["preset"])
    facts = {**said, "labels": label_table_in(*places), "preset": preset}
    wish = ImportWish(name, bearing, Given(**facts, shaping=Shaping(*shape)), as_new_version)
    with local_request() as request:
        terminal.import_folder(request, terminal.FolderImport(folder, wish, yes))


COMMANDS: Sequence[tuple[str, Callable[..., Any] | typer.Typer]] = (
    ("diagnose", diagnose),
    ("import-recordings", import_recordings),
    ("datasets", DATASETS),
    ("features", FEATURES),
    ("generate", generate),
    ("machines", MACHINES),
    ("look", look),
)
