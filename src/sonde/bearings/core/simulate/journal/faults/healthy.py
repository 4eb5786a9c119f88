"""Nothing is wrong: the floor and the noise, no tone of the machine."""

from sonde.bearings.core.simulate.journal.motion import Motion


def healthy(_motion: Motion) -> None:
    """Add nothing."""
