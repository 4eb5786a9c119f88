"""Oil whirl: the oil carries the shaft round at 0.42 to 0.48X."""

import math

from sonde.bearings.core.simulate.journal.motion import Motion

WHIRL = 0.40
_MODULATION = 0.2


def oil_whirl(motion: Motion) -> None:
    """Add the whirl, modulated at half of its own frequency."""
    scene = motion.scene
    order = float(scene.rng.uniform(0.42, 0.48))
    swell = scene.tone(order / 2, float(scene.rng.random()))
    swell *= _MODULATION
    swell += 1
    motion.order_tone(order, swell * (WHIRL / math.sqrt(scene.conditions.sommerfeld)))
