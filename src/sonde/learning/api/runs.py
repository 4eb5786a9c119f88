"""Trainings over REST while they run and afterwards: metrics, log, files, controls, repetition."""

import math
from datetime import datetime
from typing import Annotated, Literal

from fastapi import Query, Response
from fastapi.responses import StreamingResponse
from pydantic import BaseModel, ConfigDict, Field

from sonde.learning.core.experiments import Experiment
from sonde.learning.core.runs import Curve, RunView
from sonde.learning.services import rerunning, runs
from sonde.platform.api.routing import Acting, router

ROUTER = router("/experiments", tag="Experiments")

Keys = Annotated[list[str] | None, Query(alias="key", description="A metric; repeatable.")]
Level = Annotated[Literal["debug", "info", "warning", "error"], Query(description="At least.")]


class MetricBody(BaseModel):
    """The latest and the best value of one metric."""

    model_config = ConfigDict(from_attributes=True)

    key: str
    value: float
    step: int
    at: datetime
    best_value: float
    best_step: int


class CurveBody(BaseModel):
    """One metric over the steps of one part of a training; what is no number is null."""

    key: str
    part: str
    steps: list[int]
    values: list[float | None]
    at: list[float]
    n_points: int


class LogLineBody(BaseModel):
    """One line of a training's log."""

    model_config = ConfigDict(from_attributes=True)

    id: int
    at: datetime
    level: str
    part: str
    text: str


class PartBody(BaseModel):
    """How far one part of a training is."""

    model_config = ConfigDict(from_attributes=True)

    name: str
    title: str
    fraction: float
    macro_f1: float | None


class RunBody(BaseModel):
    """A training while it runs."""

    experiment_id: str
    state: str
    wish: str
    phase: str
    fraction: float
    eta_s: float | None
    parts: list[PartBody]


class ControlBody(BaseModel):
    """What is to be done to a training."""

    model_config = ConfigDict(extra="forbid")

    action: Literal["pause", "resume", "stop", "cancel"] = Field(
        description="Stop ends it now and keeps the best; cancel keeps nothing."
    )


class RerunBody(BaseModel):
    """A repetition that was queued, and why its figures may be other ones."""

    experiment: Experiment
    told: list[str]


@ROUTER.get("/{experiment_id}/run")
def get_run(actor: Acting, experiment_id: str) -> RunBody:
    """Look how far a training and each of its parts is."""
    return _run(runs.view(actor, experiment_id))


@ROUTER.post("/{experiment_id}/control")
def control_run(actor: Acting, experiment_id: str, body: ControlBody) -> RunBody:
    """Pause, resume, stop (keeping the best) or cancel a training; it follows within a second."""
    return _run(runs.control(actor, experiment_id, body.action))


@ROUTER.post("/{experiment_id}/rerun", status_code=201)
def rerun_experiment(actor: Acting, experiment_id: str) -> RerunBody:
    """Train once more exactly what a finished experiment was, from its provenance."""
    made = rerunning.rerun(actor, experiment_id)
    return RerunBody(experiment=made.experiment, told=list(made.told))


@ROUTER.get("/{experiment_id}/metrics")
def list_metrics(actor: Acting, experiment_id: str) -> list[MetricBody]:
    """List the latest and the best value of every metric."""
    return [MetricBody.model_validate(one) for one in runs.latest(actor, experiment_id)]


@ROUTER.get("/{experiment_id}/metrics/curves")
def get_curves(
    actor: Acting,
    experiment_id: str,
    keys: Keys = None,
    points: Annotated[int, Query(ge=4, le=100_000)] = 1000,
) -> list[CurveBody]:
    """Draw metrics over their steps, thinned so that no extremum is lost."""
    return [_curve(one) for one in runs.curves(actor, [experiment_id], keys or (), points)]


@ROUTER.get("/{experiment_id}/metrics.csv", response_class=StreamingResponse)
def get_points(actor: Acting, experiment_id: str, key: str = "") -> StreamingResponse:
    """Take every point of a metric, or of all metrics, as a table."""
    name = f'attachment; filename="{experiment_id}-metrics.csv"'
    return StreamingResponse(
        runs.points_csv(actor, experiment_id, key),
        media_type="text/csv",
        headers={"Content-Disposition": name},
    )


@ROUTER.get("/{experiment_id}/log")
def list_log_lines(
    actor: Acting,
    experiment_id: str,
    level: Level = "debug",
    text: Annotated[str, Query(max_length=200)] = "",
    after: Annotated[int, Query(ge=0, description="Id of the last line you have.")] = 0,
    limit: Annotated[int, Query(ge=1, le=5000)] = 500,
) -> list[LogLineBody]:
    """Read a training's log, oldest line first: the latest lines, or those after a line."""
    found = runs.log_lines(actor, experiment_id, level, text, after, limit)
    return [LogLineBody.model_validate(line) for line in found]


@ROUTER.get("/{experiment_id}/files")
def list_files(actor: Acting, experiment_id: str) -> list[str]:
    """List the files that a training kept, such as weights and TensorBoard curves."""
    return list(runs.files(actor, experiment_id))


@ROUTER.get("/{experiment_id}/files/content", response_class=Response)
def get_file(
    actor: Acting, experiment_id: str, name: Annotated[str, Query(max_length=500)] = ""
) -> Response:
    """Take one of these files."""
    content = runs.read_file(actor, experiment_id, name)
    file_name = name.rpartition("/")[2].replace('"', "")
    return Response(
        content,
        media_type="application/octet-stream",
        headers={"Content-Disposition": f'attachment; filename="{file_name}"'},
    )


def _run(view: RunView) -> RunBody:
    return RunBody(
        experiment_id=view.summary.id,
        state=view.summary.state.value,
        wish=view.wish.value,
        phase=view.summary.phase,
        fraction=view.summary.fraction,
        eta_s=view.job.eta_s if view.job else None,
        parts=[PartBody.model_validate(part) for part in view.parts],
    )


def _curve(curve: Curve) -> CurveBody:
    return CurveBody(
        key=curve.key,
        part=curve.part,
        steps=curve.steps.tolist(),
        values=[value if math.isfinite(value) else None for value in curve.values.tolist()],
        at=curve.at.tolist(),
        n_points=curve.n_points,
    )
