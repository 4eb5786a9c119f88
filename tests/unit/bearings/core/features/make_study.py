"""Recordings and values whose truth is known, for tests of studies."""

import numpy as np

from sonde.bearings.core.datasets import StoredRecording
from sonde.bearings.core.features.table import FeatureTable

NAMES = ("noise", "tells", "copy", "tells too", "fingerprint", "wide noise")


def make_recordings(n, classes=("healthy", "inner", "outer")):
    """Return recordings of bearings with two recordings each, classes in turn."""
    return [
        StoredRecording(
            id=f"{number:026d}",
            dataset_id="0" * 26,
            file=f"{number}.npy",
            signal_path=f"/signals/{number:06d}",
            channels=("DE",),
            n_samples=4096,
            sampling_rate_hz=12_000.0,
            speed_rpm=1800.0,
            label=classes[number // 2 % len(classes)],
            bearing=f"bearing {number // 2}",
            lineage=f"run {number}",
            content_hash=f"{number:064d}",
        )
        for number in range(n)
    ]


def make_table(n):
    """Return values: two features that tell the classes, a copy, a fingerprint, noise."""
    rng = np.random.default_rng(11)
    kinds = np.arange(n) // 2 % 3
    tells = kinds + 0.3 * rng.standard_normal(n)
    values = np.stack(
        [
            rng.standard_normal(n),
            tells,
            2 * tells + 0.01 * rng.standard_normal(n),
            (kinds == 2) + 0.3 * rng.standard_normal(n),
            rng.permutation(n)[np.arange(n) // 2 * 2] + 1e-3 * rng.standard_normal(n),
            100 * rng.uniform(-1, 1, n),
        ],
        axis=1,
    )
    return FeatureTable(NAMES, tuple(one.id for one in make_recordings(n)), values)
