"""A signal that is looked at without being stored: kept for an hour, for nobody but its owner."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sonde.bearings.core.datasets import StoredRecording
from sonde.bearings.core.readers.reading import recording_from, start_reading
from sonde.bearings.core.recordings import FileContent, Recording
from sonde.bearings.core.statistics import Statistics, statistics_of
from sonde.bearings.services import datasets
from sonde.platform.core.actor import Actor
from sonde.platform.core.errors import NotFound, TooLarge
from sonde.platform.core.identifiers import new_id
from sonde.platform.services.work import ports

MAX_BYTES = 10_000_000
MAX_SAMPLES = 4_000_000
MAX_CHANNELS = 8
KEPT_S = 3600
_PREFIX = "upload-"
_LONGEST_NAME = 200


@dataclass(frozen=True)
class Given:
    """What a person says about a file that may not say it itself.

    Parameters
    ----------
    sampling_rate_hz, speed_rpm : float, optional
    unit : str
        Empty for what the file says.
    bearing : str
        Designation or geometry; empty where unknown.
    """

    sampling_rate_hz: float | None = None
    speed_rpm: float | None = None
    unit: str = ""
    bearing: str = ""


@dataclass(frozen=True)
class Uploaded:
    """A signal that was brought, and the bearing named with it."""

    recording: StoredRecording
    designation: str


def is_upload(recording_id: str) -> bool:
    """Say whether an id names a signal that is not stored."""
    return recording_id.startswith(_PREFIX)


def keep(actor: Actor, path: Path, name: str, given: Given) -> str:
    """Read an untrusted file in a jailed child and keep its channels for an hour; return the id.

    Raises TooLarge, Unreadable, NotFound for an unknown bearing, and Invalid with what the file
    does not say.
    """
    if path.stat().st_size > MAX_BYTES:
        raise TooLarge(
            f"At most {MAX_BYTES / 1e6:.0f} MB are looked at without storing. "
            "Import the file to look at all of it.",
            field="file",
        )
    datasets.geometry_of(given.bearing)
    name = Path(name).name[:_LONGEST_NAME] or "signal"
    content = start_reading(path, name=name).content()
    chosen = recording_from(name, content, None, given.sampling_rate_hz, given.speed_rpm)
    channels = _channels(content, chosen)
    if sum(map(len, channels.values())) > MAX_SAMPLES:
        raise TooLarge(
            f"At most {MAX_SAMPLES:,} samples are looked at without storing. Import the file.",
            field="file",
        )
    upload_id = f"{_PREFIX}{new_id()}"
    facts = _facts(chosen, channels, given)
    cache = ports().cache
    for place, samples in enumerate(channels.values()):
        cache.set(_key(actor, upload_id, str(place)), samples.tobytes(), KEPT_S)
    cache.set(_key(actor, upload_id, "facts"), json.dumps(facts).encode(), KEPT_S)
    get(actor, upload_id)
    return upload_id


def get(actor: Actor, upload_id: str) -> Uploaded:
    """Return a signal that was brought within the hour; raises NotFound, also for others."""
    stored = ports().cache.get(_key(actor, upload_id, "facts"))
    if stored is None:
        raise _gone()
    facts: dict[str, Any] = json.loads(stored)
    return Uploaded(
        StoredRecording(
            id=upload_id,
            dataset_id="",
            file=facts["file"],
            signal_path="",
            channels=tuple(facts["channels"]),
            n_samples=facts["n_samples"],
            sampling_rate_hz=facts["sampling_rate_hz"],
            speed_rpm=facts["speed_rpm"],
            unit=facts["unit"],
            label="not stated",
            bearing="not stated",
            lineage=facts["file"],
            content_hash=upload_id,
            notes=tuple(facts["notes"]),
            statistics=_statistics(facts),
        ),
        facts["designation"],
    )


def samples(actor: Actor, upload_id: str, channel: str) -> NDArray[np.float32]:
    """Return all samples of one channel; raises NotFound."""
    place = get(actor, upload_id).recording.channels.index(channel)
    stored = ports().cache.get(_key(actor, upload_id, str(place)))
    if stored is None:
        raise _gone()
    return np.frombuffer(stored, dtype=np.float32).copy()


def _channels(content: FileContent, chosen: Recording) -> dict[str, NDArray[np.float32]]:
    """Return the chosen channel first, then what was measured together with it."""
    first, samples = chosen.channels[0], chosen.samples[0]
    found = {first: np.ascontiguousarray(samples, dtype=np.float32)}
    for record in content.records:
        for channel in record.channels:
            is_beside = len(channel.samples) == len(samples) and channel.name not in found
            if is_beside and len(found) < MAX_CHANNELS:
                found[channel.name] = np.ascontiguousarray(channel.samples, dtype=np.float32)
    return found


def _facts(
    chosen: Recording, channels: dict[str, NDArray[np.float32]], given: Given
) -> dict[str, Any]:
    return {
        "file": chosen.name,
        "channels": list(channels),
        "n_samples": chosen.samples.shape[1],
        "sampling_rate_hz": chosen.sampling_rate_hz,
        "speed_rpm": chosen.speed_rpm,
        "unit": given.unit or chosen.unit,
        "designation": given.bearing,
        "notes": list(chosen.assumptions),
        "statistics": vars(statistics_of(chosen.samples[0], chosen.sampling_rate_hz)),
    }


def _statistics(facts: dict[str, Any]) -> Statistics:
    return Statistics(**facts["statistics"])


def _key(actor: Actor, upload_id: str, part: str) -> str:
    return f"bearings:look:{actor.user_id}:{upload_id}:{part}"


def _gone() -> NotFound:
    return NotFound(
        "This signal is not there: what is brought to be looked at is kept for an hour, for the "
        "person who brought it."
    )
