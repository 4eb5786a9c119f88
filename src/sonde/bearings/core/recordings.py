"""Recordings: what a file holds, what was understood of it, and what science works on."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

UNKNOWN_UNIT = "unknown"


@dataclass(frozen=True)
class Channel:
    """One signal of a file, as it was found.

    Parameters
    ----------
    name : str
        Short name, such as ``"DE"``; the variable's own name where nothing shorter is known.
    samples : ndarray of float32, shape (time,)
    sampling_rate_hz : float, optional
        None where the file does not say.
    unit : str
        ``"unknown"`` where the file does not say.
    variable : str
        Name inside the file, such as ``"X105_DE_time"``.
    """

    name: str
    samples: NDArray[np.float32]
    sampling_rate_hz: float | None = None
    unit: str = UNKNOWN_UNIT
    variable: str = ""


@dataclass(frozen=True)
class Record:
    """Channels that were measured together; a file may hold more than one record.

    Parameters
    ----------
    name : str
        ``""`` where the file holds one record, else what tells them apart, such as ``"X098"``.
    channels : tuple of Channel
    speed_rpm : float, optional
    load : str
        Such as ``"270 lbs"``; empty where the file does not say.
    taken_at : str
        When it was measured, ISO 8601 in UTC; empty where the file does not say.
    clock_s : float, optional
        Time of day in seconds, where the file knows the time but no date.
    declared : mapping
        What a file of this product says of it: label, severity, bearing, conditions and the like.
    """

    name: str
    channels: tuple[Channel, ...]
    speed_rpm: float | None = None
    load: str = ""
    taken_at: str = ""
    clock_s: float | None = None
    declared: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class FileContent:
    """Everything that a file says.

    Parameters
    ----------
    format : str
        ``"mat5"``, ``"npy"``, ``"csv"``, ...
    records : tuple of Record
        At least one, each with at least one channel.
    notes : tuple of str
        What a person should know about how the file was read.
    """

    format: str
    records: tuple[Record, ...]
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Recording:
    """A recording that is ready for physics: rate and speed are known.

    Parameters
    ----------
    name : str
        The file's name as the person knows it.
    samples : ndarray of float32, shape (channel, time)
    sampling_rate_hz : float
    speed_rpm : float
    channels : tuple of str
        Names of the rows of `samples`.
    unit : str
        ``"unknown"`` where nobody declared it.
    assumptions : tuple of str
        Sentences that say what was chosen and where each figure came from.
    """

    name: str
    samples: NDArray[np.float32]
    sampling_rate_hz: float
    speed_rpm: float
    channels: tuple[str, ...]
    unit: str = UNKNOWN_UNIT
    assumptions: tuple[str, ...] = field(default=())

    @property
    def duration_s(self) -> float:
        """Length in seconds."""
        return self.samples.shape[1] / self.sampling_rate_hz
