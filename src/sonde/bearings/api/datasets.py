"""Data sets and their recordings over REST."""

from datetime import datetime

from fastapi import Response
from pydantic import BaseModel, ConfigDict, Field

from sonde.bearings.services import datasets
from sonde.platform.api.routing import Acting, Cursor, Limit, router

ROUTER = router("/datasets", tag="Data sets")


class DatasetBody(BaseModel):
    """One sealed data set; only its name can change."""

    model_config = ConfigDict(from_attributes=True)

    id: str
    name: str
    origin: str
    designation: str
    owner_id: str
    owner_name: str
    content_hash: str
    size_bytes: int
    n_recordings: int
    n_bearings: int
    classes: list[str]
    created_at: datetime


class DatasetPage(BaseModel):
    """Part of the list of data sets, newest first."""

    items: list[DatasetBody]
    next_cursor: str | None


class RecordingBody(BaseModel):
    """One recording of a data set."""

    model_config = ConfigDict(from_attributes=True)

    id: str
    dataset_id: str
    file: str
    record: str
    channels: list[str]
    n_samples: int
    sampling_rate_hz: float
    speed_rpm: float
    unit: str
    label: str
    bearing: str
    lineage: str
    fault_size: str
    fault_position: str
    load: str
    content_hash: str
    notes: list[str]


class RecordingPage(BaseModel):
    """Part of a data set's recordings, in the order of storing."""

    items: list[RecordingBody]
    next_cursor: str | None


class NameBody(BaseModel):
    """A data set's new name."""

    model_config = ConfigDict(extra="forbid")

    name: str = Field(max_length=120)


@ROUTER.get("")
def list_datasets(actor: Acting, limit: Limit = 50, cursor: Cursor = "") -> DatasetPage:
    """List the data sets of your workspaces, newest first."""
    page = datasets.list_datasets(actor, cursor=cursor, limit=limit)
    bodies = [DatasetBody.model_validate(dataset) for dataset in page.items]
    return DatasetPage(items=bodies, next_cursor=page.next_cursor or None)


@ROUTER.get("/{dataset_id}")
def get_dataset(actor: Acting, dataset_id: str) -> DatasetBody:
    """Look at one data set."""
    return DatasetBody.model_validate(datasets.get(actor, dataset_id))


@ROUTER.patch("/{dataset_id}")
def rename_dataset(actor: Acting, dataset_id: str, body: NameBody) -> DatasetBody:
    """Rename a data set."""
    return DatasetBody.model_validate(datasets.rename(actor, dataset_id, body.name))


@ROUTER.delete("/{dataset_id}", status_code=204)
def delete_dataset(actor: Acting, dataset_id: str) -> Response:
    """Delete a data set with its signals."""
    datasets.delete(actor, dataset_id)
    return Response(status_code=204)


@ROUTER.get("/{dataset_id}/recordings")
def list_recordings(
    actor: Acting, dataset_id: str, limit: Limit = 50, cursor: Cursor = ""
) -> RecordingPage:
    """List the recordings of a data set."""
    page = datasets.list_recordings(actor, dataset_id, cursor=cursor, limit=limit)
    bodies = [RecordingBody.model_validate(recording) for recording in page.items]
    return RecordingPage(items=bodies, next_cursor=page.next_cursor or None)
