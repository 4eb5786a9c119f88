"""What a data set says about a simulated signal."""

import hashlib

import numpy as np
from numpy.typing import NDArray

from sonde.bearings.core.datasets import NewRecording
from sonde.bearings.core.fault_classes import find_fault_class
from sonde.bearings.core.simulate.generation import simulate
from sonde.bearings.core.simulate.places import place_of
from sonde.bearings.core.simulate.plan import GenerationConfig
from sonde.bearings.core.simulate.signals import SimulatedSignal
from sonde.bearings.core.statistics import statistics_of


def simulate_recording(
    config: GenerationConfig, index: int
) -> tuple[NewRecording, NDArray[np.float32]]:
    """Make signal `index`, and return its description and its samples, shape (channel, time)."""
    signal = simulate(config, index)
    return describe(config, index, signal), signal.samples


def describe(config: GenerationConfig, index: int, signal: SimulatedSignal) -> NewRecording:
    """Return a signal's description; where it stands in a file is not known yet."""
    parent = signal.parent
    return NewRecording(
        file=name_of(config, index),
        signal_path="",
        channels=signal.channels,
        n_samples=signal.samples.shape[1],
        sampling_rate_hz=signal.sampling_rate_hz,
        speed_rpm=signal.speed_rpm,
        unit=signal.unit,
        label=signal.label,
        bearing=signal.bearing,
        lineage=name_of(config, index if parent is None else parent),
        content_hash=_hash(signal.samples),
        load=f"{signal.load:.0%}",
        severity=signal.severity,
        tacho_channel=signal.tacho_channel,
        conditions=_conditions(signal, index),
        notes=signal.notes,
        statistics=statistics_of(signal.samples[0], signal.sampling_rate_hz),
    )


def name_of(config: GenerationConfig, index: int) -> str:
    """Return what a signal is called.

    Examples
    --------
    >>> name_of(GenerationConfig(per_class=10), 12)
    'misalignment_0003'
    """
    place = place_of(config, index)
    name = f"{place.label}_{place.number + 1:04d}"
    return name if place.parent is None else f"{name}_copy_{index - place.parent:04d}"


def _conditions(signal: SimulatedSignal, index: int) -> dict[str, object]:
    found = find_fault_class(signal.label)
    known = {"generation_index": index, **signal.conditions}
    return known if found is None else {"class_id": found.id, **known}


def _hash(samples: NDArray[np.float32]) -> str:
    return hashlib.sha256(np.ascontiguousarray(samples, dtype="<f4").data).hexdigest()
