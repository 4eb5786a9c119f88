"""Replays over REST: made, played, paused, sped up, moved, forgotten."""

from datetime import datetime
from typing import Literal

from fastapi import Response
from pydantic import BaseModel, ConfigDict, Field

from sonde.markets.api.exact import moment
from sonde.markets.api.prices.series import Bars, CandlesBody, FromMs, candles_body
from sonde.markets.core.feeds.replay_state import FASTEST, SLOWEST
from sonde.markets.services import price_sample, replays
from sonde.markets.services.replays import Replay
from sonde.platform.api.routing import Acting, router

ROUTER = router("/markets/replay", tag="Markets: prices")


class ReplayBody(BaseModel):
    """One replay, and where it stands in recorded time."""

    id: str
    title: str
    keys: list[str]
    series_ids: list[str]
    begins_at: datetime
    ends_at: datetime
    position_at: datetime
    position_ms: int
    speed: float
    is_playing: bool
    is_over: bool


class ReplayList(BaseModel):
    """Your replays, newest first."""

    items: list[ReplayBody]


class NewReplay(BaseModel):
    """What to replay, how fast."""

    model_config = ConfigDict(extra="forbid")

    series_ids: list[str] = Field(min_length=1, max_length=replays.MOST_SERIES)
    from_ms: int | None = Field(None, ge=0)
    to_ms: int | None = Field(None, ge=0)
    speed: float = Field(1.0, ge=SLOWEST, le=FASTEST)
    title: str = Field("", max_length=120)


class ReplayControl(BaseModel):
    """One turn of the controls."""

    model_config = ConfigDict(extra="forbid")

    action: Literal["play", "pause"] | None = None
    speed: float | None = Field(None, ge=SLOWEST, le=FASTEST)
    position_ms: int | None = Field(None, ge=0, description="Recorded time to move to.")


@ROUTER.get("")
def list_replays(actor: Acting) -> ReplayList:
    """List your replays."""
    return ReplayList(items=[_body(one) for one in replays.list_replays(actor)])


@ROUTER.post("", status_code=201)
def create_replay(actor: Acting, body: NewReplay) -> ReplayBody:
    """Make a replay; it stands at its beginning."""
    return _body(
        replays.create(
            actor,
            body.series_ids,
            from_ms=body.from_ms,
            to_ms=body.to_ms,
            speed=body.speed,
            title=body.title,
        )
    )


@ROUTER.post("/sample", status_code=201)
def start_sample(actor: Acting) -> ReplayBody:
    """Store two simulated markets, in minutes and hours, and replay them: prices to learn with."""
    return _body(price_sample.start(actor))


@ROUTER.get("/{replay_id}")
def get_replay(actor: Acting, replay_id: str) -> ReplayBody:
    """Look where a replay stands."""
    return _body(replays.get(actor, replay_id))


@ROUTER.patch("/{replay_id}")
def control_replay(actor: Acting, replay_id: str, body: ReplayControl) -> ReplayBody:
    """Move, speed up, play or pause a replay, in this order."""
    replay = replays.get(actor, replay_id)
    if body.position_ms is not None:
        replay = replays.seek(actor, replay_id, body.position_ms)
    if body.speed is not None:
        replay = replays.set_speed(actor, replay_id, body.speed)
    if body.action is not None:
        turn = replays.play if body.action == "play" else replays.pause
        replay = turn(actor, replay_id)
    return _body(replay)


@ROUTER.get("/{replay_id}/candles")
def get_replay_candles(
    actor: Acting, replay_id: str, series_id: str = "", from_ms: FromMs = None, limit: Bars = 1000
) -> CandlesBody:
    """Read the candles that are over where the replay stands; without an id of its first series."""
    wanted = series_id or replays.get(actor, replay_id).series_ids[0]
    found = replays.candles(actor, replay_id, wanted, from_ms)
    return candles_body(wanted, found, limit, None)


@ROUTER.delete("/{replay_id}", status_code=204)
def delete_replay(actor: Acting, replay_id: str) -> Response:
    """Forget a replay."""
    replays.remove(actor, replay_id)
    return Response(status_code=204)


def _body(replay: Replay) -> ReplayBody:
    return ReplayBody(
        id=replay.id,
        title=replay.title,
        keys=list(replay.keys),
        series_ids=list(replay.series_ids),
        begins_at=moment(replay.state.start_ms),
        ends_at=moment(replay.state.end_ms),
        position_at=moment(replay.position_ms),
        position_ms=replay.position_ms,
        speed=replay.state.speed,
        is_playing=replay.is_playing,
        is_over=replay.is_over,
    )
