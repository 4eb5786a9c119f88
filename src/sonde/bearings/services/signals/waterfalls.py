"""The waterfall of a data set: kept once it was computed, by a job where that takes a while."""

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from sonde.bearings.core.datasets import StoredRecording
from sonde.bearings.core.fault_classes import class_title
from sonde.bearings.core.recording_query import RecordingQuery, SortKey
from sonde.bearings.core.signal_views import Look
from sonde.bearings.core.waterfall import (
    MOST_ROWS,
    Waterfall,
    WaterfallSettings,
    WaterfallSignal,
    evenly_spread,
)
from sonde.bearings.core.waterfall import waterfall as waterfall_of
from sonde.bearings.persistence import recording_queries, recording_search
from sonde.bearings.persistence.signal_files import read_signal
from sonde.bearings.services import datasets
from sonde.bearings.services.signals import access, uploads
from sonde.platform.core.actor import Actor, Role
from sonde.platform.core.errors import Forbidden, Invalid, NotFound
from sonde.platform.core.jobs import Job, JobOutcome, JobRun
from sonde.platform.services import jobs
from sonde.platform.services.work import ports

JOB_KIND = "bearings.waterfall"
AT_ONCE_SAMPLES = 2_500_000
_TTL_S = 7 * 24 * 3600
_VERSION = 1


@dataclass(frozen=True)
class WaterfallWish:
    """Which spectra are laid below each other.

    Parameters
    ----------
    among : str
        Empty for the whole data set, ``"label"`` or ``"bearing"`` for those like the one looked at.
    sort : str
        A `SortKey`; the rows' order.
    settings : WaterfallSettings
    """

    among: str = ""
    sort: str = SortKey.STORED.value
    settings: WaterfallSettings = field(default_factory=WaterfallSettings)


def look_or_start(actor: Actor, look: Look, wish: WaterfallWish) -> Waterfall | Job:
    """Return the waterfall around a recording, or the job that computes it.

    Few recordings are computed at once. Raises NotFound, and Invalid for a signal that is not
    stored.
    """
    recording = _stored(actor, look)
    channel = access.channel_of(recording, look.channel)
    key = _key(recording, channel, wish)
    kept = ports().cache.get(key)
    if kept is not None:
        return _unpacked(kept)
    chosen = _chosen(actor, recording, wish)
    is_little = sum(one.n_samples for one in chosen) <= AT_ONCE_SAMPLES
    if is_little or not _may_start(actor):
        return _compute(actor, chosen, channel, wish, key)
    running = _running(actor, key)
    if running is not None and running.state.is_final:  # done, and yet not kept: no second try
        return _compute(actor, chosen, channel, wish, key)
    return running or _start(actor, recording, channel, wish, key)


def run(job: JobRun, params: Mapping[str, Any]) -> JobOutcome:
    """Compute a waterfall for whoever looks again."""
    look = Look(params["recording_id"], params["channel"])
    facts = params["wish"]
    wish = WaterfallWish(facts["among"], facts["sort"], WaterfallSettings(**facts["settings"]))
    with job.work():
        recording = _stored(job.actor, look)
        chosen = _chosen(job.actor, recording, wish)
        path = datasets.signal_file(datasets.get(job.actor, recording.dataset_id))
        cache = ports().cache

    def told() -> Iterator[StoredRecording]:
        for number, one in enumerate(chosen):
            job.progress("Reading", number / len(chosen), one.title)
            yield one

    found = waterfall_of(_signals(told(), path, look.channel), wish.settings)
    cache.set(_key(recording, look.channel, wish), _packed(found), _TTL_S)
    return JobOutcome({"recordings": len(chosen)})


def _stored(actor: Actor, look: Look) -> StoredRecording:
    if uploads.is_upload(look.recording_id):
        raise Invalid(
            "A waterfall lays the recordings of a data set below each other; this signal is in "
            "none. Import it first.",
            field="recording_id",
        )
    return datasets.get_recording(actor, look.recording_id)


def _chosen(
    actor: Actor, recording: StoredRecording, wish: WaterfallWish
) -> tuple[StoredRecording, ...]:
    """Return up to 120 recordings in the wished order, evenly spread over all of them.

    Recordings in another unit are left out: their heights say nothing beside these.
    """
    narrow: dict[str, Any] = {
        "": {},
        "label": {"labels": (recording.label,)},
        "bearing": {"bearings": (recording.bearing,)},
    }[wish.among if wish.among in {"label", "bearing"} else ""]
    sort = SortKey(wish.sort)
    total = datasets.find_recordings(
        actor, recording.dataset_id, RecordingQuery(sort=sort, limit=1, **narrow)
    ).total
    if total <= MOST_ROWS:
        query = RecordingQuery(sort=sort, limit=MOST_ROWS, **narrow)
        found = datasets.find_recordings(actor, recording.dataset_id, query).rows
        return tuple(one for one in found if one.unit == recording.unit)
    ids = recording_queries.sorted_ids(recording.dataset_id, RecordingQuery(sort=sort, **narrow))
    kept = tuple(ids[place] for place in evenly_spread(len(ids)))
    rows = recording_search.by_ids(kept, actor.workspace_ids)
    return tuple(one for one in rows if one.unit == recording.unit)


def _compute(
    actor: Actor,
    chosen: tuple[StoredRecording, ...],
    channel: str,
    wish: WaterfallWish,
    key: str,
) -> Waterfall:
    path = datasets.signal_file(datasets.get(actor, chosen[0].dataset_id))
    found = waterfall_of(_signals(iter(chosen), path, channel), wish.settings)
    ports().cache.set(key, _packed(found), _TTL_S)
    return found


def _signals(
    chosen: Iterator[StoredRecording], path: Path, channel: str
) -> Iterator[WaterfallSignal]:
    """Read one signal after the other: the channel of that name where there is one."""
    for number, one in enumerate(chosen):
        row = one.channels.index(channel) if channel in one.channels else 0
        samples = read_signal(path, one.signal_path, row)
        yield WaterfallSignal(
            f"{one.title} · {class_title(one.label)} · {one.speed_rpm:,.0f} rpm",
            float(number),
            samples,
            one.sampling_rate_hz,
            one.speed_rpm / 60 or None,
        )


def _may_start(actor: Actor) -> bool:
    try:
        actor.require(Role.ANALYST)
    except Forbidden:
        return False
    return True


def _start(
    actor: Actor, recording: StoredRecording, channel: str, wish: WaterfallWish, key: str
) -> Job:
    dataset = datasets.get(actor, recording.dataset_id)
    job = jobs.enqueue(
        actor,
        kind=JOB_KIND,
        params={"recording_id": recording.id, "channel": channel, "wish": asdict(wish)},
        title=f"Waterfall of {dataset.name}",
        subject_link=f"/signal-viewer/{recording.id}?view=waterfall",
    )
    ports().cache.set(f"{key}:job", job.id.encode(), _TTL_S)
    return job


def _running(actor: Actor, key: str) -> Job | None:
    started = ports().cache.get(f"{key}:job")
    if started is None:
        return None
    try:
        return jobs.get(actor, started.decode())
    except NotFound:
        return None


def _key(recording: StoredRecording, channel: str, wish: WaterfallWish) -> str:
    like = {"label": recording.label, "bearing": recording.bearing}.get(wish.among, "")
    facts = json.dumps([_VERSION, channel, recording.unit, like, asdict(wish)], sort_keys=True)
    name = hashlib.sha256(facts.encode()).hexdigest()[:24]
    return f"bearings:dataset:{recording.dataset_id}:waterfall:{name}"


def _packed(found: Waterfall) -> bytes:
    facts = {
        "axis_unit": found.axis_unit,
        "names": found.names,
        "positions": found.positions.tolist(),
        "columns": len(found.axis),
        "step": float(found.axis[1] - found.axis[0]),
    }
    head = json.dumps(facts).encode()
    return len(head).to_bytes(4, "little") + head + found.values.astype("<f4").tobytes()


def _unpacked(kept: bytes) -> Waterfall:
    length = int.from_bytes(kept[:4], "little")
    facts = json.loads(kept[4 : 4 + length])
    columns = facts["columns"]
    values = np.frombuffer(kept[4 + length :], dtype="<f4").reshape(-1, columns)
    return Waterfall(
        (np.arange(columns, dtype=np.float64) + 0.5) * facts["step"],
        facts["axis_unit"],
        tuple(facts["names"]),
        np.array(facts["positions"], dtype=np.float64),
        values.astype(np.float32),
    )
