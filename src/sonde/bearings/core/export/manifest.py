"""What an exported file says about a data set and its recordings, whatever the format."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from sonde.bearings.core.datasets import Dataset, NewRecording

VERSION: Final = 1
TEXTS: Final = (
    "file",
    "record",
    "unit",
    "label",
    "severity",
    "bearing",
    "lineage",
    "session",
    "fault_size",
    "fault_position",
    "load",
    "tacho_channel",
)


@dataclass(frozen=True)
class Exported:
    """One recording on its way into an exported file.

    Parameters
    ----------
    name : str
        Its name there, such as ``"r000001"``.
    recording : NewRecording
    samples : ndarray of float32, shape (channel, time)
    """

    name: str
    recording: NewRecording
    samples: NDArray[np.float32]


Signals = Iterator[Exported]


def name_of(position: int) -> str:
    """Return the name of a recording inside an exported file.

    Examples
    --------
    >>> name_of(0)
    'r000001'
    """
    return f"r{position + 1:06d}"


def facts_of(recording: NewRecording) -> dict[str, Any]:
    """Return everything that is known of a recording beside its samples, JSON-ready."""
    taken_at = recording.taken_at
    return {
        **{name: getattr(recording, name) for name in TEXTS},
        "sampling_rate_hz": recording.sampling_rate_hz,
        "speed_rpm": recording.speed_rpm,
        "channels": list(recording.channels),
        "n_samples": recording.n_samples,
        "taken_at": taken_at.astimezone(UTC).isoformat() if taken_at else "",
        "conditions": dict(recording.conditions),
        "quality": list(recording.quality),
        "notes": list(recording.notes),
        "content_hash": recording.content_hash,
    }


def dataset_facts(dataset: Dataset) -> dict[str, Any]:
    """Return what is known of the data set, JSON-ready."""
    return {
        "sonde_export": VERSION,
        "name": dataset.name,
        "version": dataset.version,
        "description": dataset.description,
        "tags": list(dataset.tags),
        "designation": dataset.designation,
        "content_hash": dataset.content_hash,
        "made_from": dict(dataset.made_from),
    }


@dataclass(frozen=True)
class Manifest:
    """What a file says of its content.

    Parameters
    ----------
    dataset : mapping
        From `dataset_facts`.
    recordings : mapping of str to mapping
        Facts of each recording by its name in the file.
    """

    dataset: Mapping[str, Any]
    recordings: Mapping[str, Mapping[str, Any]]

    @property
    def text(self) -> str:
        """The manifest as JSON."""
        return json.dumps({**self.dataset, "recordings": dict(self.recordings)})

    @property
    def codes(self) -> NDArray[np.uint8]:
        """The manifest as an array of the text's bytes, which every format can hold."""
        return np.frombuffer(self.text.encode(), dtype=np.uint8)


def manifest_of(dataset: Dataset, recordings: Sequence[NewRecording]) -> Manifest:
    """Return the manifest of recordings in their order."""
    named = {name_of(position): facts_of(one) for position, one in enumerate(recordings)}
    return Manifest(dataset_facts(dataset), named)
