"""Imports over REST: upload, look at what was understood, correct it, store it."""

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Any

from fastapi import File, Form, Response, UploadFile
from pydantic import BaseModel, ConfigDict, Field

from sonde.bearings.api.datasets import DatasetBody
from sonde.bearings.core.understanding.given import Given
from sonde.bearings.core.understanding.staged import StagedImport
from sonde.bearings.services import imports
from sonde.bearings.services.uploads import Upload
from sonde.platform.api.routing import Acting, router

ROUTER = router("/imports", tag="Data sets")

Rate = Annotated[float | None, Form(gt=0, description="In Hz, for files that do not say theirs.")]
Speed = Annotated[float | None, Form(gt=0, description="In rpm, for files that do not say theirs.")]
Label = Annotated[str, Form(max_length=80, description="For files that do not say theirs.")]
Name = Annotated[str, Form(max_length=120, description="Name of the data set to be.")]
Designation = Annotated[str, Form(max_length=80, description="Such as 6205-2RS.")]
Files = Annotated[list[UploadFile], File(description="Recordings, and a labels.csv if you like.")]


class UnderstoodBody(BaseModel):
    """What was understood of one record of one file."""

    model_config = ConfigDict(from_attributes=True)

    file: str
    record: str
    format: str
    channels: list[str]
    n_samples: int
    sampling_rate_hz: float | None
    speed_rpm: float | None
    unit: str
    label: str
    bearing: str
    fault_size: str
    fault_position: str
    load: str
    sources: Mapping[str, str]
    notes: list[str]
    missing: list[str]
    refused: str
    left_out: bool
    goes_in: bool


class ImportBody(BaseModel):
    """One import; while its state is `reading`, its job tells how far it is."""

    model_config = ConfigDict(from_attributes=True)

    id: str
    name: str
    designation: str
    state: str
    job_id: str
    dataset_id: str
    created_at: datetime
    rows: list[UnderstoodBody]


class Corrections(BaseModel):
    """Changes to what was understood: by the number of the row, then by field."""

    model_config = ConfigDict(extra="forbid")

    rows: dict[int, dict[str, Any]] = Field(
        examples=[{"0": {"label": "inner", "speed_rpm": 1797}, "3": {"left_out": True}}]
    )


@ROUTER.post("", status_code=201)
def create_import(
    actor: Acting,
    files: Files,
    name: Name,
    designation: Designation = "",
    sampling_rate_hz: Rate = None,
    speed_rpm: Speed = None,
    label: Label = "",
) -> ImportBody:
    """Upload recordings; a job reads them aside, and nothing is stored yet."""
    given = Given(sampling_rate_hz=sampling_rate_hz, speed_rpm=speed_rpm, label=label)
    wish = imports.ImportWish(name, designation, given)
    return body_of(imports.stage_uploads(actor, wish, _uploads(files)))


def _uploads(files: list[UploadFile]) -> list[Upload]:
    return [Upload(file.filename or "", file.file) for file in files]


@ROUTER.get("/{import_id}")
def get_import(actor: Acting, import_id: str) -> ImportBody:
    """Look at what was understood of each file."""
    return body_of(imports.get(actor, import_id))


@ROUTER.patch("/{import_id}")
def correct_import(actor: Acting, import_id: str, body: Corrections) -> ImportBody:
    """Correct what was understood."""
    return body_of(imports.correct(actor, import_id, body.rows))


@ROUTER.post("/{import_id}/store", status_code=201)
def store_import(actor: Acting, import_id: str) -> DatasetBody:
    """Store everything that is ready as one sealed data set: all of it or nothing."""
    return DatasetBody.model_validate(imports.commit(actor, import_id))


@ROUTER.delete("/{import_id}", status_code=204)
def discard_import(actor: Acting, import_id: str) -> Response:
    """Leave an import; nothing of it remains."""
    imports.discard(actor, import_id)
    return Response(status_code=204)


def body_of(staged: StagedImport) -> ImportBody:
    """Return an import as the API shows it."""
    return ImportBody.model_validate(staged)
