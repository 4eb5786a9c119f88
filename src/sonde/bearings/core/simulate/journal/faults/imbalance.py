"""Imbalance: one tone at 1X, growing with the square of the speed and with the load."""

import numpy as np

from sonde.bearings.core.simulate.journal.motion import Motion

FIRST = 0.50


def imbalance(motion: Motion) -> None:
    """Add 1X."""
    scene = motion.scene
    motion.order_tone(1.0, FIRST * scene.conditions.load_factor * np.square(scene.speed_ratio))
