"""Looking at machines over REST: trends, limits, events, health, remaining life, reports."""

import math
from datetime import datetime
from typing import Annotated

from fastapi import Query, Response
from pydantic import AwareDatetime, BaseModel

from sonde.bearings.api.condition import MeasurementBody, measurement_body
from sonde.bearings.core.condition.alarms import AlarmState, BandKind
from sonde.bearings.core.condition.health import DEFAULT_BASELINE, INDICATOR
from sonde.bearings.services.condition import alarms, health, log, reports, trends
from sonde.bearings.services.condition.health import Baseline
from sonde.platform.api.routing import Acting, Limit, router

ROUTER = router("/condition", tag="Condition")
Since = Annotated[AwareDatetime | None, Query(alias="from", description="The first if empty.")]
Until = Annotated[AwareDatetime | None, Query(alias="to", description="The last if empty.")]
First = Annotated[
    int, Query(ge=5, le=100_000, description="So many first values say what is normal.")
]
Figure = Annotated[str, Query(max_length=60)]


class BandBody(BaseModel):
    """Limits of a figure, and the state that was told last."""

    feature: str
    kind: BandKind
    warning: float
    alarm: float
    in_a_row: int
    hysteresis: float
    state: AlarmState


class TrendBody(BaseModel):
    """A figure over time in at most `points` values that keep its extremes."""

    feature: str
    unit: str
    times: list[datetime]
    values: list[float]
    states: list[AlarmState]
    measurement_ids: list[str]
    n_measured: int
    band: BandBody | None
    zone: str | None
    zone_text: str


class EventBody(BaseModel):
    """Something that happened."""

    id: str
    node_id: str
    at: datetime
    kind: str
    feature: str
    text: str
    by: str


class HealthBody(BaseModel):
    """The health indicator since the last replacement, and what it is worth (0 to 1)."""

    times: list[datetime]
    values: list[float]
    figures: list[str]
    n_baseline: int
    monotonicity: float | None
    trendability: float | None
    prognosability: float | None
    n_lives: int


class LifeBody(BaseModel):
    """Remaining life in hours; null while no growth is seen, or where it has no end."""

    feature: str
    limit: float
    counted_from: datetime
    median_h: float | None
    low_h: float | None
    high_h: float | None
    level: float | None
    straight_line_h: float | None
    n_fleet: int
    sentence: str


@ROUTER.get("/channels/{node_id}/trend")
def get_trend(
    actor: Acting,
    node_id: str,
    feature: Figure = "RMS",
    since: Since = None,
    until: Until = None,
    points: Annotated[int, Query(ge=10, le=10_000)] = trends.SHOWN_POINTS,
) -> TrendBody:
    """Look at a figure over time, with its limits, states and ISO zone."""
    found = trends.trend(actor, node_id, feature, since=since, until=until, points=points)
    zone = found.zone
    return TrendBody(
        feature=feature,
        unit=found.unit,
        times=list(found.moments),
        values=found.values.tolist(),
        states=list(found.states),
        measurement_ids=list(found.ids),
        n_measured=found.n_measured,
        band=_band(found.band) if found.band else None,
        zone=zone.zone.value if zone and zone.zone else None,
        zone_text=zone.sentence if zone else "",
    )


@ROUTER.get("/channels/{node_id}/measurements")
def list_measurements(actor: Acting, node_id: str, limit: Limit = 50) -> list[MeasurementBody]:
    """List the newest measurements of a channel with all their figures."""
    return [measurement_body(one, ()) for one in trends.measured(actor, node_id, limit=limit)]


@ROUTER.get("/channels/{node_id}/bands")
def list_bands(actor: Acting, node_id: str) -> list[BandBody]:
    """List the limits of a channel with their states."""
    return [_band(one) for one in alarms.bands(actor, [trends.channel(actor, node_id).id])]


@ROUTER.get("/machines/{node_id}/events")
def list_events(actor: Acting, node_id: str, limit: Limit = 100) -> list[EventBody]:
    """List what happened to a place and to those above and below it, newest first."""
    return [EventBody(**vars(one)) for one in log.events(actor, node_id, limit=limit)]


@ROUTER.get("/channels/{node_id}/health")
def get_health(
    actor: Acting,
    node_id: str,
    n_baseline: First = DEFAULT_BASELINE,
    since: Since = None,
    until: Until = None,
) -> HealthBody:
    """Look at the health indicator; the baseline is the first values, or a time range."""
    found = health.health(actor, trends.channel(actor, node_id).id, _base(n_baseline, since, until))
    return HealthBody(
        times=list(found.moments),
        values=found.values.tolist(),
        figures=list(found.names),
        n_baseline=found.n_baseline,
        monotonicity=_finite(found.merit.monotonicity),
        trendability=_finite(found.merit.trendability),
        prognosability=_finite(found.merit.prognosability),
        n_lives=found.n_lives,
    )


@ROUTER.get("/channels/{node_id}/remaining-life")
def get_remaining_life(
    actor: Acting,
    node_id: str,
    feature: Figure = INDICATOR,
    limit: Annotated[float | None, Query(description="The band's alarm if empty.")] = None,
    n_baseline: First = DEFAULT_BASELINE,
) -> LifeBody:
    """Estimate when a figure, or the health indicator, reaches its limit; with an interval."""
    channel = trends.channel(actor, node_id)
    base = Baseline(n_baseline)
    found = health.outlook(actor, channel.id, feature, limit=limit, baseline=base)
    life = found.life
    return LifeBody(
        feature=feature,
        limit=found.limit,
        counted_from=found.counted_from,
        median_h=_finite(life.median) if life else None,
        low_h=_finite(life.low) if life else None,
        high_h=_finite(life.high) if life else None,
        level=life.level if life else None,
        straight_line_h=_finite(life.straight_line) if life else None,
        n_fleet=found.n_fleet,
        sentence=found.sentence,
    )


@ROUTER.get("/machines/{node_id}/report.pdf", response_class=Response)
def get_report(actor: Acting, node_id: str) -> Response:
    """Take the report of a machine: one page of PDF."""
    found = reports.report(actor, node_id)
    headers = {"Content-Disposition": f'attachment; filename="{found.name}"'}
    return Response(found.content, media_type="application/pdf", headers=headers)


def _band(found: alarms.FeatureBand) -> BandBody:
    return BandBody(feature=found.feature, state=found.state, **vars(found.band))


def _base(n: int, since: datetime | None, until: datetime | None) -> Baseline:
    return Baseline(n, since, until)


def _finite(value: float) -> float | None:
    return value if math.isfinite(value) else None
