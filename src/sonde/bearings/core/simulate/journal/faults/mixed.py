"""Two faults at once: both signatures at seven tenths of their size."""

from collections.abc import Callable

from sonde.bearings.core.simulate.journal.motion import Motion

SHARE = 0.7
Signature = Callable[[Motion], None]


def both(first: Signature, second: Signature) -> Signature:
    """Return the signature of two faults at once; severity enters once, as in each alone."""

    def mixed(motion: Motion) -> None:
        smaller = motion.scaled(SHARE)
        first(smaller)
        second(smaller)

    return mixed
