"""What ``sonde import-recordings`` can be told."""

from pathlib import Path
from typing import Annotated

import typer

Folder = Annotated[Path, typer.Argument(help="Folder of recordings, read with its folders.")]
Name = Annotated[str, typer.Option(help="Name of the data set to be.")]
Bearing = Annotated[
    str, typer.Option(help="Designation such as 6205-2RS, or n=8,d=5.97,D=31.62,angle=0.")
]
LabelTable = Annotated[
    Path | None,
    typer.Option(help="CSV with a column 'file' and any of label, bearing, fs, rpm, ..."),
]
SamplingRate = Annotated[
    float | None, typer.Option(metavar="HZ", help="For files that do not say theirs.")
]
Rpm = Annotated[float | None, typer.Option(help="For files that do not say theirs.")]
Label = Annotated[str, typer.Option(help="Class of files that do not say theirs.")]
Channels = Annotated[
    list[str] | None,
    typer.Option(help="Keep only this channel; 'column 1=DE' renames it; may be repeated."),
]
Preset = Annotated[
    str,
    typer.Option(help="Layout: auto, none, cwru, mfpt, paderborn, ims, xjtu or femto."),
]
Unit = Annotated[str, typer.Option(help="Unit of files that do not say theirs.")]
Tacho = Annotated[str, typer.Option(help="Channel with the tacho pulses.")]
Session = Annotated[str, typer.Option(help="Measuring session of all files.")]
HowSevere = Annotated[str, typer.Option(help="nominal, incipient, mild, moderate or severe.")]
PhysicalBearing = Annotated[
    str, typer.Option(help="The one physical bearing that all files were measured on.")
]
HealthyPart = Annotated[
    float,
    typer.Option(help="Share of each run to failure, from its beginning, to call healthy."),
]
Resample = Annotated[
    float | None, typer.Option(metavar="HZ", help="Bring every recording to this rate.")
]
Length = Annotated[int | None, typer.Option(metavar="SAMPLES", help="Samples of each recording.")]
Cut = Annotated[
    str, typer.Option(help="With --length: crop keeps the beginning, window makes many.")
]
Normalise = Annotated[
    bool, typer.Option("--normalise", help="Mean 0 and standard deviation 1; kept in notes.")
]
AsNewVersion = Annotated[
    bool, typer.Option("--as-new-version", help="Let it be the next version of that name.")
]
Yes = Annotated[bool, typer.Option("--yes", "-y", help="Store without asking.")]
