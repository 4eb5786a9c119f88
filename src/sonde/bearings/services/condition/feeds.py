"""Feeding a channel from a data set: every recording once, however often the job dies."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from sonde.bearings.core.condition.machines import NodeKind
from sonde.bearings.core.datasets import StoredRecording
from sonde.bearings.persistence import machines as rows
from sonde.bearings.services import datasets, machines
from sonde.bearings.services.condition import measurements, trends
from sonde.platform.core.actor import Actor
from sonde.platform.core.errors import Invalid
from sonde.platform.core.jobs import Job, JobOutcome, JobRun
from sonde.platform.services import jobs
from sonde.platform.services.work import ports

JOB_KIND: Final = "bearings.feed"
_SAVE_EVERY = 20


@dataclass(frozen=True)
class FeedWish:
    """Which recordings of a data set become measurements, and when they were taken.

    Parameters
    ----------
    dataset_id : str
    start : datetime
        Moment of the first recording that has none of its own; one follows every `every`.
    every : timedelta
    session, bearing : str
        Only recordings of these; empty for all.
    signal : str
        Name of the recordings' channel; empty for their first.
    """

    dataset_id: str
    start: datetime
    every: timedelta
    session: str = ""
    bearing: str = ""
    signal: str = ""


def start(actor: Actor, channel_id: str, wish: FeedWish) -> Job:
    """Queue the job that feeds a channel from a data set.

    Raises NotFound, Forbidden, and Invalid for times that make no sense or a choice that leaves
    nothing.
    """
    node = machines.changeable(actor, channel_id)
    if node.kind is not NodeKind.CHANNEL:
        raise Invalid(f"A {node.kind.value} is not measured; choose a channel.", field="node")
    if not wish.every > timedelta(0):
        raise Invalid("The time between two recordings must be positive.", field="every")
    if wish.start.tzinfo is None:
        raise Invalid("The first moment needs a time zone.", field="start")
    found = _chosen(datasets.recordings(actor, wish.dataset_id), wish)
    if not found:
        raise Invalid("No recording of the data set fits session and bearing.", field="dataset_id")
    last = moments_of(found, wish)[-1][1]
    if last > ports().clock() + timedelta(days=1):
        raise Invalid(
            f"The last of {len(found)} recordings would be taken on {last:%Y-%m-%d}, in the "
            "future: begin earlier, or put less time between two.",
            field="start",
        )
    return jobs.enqueue(
        actor,
        kind=JOB_KIND,
        params={"channel_id": node.id, **_as_params(wish)},
        title=f"Feed {node.name}",
        subject_link=f"/condition?node={node.id}",
    )


def natural_start(actor: Actor, dataset_id: str, every_h: float) -> datetime:
    """Return the first moment for which the last recording was taken just now."""
    n_without = sum(one.taken_at is None for one in datasets.recordings(actor, dataset_id))
    hours = min(max(every_h, 0.0) * n_without, 1e6)
    return ports().clock().replace(second=0, microsecond=0) - timedelta(hours=hours)


def moments_of(recordings: Sequence[StoredRecording], wish: FeedWish) -> list[tuple[str, datetime]]:
    """Return recordings by id with the moment of each, oldest first.

    Raises Invalid where the last one would lie beyond all calendars.
    """
    told: list[tuple[str, datetime]] = []
    n_without = 0
    try:
        for one in recordings:
            moment = one.taken_at
            if moment is None:
                moment, n_without = wish.start + n_without * wish.every, n_without + 1
            told.append((one.id, moment))
    except OverflowError:
        raise Invalid("The recordings would lie beyond all calendars.", field="every") from None
    return sorted(told, key=lambda pair: pair[1])


def feed(job: JobRun, params: Mapping[str, Any]) -> JobOutcome:
    """Add what is missing; a moment that has a measurement already is left as it is."""
    wish, channel_id = _as_wish(params), str(params["channel_id"])
    with job.work():
        node = trends.channel(job.actor, channel_id)
        planned = moments_of(_chosen(datasets.recordings(job.actor, wish.dataset_id), wish), wish)
    known = job.checkpoint() or {"done": 0, "added": 0}
    done, added = int(known["done"]), int(known["added"])
    for number, (recording_id, moment) in enumerate(planned[done:], start=done):
        job.progress("Measuring", 0.98 * number / len(planned), f"{number + 1} of {len(planned)}")
        added += _add_one(job, node.id, (recording_id, moment), wish.signal)
        if (number + 1) % _SAVE_EVERY == 0:
            job.save_checkpoint({"done": number + 1, "added": added})
    return JobOutcome(
        {
            "measurements": added,
            "there already": len(planned) - added,
            "link": f"/condition?node={channel_id}",
        }
    )


def _add_one(job: JobRun, channel_id: str, planned: tuple[str, datetime], signal: str) -> int:
    recording_id, moment = planned
    with job.work():
        if rows.has_measurement(channel_id, moment):
            return 0
        taken = measurements.taken_of_recording(
            job.actor, recording_id, moment=moment, channel=signal
        )
        measurements.add(job.actor, channel_id, taken)
    return 1


def _chosen(recordings: Sequence[StoredRecording], wish: FeedWish) -> list[StoredRecording]:
    return [
        one
        for one in recordings
        if wish.session in {"", one.session} and wish.bearing in {"", one.bearing}
    ]


def _as_params(wish: FeedWish) -> dict[str, Any]:
    return {
        "dataset_id": wish.dataset_id,
        "start": wish.start.isoformat(),
        "every_s": wish.every.total_seconds(),
        "session": wish.session,
        "bearing": wish.bearing,
        "signal": wish.signal,
    }


def _as_wish(params: Mapping[str, Any]) -> FeedWish:
    return FeedWish(
        str(params["dataset_id"]),
        datetime.fromisoformat(str(params["start"])),
        timedelta(seconds=float(params["every_s"])),
        str(params["session"]),
        str(params["bearing"]),
        str(params["signal"]),
    )
