"""A small data set whose features tell its classes apart, for tests of features."""

from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np

from sonde.bearings.core.datasets import Dataset, NewRecording
from sonde.bearings.core.statistics import statistics_of
from sonde.bearings.persistence.signal_files import samples_hash, writing
from sonde.bearings.services import datasets

RATE_HZ = 4096.0
N_SAMPLES = 2048
LABELS = ("healthy", "misalignment", "cavitation")


def signal_of(label: str, seed: int, n_samples: int = N_SAMPLES) -> np.ndarray:
    """Return noise, with two harmonics or with bursts."""
    rng = np.random.default_rng(seed)
    time_s = np.arange(n_samples) / RATE_HZ
    samples = rng.uniform(0.1, 0.3) * rng.standard_normal(n_samples)
    if label == "misalignment":
        turn = 2 * np.pi * (60 * time_s + rng.uniform())
        samples += rng.uniform(0.2, 0.6) * np.sin(turn + rng.uniform(0, 6))
        samples += rng.uniform(0.5, 0.9) * np.sin(2 * turn)
    if label == "cavitation":
        for at in rng.integers(0, n_samples - 100, 4):
            samples[at : at + 40] += 1.5 * rng.standard_normal(40)
    return samples.astype(np.float32)


def make_dataset(
    actor,
    name: str,
    n_bearings: int = 3,
    *,
    designation: str = "6205-2RS",
    unit: str = "g",
    n_samples: int = N_SAMPLES,
) -> Dataset:
    """Store a data set: for each class some bearings with two recordings each."""
    new = []
    with TemporaryDirectory() as folder:
        path = Path(folder) / "signals.h5"
        with writing(path) as writer:
            for kind, label in enumerate(LABELS):
                for number in range(2 * n_bearings):
                    samples = signal_of(label, 100 * kind + number, n_samples)
                    new.append(_recording(writer, samples, label, number, unit))
        key = datasets.store_signals(path)
    plan = datasets.DatasetPlan(name, "import", designation, tuple(new))
    return datasets.create_sealed(actor, plan, file_key=key)


def _recording(writer, samples, label, number, unit) -> NewRecording:
    return NewRecording(
        file=f"{label} {number}.npy",
        signal_path=writer.add(samples[None], channels=("DE",), sampling_rate_hz=RATE_HZ),
        channels=("DE",),
        n_samples=len(samples),
        sampling_rate_hz=RATE_HZ,
        speed_rpm=3600.0,
        label=label,
        bearing=f"{label} {number // 2}",
        lineage=f"{label} {number}",
        content_hash=samples_hash(samples),
        unit=unit,
        statistics=statistics_of(samples, RATE_HZ),
    )
