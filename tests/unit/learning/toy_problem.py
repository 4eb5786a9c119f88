"""Small problems with a known answer: four kinds of tone in noise, several groups of each."""

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from sonde.learning.core.fingerprints import window_fingerprints
from sonde.learning.core.problem import Fold, Problem

RATE_HZ = 256.0
LENGTH = 256
TONES_HZ = (8.0, 20.0, 40.0, 80.0)


def toy_windows(
    labels: NDArray[np.intp], noise: float, random: np.random.Generator
) -> NDArray[np.float32]:
    """Return one noisy tone for each label, shape (sample, 1, time)."""
    time_s = np.arange(LENGTH) / RATE_HZ
    phases = random.uniform(0, 2 * np.pi, (len(labels), 1))
    tones_hz = np.array(TONES_HZ)[labels][:, None]
    tones = np.sin(2 * np.pi * tones_hz * time_s + phases)
    tones += noise * random.normal(size=tones.shape)
    return tones[:, None, :].astype(np.float32)


def toy_features(windows: NDArray[np.float32]) -> NDArray[np.float64]:
    """Return log energies in eight bands, shape (sample, 8)."""
    power = np.abs(np.fft.rfft(windows[:, 0, :], axis=1)) ** 2
    return np.log(power[:, 1:129].reshape(len(windows), 8, 16).mean(axis=2)).astype(np.float64)


def toy_problem(
    n_classes: int = 4,
    groups_per_class: int = 3,
    recordings_per_group: int = 2,
    windows_per_recording: int = 4,
    *,
    noise: float = 0.3,
    lonely_class: bool = False,
    seed: int = 0,
    protocols: Mapping[str, tuple[Fold, ...]] | None = None,
) -> Problem:
    """Return a problem; with `lonely_class`, class 0 has a single group."""
    rows = [
        (label, f"g{label}-{group}", f"r{label}-{group}-{recording}", window, str(group))
        for label in range(n_classes)
        for group in range(1 if lonely_class and label == 0 else groups_per_class)
        for recording in range(recordings_per_group)
        for window in range(windows_per_recording)
    ]
    labels = np.array([row[0] for row in rows], dtype=np.intp)
    windows = toy_windows(labels, noise, np.random.default_rng(seed))
    starts = np.array([row[3] for row in rows], dtype=np.int64) * LENGTH
    return Problem(
        title="Toy tones",
        class_names=("healthy", "inner", "outer", "ball")[:n_classes],
        labels=labels,
        recordings=np.array([row[2] for row in rows]),
        groups=np.array([row[1] for row in rows]),
        spans=np.stack([starts, starts + LENGTH], axis=1),
        fingerprints=window_fingerprints(windows),
        attributes={
            "size": np.array(["none" if row[0] == 0 else row[4] for row in rows]),
            "load": np.array([row[2][-1] for row in rows]),
        },
        read_windows=lambda indices: windows[indices],
        read_features=lambda indices: toy_features(windows[indices]),
        feature_names=tuple(f"band {number}" for number in range(8)),
        feature_recipe="toy-bands 1",
        sampling_rate_hz=RATE_HZ,
        group_noun="bearing",
        data_hash="toy",
        protocols=protocols or {},
        features_of_windows=lambda windows, _indices: toy_features(windows),
    )
