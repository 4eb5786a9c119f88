"""Imports over REST: upload, look at what was understood, correct it, store it."""

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any

from fastapi import Depends, Response
from pydantic import BaseModel, ConfigDict, Field

from sonde.bearings.api.datasets import DatasetBody
from sonde.bearings.api.import_forms import FolderForm, UploadForm
from sonde.bearings.core.understanding.presets.registry import PRESETS
from sonde.bearings.core.understanding.staged import StagedImport
from sonde.bearings.services import imports, quotas
from sonde.bearings.services.uploads import Upload
from sonde.platform.api.routing import Acting, router

ROUTER = router("/imports", tag="Data sets")


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
    severity: str
    fault_size: str
    fault_position: str
    load: str
    session: str
    tacho_channel: str
    taken_at: str
    conditions: Mapping[str, Any]
    quality: list[str]
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


class FailureBody(BaseModel):
    """One record that was refused."""

    model_config = ConfigDict(from_attributes=True)

    file: str
    reason: str


class RecentImport(BaseModel):
    """One of the latest imports, whatever became of it."""

    model_config = ConfigDict(from_attributes=True)

    id: str
    name: str
    state: str
    job_id: str
    dataset_id: str
    created_at: datetime
    n_files: int
    n_recordings: int
    failures: list[FailureBody]


class QuotaBody(BaseModel):
    """What you keep, and what you may keep."""

    files: int
    files_allowed: int
    bytes: int
    bytes_allowed: int


class RecentImports(BaseModel):
    """Your latest imports, newest first."""

    items: list[RecentImport]
    quota: QuotaBody


class PresetBody(BaseModel):
    """The layout of one public data set."""

    model_config = ConfigDict(from_attributes=True)

    key: str
    title: str
    designation: str
    remark: str


class Corrections(BaseModel):
    """Changes to what was understood: by the number of the row, then by field."""

    model_config = ConfigDict(extra="forbid")

    rows: dict[int, dict[str, Any]] = Field(
        examples=[{"0": {"label": "inner", "speed_rpm": 1797}, "3": {"left_out": True}}]
    )


@ROUTER.post("", status_code=201)
def create_import(actor: Acting, form: Annotated[UploadForm, Depends()]) -> ImportBody:
    """Upload recordings; a job reads them aside, and nothing is stored yet."""
    uploads = [Upload(file.filename or "", file.file) for file in form.files]
    return body_of(imports.stage_uploads(actor, form.wish, uploads))


@ROUTER.post("/folder", status_code=201)
def create_folder_import(actor: Acting, form: Annotated[FolderForm, Depends()]) -> ImportBody:
    """Read a folder of the server's disk; for administrators only."""
    return body_of(imports.stage_folder(actor, form.wish, Path(form.folder)))


@ROUTER.get("")
def list_imports(actor: Acting) -> RecentImports:
    """List your latest imports with what failed in each, and what you may keep."""
    used, allowed = quotas.used(actor), quotas.allowed(actor)
    return RecentImports(
        items=[RecentImport.model_validate(staged) for staged in imports.recent(actor)],
        quota=QuotaBody(
            files=used.files,
            files_allowed=allowed.files,
            bytes=used.n_bytes,
            bytes_allowed=allowed.n_bytes,
        ),
    )


@ROUTER.get("/presets")
def list_presets(_actor: Acting) -> list[PresetBody]:
    """List the layouts of public data sets that are known."""
    return [PresetBody.model_validate(preset) for preset in PRESETS.values()]


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
