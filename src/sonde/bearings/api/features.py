"""Features over REST: the registry, extraction, tables, files, correlations, studies."""

import math
from typing import Annotated, Any, Literal

from fastapi import Query, Response
from pydantic import BaseModel, ConfigDict, Field

from sonde.bearings.core.features.study import StudyConfig
from sonde.bearings.services import feature_studies, feature_views, features
from sonde.platform.api.jobs import JobBody
from sonde.platform.api.routing import Acting, Limit, router

ROUTER = router("/features", tag="Features")

Names = Annotated[
    list[str], Query(max_length=200, description="Features; none for the 36 of the original.")
]


class FeatureBody(BaseModel):
    """One feature; in the unit, x stands for the signal's own."""

    model_config = ConfigDict(from_attributes=True)

    name: str
    title: str
    domain: str
    unit: str
    formula: str
    source: str
    needs: str
    version: int


class NamesBody(BaseModel):
    """Features to extract; none for the 36 of the original."""

    model_config = ConfigDict(extra="forbid")

    names: list[str] = Field(default=[], max_length=200)


class ExtractionBody(BaseModel):
    """Whether features are there, and the job that computes what is missing."""

    is_ready: bool
    job: JobBody | None


class RowBody(BaseModel):
    """Values of one recording; null where a feature cannot be had."""

    recording_id: str
    values: list[float | None]


class TablePage(BaseModel):
    """Part of a table of features, in the order of storing."""

    names: list[str]
    items: list[RowBody]
    next_cursor: str | None


class CorrelationBody(BaseModel):
    """Correlations of features, alike ones beside each other."""

    names: list[str]
    values: list[list[float]]
    pairs: list[tuple[str, str, float]]
    left_out: list[str]


class SpreadBody(BaseModel):
    """How the values of a feature are spread in one class."""

    model_config = ConfigDict(from_attributes=True)

    label: str
    n: int
    low: float
    q1: float
    median: float
    q3: float
    high: float


class StudyRequest(BaseModel):
    """What is asked about features; answered inside folds that never share a bearing."""

    model_config = ConfigDict(extra="forbid")

    question: Literal["importance", "selection"]
    method: str = Field(max_length=40)
    names: list[str] = Field(min_length=2, max_length=200)
    n_features: int = Field(default=10, ge=1, le=200)
    n_folds: int = Field(default=5, ge=2, le=10)
    seed: int = Field(default=0, ge=0)


class StudyBody(BaseModel):
    """A study: its result, or the job that makes it."""

    result: dict[str, Any] | None
    job: JobBody | None


@ROUTER.get("")
def list_features(actor: Acting) -> list[FeatureBody]:
    """List every feature that can be measured, your workspaces' own ones last."""
    return [FeatureBody.model_validate(one) for one in feature_views.definitions(actor)]


@ROUTER.get("/datasets/{dataset_id}/extraction")
def get_extraction(actor: Acting, dataset_id: str, names: Names = []) -> ExtractionBody:  # noqa: B006
    """Say how far the features of a data set are."""
    found = features.extraction(actor, dataset_id, names)
    return ExtractionBody(is_ready=found.is_ready, job=_job(found.job))


@ROUTER.post("/datasets/{dataset_id}/extraction", status_code=202)
def start_extraction(actor: Acting, dataset_id: str, body: NamesBody) -> ExtractionBody:
    """Extract what is missing as a job; whoever asks meanwhile gets the same job."""
    job = features.ensure(actor, dataset_id, body.names)
    return ExtractionBody(is_ready=job is None, job=_job(job))


@ROUTER.get("/datasets/{dataset_id}/table")
def get_table(
    actor: Acting,
    dataset_id: str,
    names: Names = [],  # noqa: B006
    limit: Limit = 50,
    cursor: Annotated[str, Query(max_length=26)] = "",
) -> TablePage:
    """Read extracted features as numbers."""
    table = features.table(actor, dataset_id, names)
    behind = [place for place, one in enumerate(table.recording_ids) if one > cursor]
    chosen = behind[:limit]
    items = [
        RowBody(recording_id=table.recording_ids[place], values=_finite(table.values[place]))
        for place in chosen
    ]
    more = table.recording_ids[chosen[-1]] if len(behind) > limit else None
    return TablePage(names=list(table.names), items=items, next_cursor=more)


@ROUTER.get("/datasets/{dataset_id}/file", response_class=Response)
def get_file(
    actor: Acting,
    dataset_id: str,
    format: Literal["csv", "parquet", "hdf5"] = "csv",
    names: Names = [],  # noqa: B006
) -> Response:
    """Take the table of features, with what is known of each recording, as a file."""
    found = feature_views.exported(actor, dataset_id, names, format)
    headers = {"Content-Disposition": f'attachment; filename="{found.name}"'}
    return Response(found.content, media_type=found.media_type, headers=headers)


@ROUTER.get("/datasets/{dataset_id}/correlation")
def get_correlation(actor: Acting, dataset_id: str, names: Names = []) -> CorrelationBody:  # noqa: B006
    """See which features say the same."""
    found = feature_views.correlation(actor, dataset_id, names)
    return CorrelationBody(
        names=list(found.names),
        values=found.values.tolist(),
        pairs=list(found.pairs),
        left_out=list(found.left_out),
    )


@ROUTER.get("/datasets/{dataset_id}/distribution")
def get_distribution(
    actor: Acting, dataset_id: str, name: Annotated[str, Query(max_length=60)] = "RMS"
) -> list[SpreadBody]:
    """See how a feature is spread in each class."""
    found = feature_views.distribution(actor, dataset_id, name)
    return [SpreadBody.model_validate(one) for one in found]


@ROUTER.post("/datasets/{dataset_id}/studies", status_code=202)
def start_study(actor: Acting, dataset_id: str, body: StudyRequest) -> StudyBody:
    """Ask which features matter or suffice; ask again for the answer, it is computed once."""
    config = StudyConfig(**{**body.model_dump(), "names": tuple(body.names)})
    found = feature_studies.start(actor, dataset_id, config)
    result = dict(found.result) if found.result is not None else None
    return StudyBody(result=result, job=_job(found.job))


def _job(job: Any) -> JobBody | None:
    return None if job is None else JobBody.model_validate(job)


def _finite(values: Any) -> list[float | None]:
    return [float(one) if math.isfinite(one) else None for one in values]
