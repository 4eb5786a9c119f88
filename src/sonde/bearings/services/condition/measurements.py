"""Measurements of machines: from a signal to figures, and from figures to alarms."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from sonde.bearings.core.condition.figures import figures_of
from sonde.bearings.core.condition.machines import Measurement, Node, NodeKind
from sonde.bearings.core.condition.zones import said_above
from sonde.bearings.core.features.measuring import Circumstances
from sonde.bearings.core.readers.reading import start_reading
from sonde.bearings.core.recordings import UNKNOWN_UNIT
from sonde.bearings.persistence import machines as rows
from sonde.bearings.persistence.signal_files import samples_hash
from sonde.bearings.services import datasets, machines
from sonde.bearings.services.condition import alarms
from sonde.platform.core.actor import Actor
from sonde.platform.core.errors import Conflict, Invalid
from sonde.platform.services.work import ports

_SOON = timedelta(days=1)


@dataclass(frozen=True)
class Taken:
    """One signal as it was measured.

    Parameters
    ----------
    samples : ndarray of float32, shape (time,)
    sampling_rate_hz : float
    speed_rpm : float
        0 where unknown: the machine's nominal speed is taken then.
    unit : str
        ``"unknown"`` where the file does not say: the channel's unit is taken then.
    taken_at : datetime
        With a time zone.
    file, recording_id : str
    """

    samples: NDArray[np.float32]
    sampling_rate_hz: float
    taken_at: datetime
    speed_rpm: float = 0.0
    unit: str = UNKNOWN_UNIT
    file: str = ""
    recording_id: str = ""


@dataclass(frozen=True)
class Said:
    """What a person says of an uploaded recording that its file may not.

    Parameters
    ----------
    taken_at : datetime, optional
        Now, where nobody says it.
    sampling_rate_hz, speed_rpm : float, optional
    channel : str
        Of the file; empty for its first.
    """

    taken_at: datetime | None = None
    sampling_rate_hz: float | None = None
    speed_rpm: float | None = None
    channel: str = ""


def read_upload(path: Path, name: str, said: Said, nominal_rpm: float = 0.0) -> Taken:
    """Read an untrusted file in a jailed child; raises Invalid, Unreadable, TooLarge.

    Needs no unit of work.
    """
    reading = start_reading(path, name=name)
    try:
        recording = reading.recording(
            channel=said.channel or None,
            sampling_rate_hz=said.sampling_rate_hz,
            speed_rpm=said.speed_rpm or nominal_rpm or None,
        )
    finally:
        reading.close()
    return Taken(
        samples=recording.samples[0],
        sampling_rate_hz=recording.sampling_rate_hz,
        taken_at=said.taken_at or datetime.now(UTC),
        speed_rpm=recording.speed_rpm,
        unit=recording.unit,
        file=name,
    )


def add(actor: Actor, channel_id: str, taken: Taken) -> Measurement:
    """Add a measurement to a channel and judge it by the channel's alarm bands.

    Raises NotFound, Forbidden, Invalid for what cannot be measured, Conflict for a moment that the
    channel has a measurement of. Emits ``bearings.alarm_changed`` where a state changes.
    """
    node = check_channel(actor, channel_id)
    rows.lock_node(node.id)
    taken = _completed(machines.way(actor, node.id), taken)
    figures = figures_of(taken.samples, _circumstances(actor, node, taken))
    measured = {
        "taken_at": taken.taken_at,
        "file": taken.file[:200],
        "recording_id": taken.recording_id,
        "unit": taken.unit,
        "content_hash": samples_hash(taken.samples),
        "sampling_rate_hz": taken.sampling_rate_hz,
        "speed_rpm": taken.speed_rpm,
        "n_samples": len(taken.samples),
    }
    measurement_id = rows.add_measurement(node, measured, figures)
    if measurement_id is None:
        raise Conflict(
            f"{node.name} has a measurement of {taken.taken_at:%Y-%m-%d %H:%M:%S} already.",
            field="taken_at",
        )
    alarms.judge(actor, node, taken.taken_at)
    plain = {key: value for key, value in measured.items() if key != "content_hash"}
    return Measurement(id=measurement_id, node_id=node.id, figures=figures, **plain)  # type: ignore[arg-type]


def check_channel(actor: Actor, channel_id: str) -> Node:
    """Return a channel that the actor may measure; raises NotFound, Forbidden, Invalid."""
    node = machines.changeable(actor, channel_id)
    if node.kind is not NodeKind.CHANNEL:
        raise Invalid(f"A {node.kind.value} is not measured; choose a channel.", field="channel")
    return node


def nominal_rpm(actor: Actor, channel_id: str) -> float:
    """Return the nominal speed of the machine that a channel belongs to, 0 where unknown."""
    way = machines.way(actor, channel_id)
    return float(said_above(way, "speed_rpm", 0.0))


def taken_of_recording(
    actor: Actor, recording_id: str, *, moment: datetime, channel: str = ""
) -> Taken:
    """Return a stored recording as a measurement; raises NotFound and Invalid."""
    recording = datasets.get_recording(actor, recording_id)
    samples = datasets.read_samples(actor, recording_id, channel=channel)
    return Taken(
        samples=samples,
        sampling_rate_hz=recording.sampling_rate_hz,
        taken_at=recording.taken_at or moment,
        speed_rpm=recording.speed_rpm,
        unit=recording.unit,
        file=recording.title,
        recording_id=recording.id,
    )


def _completed(way: Sequence[Node], taken: Taken) -> Taken:
    """Fill in what the file did not say from what is known of channel and machine."""
    if taken.taken_at.tzinfo is None:
        raise Invalid("The moment of a measurement needs a time zone.", field="taken_at")
    if taken.taken_at > ports().clock() + _SOON:
        raise Invalid("A measurement cannot come from the future.", field="taken_at")
    unit = said_above(way, "unit", UNKNOWN_UNIT) if taken.unit == UNKNOWN_UNIT else taken.unit
    speed = taken.speed_rpm or said_above(way, "speed_rpm", 0.0)
    return replace(taken, unit=unit, speed_rpm=speed)


def _circumstances(actor: Actor, node: Node, taken: Taken) -> Circumstances:
    way = machines.way(actor, node.id)
    geometry = datasets.geometry_of(said_above(way, "bearing", ""))
    return Circumstances(taken.sampling_rate_hz, taken.speed_rpm, geometry, taken.unit)
