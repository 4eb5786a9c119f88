"""Misalignment: the coupling bends twice a turn, so that 2X stands above 1X, with 3X."""

from sonde.bearings.core.simulate.journal.motion import Motion

SECOND, THIRD = 0.35, 0.20
_AXIAL = 3.0  # misalignment is what an axial sensor hears first


def misalignment(motion: Motion) -> None:
    """Add 2X and 3X."""
    motion.order_tone(2.0, SECOND, axial=_AXIAL)
    motion.order_tone(3.0, THIRD, axial=_AXIAL)
