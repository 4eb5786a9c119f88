"""Bearing clearance: the shaft knocks at 0.43 to 0.48X, beside 1X and 2X."""

from sonde.bearings.core.simulate.journal.motion import Motion

SUB_SYNCHRONOUS, FIRST, SECOND = 0.25, 0.18, 0.10


def clearance(motion: Motion) -> None:
    """Add the sub-synchronous tone, which grows with the temperature, 1X and 2X."""
    scene = motion.scene
    order = float(scene.rng.uniform(0.43, 0.48))
    motion.order_tone(order, SUB_SYNCHRONOUS * scene.conditions.temperature_factor)
    motion.order_tone(1.0, FIRST)
    motion.order_tone(2.0, SECOND)
