"""Lubrication deficiency: slow stick-slip, and a few short friction impacts."""

import numpy as np

from sonde.bearings.core.simulate.journal.motion import Motion

STICK_SLIP, IMPACT = 0.30, 0.5
_IMPACT_S = 0.001
_REFERENCE_SOMMERFELD = 0.3


def lubrication(motion: Motion) -> None:
    """Add stick-slip at 2 to 5 Hz, the stronger the thinner the film, and 1 to 4 impacts."""
    scene = motion.scene
    conditions = scene.conditions
    film = _REFERENCE_SOMMERFELD / conditions.sommerfeld
    frequency_hz = float(scene.rng.uniform(2.0, 5.0))
    motion.steady(frequency_hz, STICK_SLIP * conditions.temperature_factor * film)
    length = scene.samples_in(_IMPACT_S)
    decay = np.exp(-8.0 * np.arange(length) / length).astype(np.float32)
    for _ in range(scene.occurrences(1, 3)):
        start = int(scene.rng.integers(scene.n_samples - length + 1))
        motion.burst(start, IMPACT * decay * scene.rng.standard_normal(length, dtype=np.float32))
