"""A simulated signal, whichever simulator made it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, kw_only=True)
class SimulatedSignal:
    """One signal of a generation.

    Parameters
    ----------
    samples : ndarray of float32, shape (channel, time)
    channels : tuple of str
    sampling_rate_hz : float
    unit : str
    label : str
        Key of its class.
    severity : str
        ``"nominal"`` where it is healthy.
    speed_rpm : float
    load : float
        0 to 1.
    bearing : str
        The physical bearing: what a split keeps together. An augmented copy has its parent's.
    conditions : mapping
        Every value that was drawn, JSON-ready.
    notes : tuple of str
        Sentences for people.
    parent : int, optional
        Number of the signal that this one is an augmented copy of.
    tacho_channel : str
        Name of the channel with the tacho pulses; empty where there is none.
    """

    samples: NDArray[np.float32]
    channels: tuple[str, ...]
    sampling_rate_hz: float
    unit: str
    label: str
    severity: str
    speed_rpm: float
    load: float
    bearing: str
    conditions: Mapping[str, Any] = field(default_factory=lambda: MappingProxyType({}))
    notes: tuple[str, ...] = ()
    parent: int | None = None
    tacho_channel: str = ""
