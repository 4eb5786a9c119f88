"""Wear: rough surfaces raise the whole floor, with weak 1X and 2X, slowly modulated."""

import math

from sonde.bearings.core.simulate.journal.conditions import NOMINAL_SOMMERFELD
from sonde.bearings.core.simulate.journal.motion import Motion
from sonde.bearings.core.simulate.waves import steady_tone

FLOOR, FIRST, SECOND = 0.25, 0.12, 0.06
_MODULATION = 0.3


def wear(motion: Motion) -> None:
    """Add the raised floor and the tones, both swelling and fading at 0.5 to 2 Hz."""
    scene = motion.scene
    conditions = scene.conditions
    per_sample = float(scene.rng.uniform(0.5, 2.0)) / scene.sampling_rate_hz
    swell = steady_tone(scene.n_samples, per_sample, float(scene.rng.random()))
    swell *= _MODULATION
    swell += 1
    film = math.sqrt(conditions.sommerfeld / NOMINAL_SOMMERFELD)
    motion.broadband(swell * (FLOOR * conditions.operating_factor * film))
    motion.order_tone(1.0, swell * FIRST)
    motion.order_tone(2.0, swell * SECOND)
