"""Small data sets for tests: simulated quickly, stored for real."""

from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np

from sonde.bearings.core.datasets import Dataset, NewRecording
from sonde.bearings.core.statistics import statistics_of
from sonde.bearings.persistence.signal_files import samples_hash, writing
from sonde.bearings.services import datasets
from sonde.bearings.services.datasets import DatasetPlan

LABELS = ("healthy", "inner", "outer")
SEVERITIES = ("nominal", "mild", "severe")


def new_recordings(path: Path, n: int, n_samples: int = 512, seed: int = 7) -> list[NewRecording]:
    """Write `n` signals of two channels; the class of each follows its number."""
    rng = np.random.default_rng(seed)
    made = []
    with writing(path) as writer:
        for number in range(n):
            scale = 1.0 + number % 5
            samples = (scale * rng.standard_normal((2, n_samples))).astype(np.float32)
            kind = number % len(LABELS)
            made.append(
                NewRecording(
                    file=f"run {number:03d}.mat",
                    signal_path=writer.add(
                        samples, channels=("DE", "FE"), sampling_rate_hz=12000.0
                    ),
                    channels=("DE", "FE"),
                    n_samples=n_samples,
                    sampling_rate_hz=12000.0,
                    speed_rpm=1500.0 + 10 * (number % 4),
                    label=LABELS[kind],
                    bearing=f"B{kind}{number % 2}",
                    lineage=f"run {number:03d}",
                    content_hash=samples_hash(samples),
                    unit="g",
                    fault_size="" if kind == 0 else "7 mil",
                    load=f"{number % 3} hp",
                    severity=SEVERITIES[kind],
                    session=f"day {number % 2}",
                    conditions={"temperature_c": 40.0 + number},
                    quality=("clipped at 9.81",) if number % 7 == 0 else (),
                    statistics=statistics_of(samples[0], 12000.0),
                )
            )
    return made


def plan_of(name: str, recordings: list[NewRecording], **more: object) -> DatasetPlan:
    """Return what the data set will be."""
    return replace(DatasetPlan(name, "import", "6205-2RS", tuple(recordings)), **more)


def store(actor, name: str, n: int = 9, *, seed: int = 7, n_samples: int = 512, **more) -> Dataset:
    """Store a data set of `n` recordings inside the open unit of work."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / "signals.h5"
        made = new_recordings(path, n, n_samples, seed)
        key = datasets.store_signals(path)
    return datasets.create_sealed(actor, plan_of(name, made, **more), file_key=key)
