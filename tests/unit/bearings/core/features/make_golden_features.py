"""Writes golden_features.json: the values of every feature, by the feature's version.

Run it only after the version of what changed was raised in registry.csv:
``python -m tests.unit.bearings.core.features.make_golden_features``.
"""

import json
from pathlib import Path

import numpy as np

from sonde.bearings.core.catalogue import find_bearing
from sonde.bearings.core.features.measuring import Circumstances, measure
from sonde.bearings.core.features.registry import REGISTRY

PATH = Path(__file__).with_name("golden_features.json")
ABOUT = Circumstances(12_000.0, 1800.0, find_bearing("6205").geometry, "g")


def signals() -> list[np.ndarray]:
    """Return noise, harmonics and strikes: exact on every machine."""
    rng = np.random.default_rng(20)
    time_s = np.arange(8192) / 12_000
    noise = rng.standard_normal(8192)
    harmonics = sum(np.sin(2 * np.pi * 30 * k * time_s) / k for k in (1, 2, 3)) + 0.05 * noise
    strikes = 0.1 * noise
    strikes[:: round(12_000 / 107.5)] += 4.0
    return [noise, harmonics, strikes]


def values() -> dict[str, list[float]]:
    """Return the values of every feature for these signals."""
    names = [one.name for one in REGISTRY]
    columns = np.stack([measure(samples, ABOUT, names) for samples in signals()], axis=1)
    return {name: column.tolist() for name, column in zip(names, columns, strict=True)}


if __name__ == "__main__":
    kept = json.loads(PATH.read_text()) if PATH.exists() else {}
    made = values()
    for one in REGISTRY:
        kept.setdefault(one.stamp, [float(f"{value:.9g}") for value in made[one.name]])
    PATH.write_text(json.dumps(kept, indent=1) + "\n")
