"""Exploring a data set over REST: overview, class spectra, features of classes, projections."""

import json
import math
from typing import Annotated, Any, Literal

from fastapi import Query
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from sonde.bearings.core.class_spectra import ClassSpectra
from sonde.bearings.core.exploring.filters import ExplorerFilter, filter_from_json
from sonde.bearings.services.explorer import looking, projecting, spectra
from sonde.bearings.services.explorer.projecting import LaidOut, ProjectionWish
from sonde.platform.api.jobs import JobBody
from sonde.platform.api.routing import Acting, router
from sonde.platform.core.errors import Invalid
from sonde.platform.core.jobs import Job

ROUTER = router("/datasets/{dataset_id}/explorer", tag="Explorer")

FilterText = Annotated[
    str,
    Query(
        alias="filter",
        max_length=20_000,
        description="JSON with any of labels, severities, bearings, sessions, loads (lists), speed "
        "({low, high} in rpm), features (list of {name, low, high}), per_class, seed.",
        examples=['{"labels": ["inner"], "speed": {"low": 900}, "per_class": 50}'],
    ),
]
Names = Annotated[
    list[str], Query(max_length=200, description="Features; none for the 36 of the original.")
]


class ClassBody(BaseModel):
    """One class in figures; null where nobody measured."""

    label: str
    n: int
    n_bearings: int
    mean_amplitude: float | None
    rms: float | None
    kurtosis: float | None
    dominant_hz: float | None
    speed_low_rpm: float | None
    speed_high_rpm: float | None


class OverviewBody(BaseModel):
    """What a filter keeps, class by class."""

    n: int
    n_total: int
    classes: list[ClassBody]
    severities: list[tuple[str, str, int]]


class CurveBody(BaseModel):
    """Mean and middle 80 per cent of the recordings of a class, line by line."""

    label: str
    n: int
    mean: list[float | None]
    low: list[float | None]
    high: list[float | None]


class SpectraBody(BaseModel):
    """Class spectra over one axis (Hz, or seconds for the cepstrum), or the job that reads them."""

    axis: list[float] = []
    classes: list[CurveBody] = []
    job: JobBody | None = None


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


class ComparisonBody(BaseModel):
    """Means of features in classes, and their distance from the mean of all in deviations."""

    labels: list[str]
    names: list[str]
    means: list[list[float | None]]
    z: list[list[float | None]]


class ProjectionRequest(BaseModel):
    """What is laid out, and how."""

    model_config = ConfigDict(extra="forbid")

    filter: dict[str, Any] = Field(default_factory=dict, description="As in the other routes.")
    names: list[str] = Field(default=[], max_length=200)
    method: Literal["pca", "tsne", "umap"] = "pca"
    dimensions: Literal[2, 3] = 2
    seed: int = Field(default=0, ge=0, lt=2**32)
    perplexity: float = Field(default=30.0, ge=2, le=100)
    neighbours: int = Field(default=15, ge=2, le=200)
    min_dist: float = Field(default=0.1, ge=0, le=0.99)

    @property
    def wish(self) -> ProjectionWish:
        """Return it as the services take it."""
        settings = projecting.settings_from_json(self.model_dump(exclude={"filter", "names"}))
        return ProjectionWish(filter_from_json(self.filter), settings, tuple(self.names))


class PointBody(BaseModel):
    """One recording, and where it lies."""

    recording_id: str
    label: str
    place: list[float]


class ProjectionBody(BaseModel):
    """A projection and how far to trust it, or the job that makes it."""

    trustworthiness: float | None = None
    explained: list[float] = []
    names: list[str] = []
    left_out: list[str] = []
    points: list[PointBody] = []
    job: JobBody | None = None


@ROUTER.get("")
def get_overview(actor: Acting, dataset_id: str, filter: FilterText = "") -> OverviewBody:
    """See what a filter keeps, class by class."""
    found = looking.overview(actor, dataset_id, _wanted(filter))
    classes = [
        ClassBody(**{name: _finite(value) for name, value in vars(one).items()})
        for one in found.classes
    ]
    return OverviewBody(
        n=found.n, n_total=found.n_total, classes=classes, severities=list(found.severities)
    )


@ROUTER.get("/spectra")
def get_spectra(
    actor: Acting,
    dataset_id: str,
    filter: FilterText = "",
    kind: Literal["psd", "envelope", "cepstrum"] = "psd",
    top: Annotated[float, Query(ge=0, description="End of the axis; 0 chooses.")] = 0.0,
    per_class: Annotated[int, Query(ge=2, le=200)] = 12,
) -> SpectraBody:
    """See the mean spectrum of every class; asking again gives what the job has made."""
    settings = spectra.settings_from_json({"kind": kind, "top": top, "per_class": per_class})
    found = spectra.look_or_start(actor, dataset_id, _wanted(filter), settings)
    return SpectraBody(job=_job(found)) if isinstance(found, Job) else _spectra(found)


@ROUTER.get("/distributions")
def get_distributions(
    actor: Acting,
    dataset_id: str,
    name: Annotated[str, Query(max_length=120)] = "RMS",
    filter: FilterText = "",
) -> list[SpreadBody]:
    """See how a feature is spread in every class of what a filter keeps."""
    found = looking.spread(actor, dataset_id, _wanted(filter), name)
    return [SpreadBody.model_validate(one) for one in found]


@ROUTER.get("/comparison")
def get_comparison(
    actor: Acting,
    dataset_id: str,
    filter: FilterText = "",
    names: Names = [],  # noqa: B006
) -> ComparisonBody:
    """See in which features the classes differ."""
    found = looking.compare(actor, dataset_id, _wanted(filter), names)
    return ComparisonBody(
        labels=list(found.labels),
        names=list(found.names),
        means=[[_finite(value) for value in row] for row in found.means.tolist()],
        z=[[_finite(value) for value in row] for row in found.z.tolist()],
    )


@ROUTER.post("/projections", status_code=202)
def start_projection(actor: Acting, dataset_id: str, body: ProjectionRequest) -> ProjectionBody:
    """Lay out recordings by their features; whoever asks meanwhile gets the same job."""
    job = projecting.start(actor, dataset_id, body.wish)
    if job is not None:
        return ProjectionBody(job=_job(job))
    return _projection(projecting.find(actor, dataset_id, body.wish))


@ROUTER.get("/projections")
def get_projection(
    actor: Acting,
    dataset_id: str,
    asked: Annotated[
        str, Query(max_length=20_000, description="What was posted to start it, as JSON.")
    ] = "{}",
) -> ProjectionBody:
    """Read a projection, or how far its job is; empty where nobody asked for it yet."""
    return _projection(projecting.find(actor, dataset_id, _asked(asked).wish))


def _asked(text: str) -> ProjectionRequest:
    try:
        return ProjectionRequest.model_validate(_json(text, "asked"))
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(one) for one in first["loc"])
        raise Invalid(f"asked: {where}: {first['msg']}.", field="asked") from error


def _wanted(text: str) -> ExplorerFilter:
    return filter_from_json(_json(text, "filter") if text else {})


def _json(text: str, field: str) -> dict[str, Any]:
    try:
        found = json.loads(text)
    except ValueError as error:
        raise Invalid(f"{field} is no JSON: {error}.", field=field) from error
    if not isinstance(found, dict):
        raise Invalid(f"{field} is a JSON object.", field=field)
    return found


def _projection(found: LaidOut | Job | None) -> ProjectionBody:
    if not isinstance(found, LaidOut):
        return ProjectionBody(job=None if found is None else _job(found))
    rows = zip(
        found.facts.id_texts(),
        found.facts.labels.tolist(),
        found.projection.points.tolist(),
        strict=True,
    )
    return ProjectionBody(
        trustworthiness=found.projection.trustworthiness,
        explained=list(found.projection.explained),
        names=list(found.names),
        left_out=list(found.left_out),
        points=[PointBody(recording_id=one, label=label, place=at) for one, label, at in rows],
    )


def _spectra(found: ClassSpectra) -> SpectraBody:
    curves = [
        CurveBody(
            label=one.label,
            n=one.n,
            **{
                name: [_finite(value) for value in getattr(one, name).tolist()]
                for name in ("mean", "low", "high")
            },
        )
        for one in found.classes
    ]
    return SpectraBody(axis=found.axis.tolist(), classes=curves)


def _finite(value: Any) -> Any:
    return None if isinstance(value, float) and not math.isfinite(value) else value


def _job(job: Job) -> JobBody:
    return JobBody.model_validate(job)
