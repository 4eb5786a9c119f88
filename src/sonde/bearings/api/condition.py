"""Machines over REST: the tree, measurements, limits, events, feeds and watched folders."""

import hashlib
import tempfile
from collections.abc import Mapping
from datetime import datetime, timedelta
from pathlib import Path
from typing import Annotated, Any

from fastapi import Depends, File, Form, UploadFile
from fastapi.responses import JSONResponse
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from sonde.bearings.core.condition.alarms import AlarmState, BandKind
from sonde.bearings.core.condition.machines import Measurement, NodeKind
from sonde.bearings.services import machines
from sonde.bearings.services.condition import alarms, feeds, folders, log, measurements, overview
from sonde.bearings.services.condition.alarms import BandWish
from sonde.bearings.services.condition.log import NoteKind
from sonde.bearings.services.condition.measurements import Said
from sonde.bearings.services.machines import NewNode
from sonde.platform.api.jobs import JobBody
from sonde.platform.api.routing import Acting, IdempotencyKey, once, router
from sonde.platform.core.errors import TooLarge

ROUTER = router("/condition", tag="Condition")
MAX_BYTES = 64_000_000
Positive = Annotated[float | None, Form(gt=0, description="For a file that does not say it.")]


async def _said(
    taken_at: Annotated[AwareDatetime | None, Form(description="Now, if empty.")] = None,
    sampling_rate_hz: Positive = None,
    speed_rpm: Positive = None,
    channel: Annotated[str, Form(max_length=120, description="Of the file.")] = "",
) -> Said:
    return Said(taken_at, sampling_rate_hz, speed_rpm, channel)


SaidForm = Annotated[Said, Depends(_said)]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid")


class NodeBody(BaseModel):
    """A place in the tree: plant, machine, point or channel; no state while nothing is measured."""

    id: str
    parent_id: str
    kind: NodeKind
    name: str
    details: dict[str, Any]
    state: AlarmState | None = None


class NodeRequest(_Strict):
    """A place to add below its parent; a plant has none."""

    kind: NodeKind
    name: str = Field(max_length=200)
    parent_id: str = Field(default="", max_length=26)
    details: dict[str, Any] = Field(default={}, max_length=10)


class NodeChange(_Strict):
    """What to change about a place; what is left out stays."""

    name: str | None = Field(default=None, max_length=200)
    details: dict[str, Any] | None = Field(default=None, max_length=10)


class MeasurementBody(BaseModel):
    """A measurement with its figures, and the state of every limited figure after it."""

    id: str
    node_id: str
    taken_at: datetime
    sampling_rate_hz: float
    speed_rpm: float
    unit: str
    n_samples: int
    file: str
    recording_id: str
    figures: dict[str, float]
    states: dict[str, AlarmState]


class BandRequest(_Strict):
    """Limits: fixed ones, or learned from the first values, or those of ISO 20816-3."""

    kind: BandKind
    warning: float | None = None
    alarm: float | None = None
    n_baseline: int = Field(default=15, ge=8, le=100_000)
    warning_sigmas: float = Field(default=3.0, gt=0, le=1000)
    alarm_sigmas: float = Field(default=6.0, gt=0, le=1000)
    in_a_row: int = Field(default=2, ge=1, le=50)
    hysteresis: float = Field(default=0.1, ge=0, lt=1)


class NoteRequest(_Strict):
    """What happened; now, where no moment is said."""

    kind: NoteKind = NoteKind.NOTE
    text: str = Field(default="", max_length=2000)
    at: AwareDatetime | None = None


class FeedRequest(_Strict):
    """Recordings of a data set; `start` and `every_s` are for those without a moment."""

    dataset_id: str = Field(max_length=26)
    start: AwareDatetime
    every_s: float = Field(default=3600.0, gt=0, le=1e9)
    session: str = Field(default="", max_length=200)
    bearing: str = Field(default="", max_length=200)
    signal: str = Field(default="", max_length=120)


class FolderRequest(_Strict):
    """A folder of the server; rate, speed and channel are for files that do not say them."""

    channel_id: str = Field(max_length=26)
    path: str = Field(max_length=1000)
    sampling_rate_hz: float | None = Field(default=None, gt=0)
    speed_rpm: float | None = Field(default=None, gt=0)
    channel: str = Field(default="", max_length=120)


class FolderBody(BaseModel):
    """A watched folder and what happened at the last look."""

    model_config = ConfigDict(from_attributes=True)

    id: str
    node_id: str
    path: str
    given: dict[str, Any]
    said: str
    looked_at: datetime | None
    n_taken: int
    n_refused: int


class _UploadKey(BaseModel):
    """What makes an upload the same as an earlier one."""

    channel_id: str
    digest: str
    said: str


@ROUTER.get("/machines")
def list_places(actor: Acting) -> list[NodeBody]:
    """List plants, machines, points and channels with their states."""
    nodes = machines.tree(actor)
    states = overview.states(actor, nodes)
    return [NodeBody(**_facts(node), state=states[node.id]) for node in nodes]


@ROUTER.post("/machines", status_code=201)
def add_place(actor: Acting, body: NodeRequest, key: IdempotencyKey = None) -> JSONResponse:
    """Add a plant, or a machine, point or channel below one."""
    wanted = NewNode(body.kind, body.name, body.parent_id, body.details)
    return once(actor, key, body, lambda: _facts(machines.add(actor, wanted)))


@ROUTER.get("/machines/{node_id}")
def get_place(actor: Acting, node_id: str) -> NodeBody:
    """Look at one place."""
    nodes = machines.tree(actor)
    node = machines.get(actor, node_id)
    return NodeBody(**_facts(node), state=overview.states(actor, nodes)[node.id])


@ROUTER.patch("/machines/{node_id}")
def change_place(actor: Acting, node_id: str, body: NodeChange) -> NodeBody:
    """Rename a place, or say other things of it."""
    return NodeBody(**_facts(machines.change(actor, node_id, name=body.name, details=body.details)))


@ROUTER.delete("/machines/{node_id}", status_code=204)
def remove_place(actor: Acting, node_id: str) -> None:
    """Delete a place with everything below it and all its measurements."""
    machines.remove(actor, node_id)


@ROUTER.post("/channels/{node_id}/measurements", status_code=201)
def add_measurement(
    actor: Acting,
    node_id: str,
    file: Annotated[UploadFile, File(description="One recording, at most 64 MB.")],
    said: SaidForm,
    key: IdempotencyKey = None,
) -> JSONResponse:
    """Measure a channel: bring a recording, take its figures and the states that follow."""
    content = _content(file)
    asked = _UploadKey(
        channel_id=node_id, digest=hashlib.sha256(content).hexdigest(), said=repr(said)
    )
    name = Path(file.filename or "recording").name
    return once(actor, key, asked, lambda: _measured(actor, node_id, (name, content), said))


@ROUTER.put("/channels/{node_id}/bands/{feature}")
def set_band(actor: Acting, node_id: str, feature: str, body: BandRequest) -> dict[str, Any]:
    """Set the limits of a figure; what was measured is judged by them at once."""
    found = alarms.set_band(actor, node_id, feature, BandWish(**body.model_dump()))
    return {"feature": feature, "state": found.state.value, **vars(found.band)}


@ROUTER.delete("/channels/{node_id}/bands/{feature}", status_code=204)
def remove_band(actor: Acting, node_id: str, feature: str) -> None:
    """Take the limits of a figure away."""
    alarms.remove_band(actor, node_id, feature)


@ROUTER.post("/channels/{node_id}/feeds", status_code=202)
def feed_channel(actor: Acting, node_id: str, body: FeedRequest) -> JobBody:
    """Feed a channel from a data set as a job; what is there already is left as it is."""
    wish = feeds.FeedWish(
        body.dataset_id,
        body.start,
        timedelta(seconds=body.every_s),
        body.session,
        body.bearing,
        body.signal,
    )
    return JobBody.model_validate(feeds.start(actor, node_id, wish))


@ROUTER.post("/machines/{node_id}/events", status_code=204)
def add_event(actor: Acting, node_id: str, body: NoteRequest) -> None:
    """Note what happened to a place; a replacement or failure ends a life."""
    log.note(actor, node_id, body.kind, body.text, body.at)


@ROUTER.delete("/events/{event_id}", status_code=204)
def remove_event(actor: Acting, event_id: str) -> None:
    """Take back what a person noted."""
    log.remove_note(actor, event_id)


@ROUTER.get("/folders")
def list_folders(actor: Acting) -> list[FolderBody]:
    """List watched folders; administrators only."""
    return [FolderBody.model_validate(one) for one in folders.folders(actor)]


@ROUTER.post("/folders", status_code=201)
def watch_folder(actor: Acting, body: FolderRequest) -> FolderBody:
    """Watch a folder of the server for a channel; administrators only."""
    given = body.model_dump(include={"sampling_rate_hz", "speed_rpm", "channel"})
    return FolderBody.model_validate(folders.watch(actor, body.channel_id, body.path, given))


@ROUTER.delete("/folders/{folder_id}", status_code=204)
def unwatch_folder(actor: Acting, folder_id: str) -> None:
    """Watch a folder no longer; what was measured stays."""
    folders.unwatch(actor, folder_id)


def _facts(node: Any) -> dict[str, Any]:
    return {
        "id": node.id,
        "parent_id": node.parent_id,
        "kind": node.kind.value,
        "name": node.name,
        "details": dict(node.details),
    }


def _content(file: UploadFile) -> bytes:
    if (file.size or 0) > MAX_BYTES:
        raise TooLarge(f"A recording has at most {MAX_BYTES / 1e6:.0f} MB.", field="file")
    return file.file.read(MAX_BYTES + 1)


def _measured(
    actor: Acting, node_id: str, sent: tuple[str, bytes], said: Said
) -> Mapping[str, Any]:
    name, content = sent
    measurements.check_channel(actor, node_id)
    nominal = measurements.nominal_rpm(actor, node_id)
    with tempfile.TemporaryDirectory(prefix="sonde-") as folder:
        path = Path(folder) / f"recording{Path(name).suffix.lower()[:8]}"
        path.write_bytes(content)
        taken = measurements.read_upload(path, name, said, nominal)
    found = measurements.add(actor, node_id, taken)
    return measurement_body(found, alarms.bands(actor, [node_id])).model_dump(mode="json")


def measurement_body(found: Measurement, bands: tuple[alarms.FeatureBand, ...]) -> MeasurementBody:
    """Return a measurement as it is sent."""
    states = {one.feature: one.state for one in bands}
    facts = {**vars(found), "figures": dict(found.figures)}
    return MeasurementBody(**facts, states=states)
