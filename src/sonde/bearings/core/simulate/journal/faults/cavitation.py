"""Cavitation: vapour bubbles collapse in bursts of 8 ms at 1.5 to 2.5 kHz."""

import numpy as np

from sonde.bearings.core.simulate.journal.motion import Motion

BURST = 0.60
_BURST_S = 0.008
_DECAY_PER_S = 100.0


def cavitation(motion: Motion) -> None:
    """Add 2 to 7 bursts."""
    scene = motion.scene
    length = scene.samples_in(_BURST_S)
    time_s = np.arange(length) / scene.sampling_rate_hz
    shape = np.exp(-_DECAY_PER_S * time_s) * np.hanning(length)
    ceiling_hz = 0.45 * scene.sampling_rate_hz
    for _ in range(scene.occurrences(2, 5)):
        start = int(scene.rng.integers(scene.n_samples - length + 1))
        frequency_hz = min(float(scene.rng.uniform(1500.0, 2500.0)), ceiling_hz)
        ringing = np.sin(2 * np.pi * (frequency_hz * time_s + scene.rng.random()))
        motion.burst(start, (BURST * ringing * shape).astype(np.float32))
