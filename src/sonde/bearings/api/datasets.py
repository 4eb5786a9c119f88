"""Data sets and their recordings over REST: list, look, describe, put away, bring back."""

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Any, Literal

from fastapi import Header, Query, Response
from pydantic import BaseModel, ConfigDict, Field

from sonde.bearings.core.datasets import DatasetChange, DatasetQuery
from sonde.bearings.services import dataset_changes, datasets, trash
from sonde.platform.api.routing import Acting, Cursor, Limit, router
from sonde.platform.core.errors import Invalid

ROUTER = router("/datasets", tag="Data sets")

State = Annotated[
    Literal["live", "archived", "all"], Query(description="Which to list; the trash is elsewhere.")
]
Search = Annotated[str, Query(max_length=200, description="Words in name or description.")]
Tag = Annotated[str, Query(max_length=40)]
Origin = Annotated[str, Query(max_length=20, description="import, generation, sample, subset ...")]
IfMatch = Annotated[
    str | None,
    Header(
        alias="If-Match",
        description="The `ETag` that you saw: if somebody changed it since, the answer is 409.",
    ),
]
_STATES: dict[str, tuple[str, ...]] = {
    "live": ("live",),
    "archived": ("archived",),
    "all": ("live", "archived"),
}


class DatasetBody(BaseModel):
    """One sealed data set; its content never changes."""

    model_config = ConfigDict(from_attributes=True)

    id: str
    name: str
    description: str
    tags: list[str]
    state: str
    trashed_at: datetime | None
    version: int
    revision: int
    series_id: str
    origin: str
    made_from: dict[str, Any]
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
    severity: str
    bearing: str
    session: str
    lineage: str
    fault_size: str
    fault_position: str
    load: str
    tacho_channel: str
    taken_at: datetime | None
    conditions: dict[str, Any]
    quality: list[str]
    content_hash: str
    notes: list[str]


class RecordingPageBody(BaseModel):
    """Part of a data set's recordings, in the order of storing."""

    items: list[RecordingBody]
    next_cursor: str | None


class ChangeBody(BaseModel):
    """What to change; what is left out stays as it is."""

    model_config = ConfigDict(extra="forbid")

    name: str | None = Field(default=None, max_length=120)
    description: str | None = Field(default=None, max_length=4000)
    tags: list[str] | None = Field(default=None, max_length=50, examples=[["pump", "2026"]])


class RestoreBody(BaseModel):
    """How a data set comes back from the trash."""

    model_config = ConfigDict(extra="forbid")

    name: str = Field(default="", max_length=120, description="Another name, if its own is taken.")


@ROUTER.get("")
def list_datasets(
    actor: Acting,
    text: Search = "",
    tag: Tag = "",
    origin: Origin = "",
    state: State = "live",
    limit: Limit = 50,
    cursor: Cursor = "",
) -> DatasetPage:
    """List the newest versions of the data sets of your workspaces, newest first."""
    query = DatasetQuery(text, tag, origin, _STATES[state])
    page = datasets.list_datasets(actor, query, cursor=cursor, limit=limit)
    return DatasetPage(items=bodies_of(page.items), next_cursor=page.next_cursor or None)


@ROUTER.get("/trash")
def list_trash(actor: Acting, limit: Limit = 50, cursor: Cursor = "") -> DatasetPage:
    """List what was deleted in the last thirty days."""
    page = trash.list_trash(actor, cursor=cursor, limit=limit)
    return DatasetPage(items=bodies_of(page.items), next_cursor=page.next_cursor or None)


@ROUTER.delete("/trash/{dataset_id}", status_code=204)
def remove_dataset(actor: Acting, dataset_id: str) -> Response:
    """Remove a data set from the trash for good, with its signals."""
    trash.remove(actor, dataset_id)
    return Response(status_code=204)


@ROUTER.get("/{dataset_id}")
def get_dataset(actor: Acting, dataset_id: str, response: Response) -> DatasetBody:
    """Look at one data set; its `ETag` names what you saw."""
    body = DatasetBody.model_validate(datasets.get(actor, dataset_id))
    response.headers["ETag"] = f'"{body.revision}"'
    return body


@ROUTER.patch("/{dataset_id}")
def change_dataset(
    actor: Acting, dataset_id: str, body: ChangeBody, response: Response, if_match: IfMatch = None
) -> DatasetBody:
    """Rename, describe or tag a data set; the name changes for all its versions."""
    tags = None if body.tags is None else tuple(body.tags)
    wanted = DatasetChange(body.name, body.description, tags)
    seen = _revision(if_match)
    changed = dataset_changes.change(actor, dataset_id, wanted, seen_revision=seen)
    response.headers["ETag"] = f'"{changed.revision}"'
    return DatasetBody.model_validate(changed)


@ROUTER.delete("/{dataset_id}", status_code=204)
def delete_dataset(actor: Acting, dataset_id: str) -> Response:
    """Put a data set into the trash; for thirty days it can come back."""
    trash.delete(actor, dataset_id)
    return Response(status_code=204)


@ROUTER.post("/{dataset_id}/restore")
def restore_dataset(actor: Acting, dataset_id: str, body: RestoreBody | None = None) -> DatasetBody:
    """Take a data set out of the trash."""
    name = body.name if body else ""
    return DatasetBody.model_validate(trash.restore(actor, dataset_id, name=name))


@ROUTER.post("/{dataset_id}/archive")
def archive_dataset(actor: Acting, dataset_id: str) -> DatasetBody:
    """Put a data set aside: it stays whole, but is offered nowhere."""
    changed = dataset_changes.set_archived(actor, dataset_id, archived=True)
    return DatasetBody.model_validate(changed)


@ROUTER.post("/{dataset_id}/unarchive")
def unarchive_dataset(actor: Acting, dataset_id: str) -> DatasetBody:
    """Bring an archived data set back in use."""
    changed = dataset_changes.set_archived(actor, dataset_id, archived=False)
    return DatasetBody.model_validate(changed)


@ROUTER.get("/{dataset_id}/recordings")
def list_recordings(
    actor: Acting, dataset_id: str, limit: Limit = 50, cursor: Cursor = ""
) -> RecordingPageBody:
    """List the recordings of a data set."""
    page = datasets.list_recordings(actor, dataset_id, cursor=cursor, limit=limit)
    bodies = [RecordingBody.model_validate(recording) for recording in page.items]
    return RecordingPageBody(items=bodies, next_cursor=page.next_cursor or None)


def bodies_of(found: Sequence[Any]) -> list[DatasetBody]:
    """Return data sets as the API shows them."""
    return [DatasetBody.model_validate(dataset) for dataset in found]


def _revision(if_match: str | None) -> int | None:
    """Return the revision that an entity tag names; None where any will do."""
    if if_match is None or if_match.strip() == "*":
        return None
    plain = if_match.strip().removeprefix("W/").strip('"')
    if not plain.isdecimal() or len(plain) > 9:
        raise Invalid("If-Match holds the ETag of the data set.", field="If-Match")
    return int(plain)
