"""What can be done with data sets over REST: search, figures, parts, merging, exports."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Annotated, Any

from fastapi import Query, Response
from fastapi.responses import FileResponse, JSONResponse
from pydantic import BaseModel, ConfigDict, Field

from sonde.bearings.api.datasets import DatasetBody, RecordingBody, bodies_of
from sonde.bearings.core.export.formats import export_format
from sonde.bearings.core.merging import BearingNames
from sonde.bearings.core.recording_query import RecordingQuery, SortKey, query_from_json
from sonde.bearings.services import dataset_facts, datasets, derivations, exports
from sonde.bearings.services.derivations import NewName
from sonde.platform.api.jobs import JobBody
from sonde.platform.api.routing import Acting, IdempotencyKey, once, router
from sonde.platform.core.errors import Invalid
from sonde.platform.core.jobs import Job

ROUTER = router("/datasets", tag="Data sets")

Filter = Annotated[
    dict[str, Any],
    Field(
        description="Any of labels, severities, bearings, sessions, loads, fault_sizes, "
        "speeds_rpm (lists), ranges, text, has_findings, ids.",
        examples=[
            {"labels": ["inner"], "ranges": [{"key": "rms", "low": 0.1, "high": None}]},
        ],
    ),
]
Ids = Annotated[str, Query(max_length=80, description="Two ids with a comma between them.")]


class SearchBody(BaseModel):
    """Which recordings, in which order, and which part of the list."""

    model_config = ConfigDict(extra="forbid")

    filter: Filter = Field(default_factory=dict)
    sort: SortKey = SortKey.STORED
    descending: bool = False
    offset: int = Field(default=0, ge=0)
    limit: int = Field(default=100, ge=1, le=1000)


class FoundBody(BaseModel):
    """A part of a filtered and sorted list, and the length of the whole."""

    total: int
    items: list[RecordingBody]


class NewBody(BaseModel):
    """What a new data set will be called."""

    model_config = ConfigDict(extra="forbid")

    name: str = Field(max_length=120)
    description: str = Field(default="", max_length=4000)
    as_new_version: bool = Field(
        default=False, description="Let it be the next version of a data set of that name."
    )

    @property
    def new_name(self) -> NewName:
        """Return it as the services take it."""
        return NewName(self.name, self.as_new_version, self.description)


class SubsetBody(NewBody):
    """A part of a data set to be stored as a new one."""

    filter: Filter


class MergeBody(NewBody):
    """Several data sets to be stored as one."""

    datasets: list[str] = Field(min_length=2, max_length=20)
    bearings: BearingNames = Field(
        default=BearingNames.SAME,
        description="Whether one name in two data sets stands for the same physical bearing.",
    )


class ExportWish(BaseModel):
    """What to export, and how."""

    model_config = ConfigDict(extra="forbid")

    format: str = Field(examples=["hdf5", "mat", "csv", "parquet", "npz"])
    filter: Filter = Field(default_factory=dict)


class ExportBody(BaseModel):
    """One file that can be downloaded for a day."""

    model_config = ConfigDict(from_attributes=True)

    id: str
    dataset_id: str
    format: str
    file_name: str
    size_bytes: int
    created_at: datetime
    expires_at: datetime


class ExportList(BaseModel):
    """Your files of a data set, newest first."""

    items: list[ExportBody]


class VersionList(BaseModel):
    """All versions of a data set, newest first."""

    items: list[DatasetBody]


@ROUTER.post("/merge", status_code=201)
def merge_datasets(actor: Acting, body: MergeBody, key: IdempotencyKey = None) -> JSONResponse:
    """Start to store several data sets as one; the answer is the job that does it."""
    return once(
        actor,
        key,
        body,
        lambda: _job(derivations.start_merge(actor, body.datasets, body.new_name, body.bearings)),
    )


@ROUTER.get("/compare")
def compare_datasets(actor: Acting, ids: Ids) -> dict[str, Any]:
    """Look at two data sets beside each other: figures, and what both hold."""
    named = ids.split(",")
    if len(named) != 2:
        raise Invalid("Name two data sets: ?ids=a,b.", field="ids")
    found = dataset_facts.compare(actor, *named)
    return {
        "datasets": [one.model_dump(mode="json") for one in bodies_of(found.datasets)],
        "statistics": list(found.statistics),
        "n_shared_signals": found.n_shared,
        "n_shared_with_same_class": found.n_shared_labels,
        "shared_bearings": list(found.shared_bearings),
    }


@ROUTER.get("/exports/{export_id}")
def get_export(actor: Acting, export_id: str) -> ExportBody:
    """Look at one of your files."""
    return ExportBody.model_validate(exports.get(actor, export_id))


@ROUTER.get("/exports/{export_id}/file", response_class=FileResponse)
def download_export(actor: Acting, export_id: str) -> FileResponse:
    """Download one of your files."""
    export, path = exports.local_file(actor, export_id)
    return FileResponse(
        path,
        filename=export.file_name,
        media_type=export_format(export.format).media_type,
        headers={"Cache-Control": "private, no-store"},
    )


@ROUTER.delete("/exports/{export_id}", status_code=204)
def remove_export(actor: Acting, export_id: str) -> Response:
    """Remove one of your files before its day is over."""
    exports.remove(actor, export_id)
    return Response(status_code=204)


@ROUTER.post("/{dataset_id}/recordings/search")
def search_recordings(actor: Acting, dataset_id: str, body: SearchBody) -> FoundBody:
    """Find recordings of a data set: filtered, sorted, any part of the list."""
    page = datasets.find_recordings(actor, dataset_id, _query(body))
    items = [RecordingBody.model_validate(one) for one in page.rows]
    return FoundBody(total=page.total, items=items)


@ROUTER.post("/{dataset_id}/subset", status_code=201)
def subset_dataset(
    actor: Acting, dataset_id: str, body: SubsetBody, key: IdempotencyKey = None
) -> JSONResponse:
    """Start to store a part of a data set as a new one; the answer is the job that does it."""
    query = query_from_json(body.filter)
    return once(
        actor,
        key,
        body,
        lambda: _job(derivations.start_subset(actor, dataset_id, query, body.new_name)),
    )


@ROUTER.get("/{dataset_id}/exports")
def list_exports(actor: Acting, dataset_id: str) -> ExportList:
    """List your files of a data set."""
    found = exports.list_exports(actor, dataset_id)
    return ExportList(items=[ExportBody.model_validate(one) for one in found])


@ROUTER.post("/{dataset_id}/exports", status_code=201)
def export_dataset(
    actor: Acting, dataset_id: str, body: ExportWish, key: IdempotencyKey = None
) -> JSONResponse:
    """Start to write a data set as a file; the answer is the job, its result has the link."""
    query = query_from_json(body.filter)
    return once(
        actor, key, body, lambda: _job(exports.start(actor, dataset_id, body.format, query))
    )


@ROUTER.get("/{dataset_id}/versions")
def list_versions(actor: Acting, dataset_id: str) -> VersionList:
    """List all versions of a data set."""
    return VersionList(items=bodies_of(dataset_facts.versions(actor, dataset_id)))


@ROUTER.get("/{dataset_id}/lineage")
def get_lineage(actor: Acting, dataset_id: str) -> dict[str, Any]:
    """Look at where a data set comes from and what came of it."""
    found = dataset_facts.lineage(actor, dataset_id)
    return {
        "made_from": dict(found.dataset.made_from),
        "sources": [one.model_dump(mode="json") for one in bodies_of(found.sources)],
        "n_lost_sources": found.n_lost,
        "derived": [one.model_dump(mode="json") for one in bodies_of(found.derived)],
        "experiments": [{"id": one.id, "title": one.title} for one in found.experiments],
    }


@ROUTER.get("/{dataset_id}/statistics")
def get_statistics(actor: Acting, dataset_id: str) -> Mapping[str, Any]:
    """Look at a data set in figures: whole, for each class, for each physical bearing."""
    return {"dataset_id": dataset_id, "statistics": dataset_facts.statistics(actor, dataset_id)}


def _query(body: SearchBody) -> RecordingQuery:
    return replace(
        query_from_json(body.filter),
        sort=body.sort,
        descending=body.descending,
        offset=body.offset,
        limit=body.limit,
    )


def _job(job: Job) -> dict[str, Any]:
    return JobBody.model_validate(job).model_dump(mode="json")
