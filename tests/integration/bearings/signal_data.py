"""Recordings to look at: a rolling bearing's outer race fault, and a shaft seen by two probes."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from sonde.bearings.core.catalogue import find_bearing
from sonde.bearings.core.datasets import NewRecording
from sonde.bearings.core.simulate.impacts import Fault
from sonde.bearings.core.simulate.rolling import (
    PlannedRecording,
    SimulationConfig,
    simulate_recording,
)
from sonde.bearings.core.statistics import statistics_of
from sonde.bearings.persistence.signal_files import samples_hash, writing
from sonde.bearings.services import datasets
from sonde.platform.core.actor import Actor
from sonde.platform.core.ports import Ports
from sonde.platform.services.work import unit_of_work

RATE_HZ = 12_000.0
SHAFT_HZ = 30.0
N_SAMPLES = 24_000
PROBE_RATE_HZ = 4096.0


def rolling(seed: int = 5) -> list[tuple[str, NDArray[np.float32]]]:
    """Return label and samples of a faulty and a healthy bearing, shape (channel, time)."""
    plans = tuple(
        PlannedRecording(fault.value, fault, 1.0, SHAFT_HZ * 60, 0.8)
        for fault in (Fault.OUTER, Fault.HEALTHY)
    )
    config = SimulationConfig(
        seed, "6205", find_bearing("6205").geometry, RATE_HZ, N_SAMPLES / RATE_HZ, plans, noise=0.1
    )
    made = [simulate_recording(config, index).samples for index in range(2)]
    return [("outer", np.stack([made[0], made[0] / 2])), ("healthy", made[1][np.newaxis])]


def shaft(seconds: float = 2.0) -> NDArray[np.float32]:
    """Return two probes and a tacho of a shaft whose speed rises from 28 to 32 Hz."""
    time_s = np.arange(int(seconds * PROBE_RATE_HZ)) / PROBE_RATE_HZ
    turns = 28 * time_s + 2 / seconds * time_s**2
    angle = 2 * np.pi * turns
    noise = np.random.default_rng(3).normal(size=(2, len(time_s)))
    x = 40 * np.cos(angle) + 8 * np.cos(2 * angle) + noise[0]
    y = 25 * np.sin(angle) + 8 * np.sin(2 * angle) + noise[1]
    return np.stack([x, y, 5.0 * (turns % 1 < 0.1)]).astype(np.float32)


def new_recording(
    name: str, place: str, samples: NDArray[np.float32], channels: tuple[str, ...], **facts: object
) -> NewRecording:
    """Return a recording as it goes into a data set."""
    known = {"sampling_rate_hz": RATE_HZ, "speed_rpm": SHAFT_HZ * 60, "unit": "g"} | facts
    return NewRecording(
        file=name,
        signal_path=place,
        channels=channels,
        n_samples=samples.shape[1],
        bearing=str(known.pop("bearing", name)),
        lineage=name,
        content_hash=samples_hash(samples),
        statistics=statistics_of(samples[0], float(str(known["sampling_rate_hz"]))),
        **known,
    )


def store(ports: Ports, actor: Actor, folder: Path, name: str = "Shaker") -> Sequence[str]:
    """Store four recordings; return their ids: outer, healthy, a shaft by two probes, no unit."""
    path = folder / "signals.h5"
    new = []
    with writing(path) as writer:
        for label, samples in rolling():
            channels = ("DE", "FE")[: len(samples)]
            place = writer.add(samples, channels=channels)
            new.append(new_recording(f"{label}_7.npy", place, samples, channels, label=label))
        probes = shaft()
        channels = ("X", "Y", "tacho")
        place = writer.add(probes, channels=channels)
        facts = {"sampling_rate_hz": PROBE_RATE_HZ, "unit": "um", "tacho_channel": "tacho"}
        new.append(new_recording("shaft.h5", place, probes, channels, label="imbalance", **facts))
        bare = rolling(6)[1][1]
        place = writer.add(bare, channels=("1",))
        new.append(new_recording("bare.csv", place, bare, ("1",), label="healthy", unit="unknown"))
    with unit_of_work(ports):
        key = datasets.store_signals(path)
        plan = datasets.DatasetPlan(name, "import", "6205-2RS", tuple(new))
        stored = datasets.create_sealed(actor, plan, file_key=key)
        return [each.id for each in datasets.recordings(actor, stored.id)]
