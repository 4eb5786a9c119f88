"""The forms of imports over REST: what a person says about all files at once."""

from dataclasses import dataclass
from typing import Annotated, Literal

from fastapi import File, Form, UploadFile

from sonde.bearings.core.shaping import Shaping
from sonde.bearings.core.understanding.given import Given
from sonde.bearings.core.understanding.presets.registry import checked_preset
from sonde.bearings.services import imports


@dataclass(frozen=True, kw_only=True)
class ImportForm:
    """What holds for all files; all but the name may be left out."""

    name: Annotated[str, Form(max_length=120, description="Name of the data set to be.")]
    designation: Annotated[str, Form(max_length=80, description="Such as 6205-2RS.")] = ""
    preset: Annotated[
        str, Form(max_length=20, description="Layout of a public data set; auto finds it.")
    ] = "auto"
    sampling_rate_hz: Annotated[
        float | None, Form(gt=0, le=1e8, description="For files that do not say theirs.")
    ] = None
    speed_rpm: Annotated[
        float | None, Form(gt=0, le=1e6, description="For files that do not say theirs.")
    ] = None
    label: Annotated[str, Form(max_length=80, description="Class of files without one.")] = ""
    unit: Annotated[str, Form(max_length=80, description="Unit of files without one.")] = ""
    severity: Annotated[str, Form(max_length=20, description="Of all files.")] = ""
    session: Annotated[str, Form(max_length=80, description="Measuring session.")] = ""
    bearing: Annotated[str, Form(max_length=80, description="The one physical bearing.")] = ""
    channels: Annotated[
        str, Form(max_length=400, description="Keep only these: `column 1=DE, FE`.")
    ] = ""
    tacho: Annotated[str, Form(max_length=80, description="Channel of the tacho pulses.")] = ""
    healthy_part: Annotated[
        float, Form(ge=0, le=1, description="Beginning of each run to failure to call healthy.")
    ] = 0.0
    resample_hz: Annotated[
        float | None, Form(gt=0, le=1e8, description="Bring every recording to this rate.")
    ] = None
    length: Annotated[
        int | None, Form(ge=64, le=1 << 26, description="Samples of each recording.")
    ] = None
    cut: Annotated[
        Literal["whole", "crop", "window"], Form(description="How `length` is reached.")
    ] = "whole"
    normalise: Annotated[bool, Form(description="Mean 0, standard deviation 1.")] = False
    as_new_version: Annotated[
        bool, Form(description="Let it be the next version of a data set of that name.")
    ] = False

    @property
    def wish(self) -> imports.ImportWish:
        """Return what the person wants."""
        given = Given(
            sampling_rate_hz=self.sampling_rate_hz,
            speed_rpm=self.speed_rpm,
            label=self.label,
            unit=self.unit,
            channels=tuple(part.strip() for part in self.channels.split(",") if part.strip()),
            severity=self.severity,
            session=self.session,
            bearing=self.bearing,
            tacho=self.tacho,
            preset=checked_preset(self.preset),
            healthy_part=self.healthy_part,
            shaping=Shaping(self.resample_hz, self.length, self.cut, self.normalise),
        )
        return imports.ImportWish(self.name, self.designation, given, self.as_new_version)


@dataclass(frozen=True, kw_only=True)
class UploadForm(ImportForm):
    """Files that are uploaded, and what holds for them."""

    files: Annotated[list[UploadFile], File(description="Recordings; a labels.csv if you like.")]


@dataclass(frozen=True, kw_only=True)
class FolderForm(ImportForm):
    """A folder of the server's disk, and what holds for its files."""

    folder: Annotated[str, Form(max_length=1000, description="Absolute path on the server.")]
