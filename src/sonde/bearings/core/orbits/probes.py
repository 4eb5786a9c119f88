"""Two displacement probes, and the motion of the shaft that they measure together."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sonde.platform.core.errors import Invalid

SHORTEST = 32
_SMALLEST_ANGLE_DEG = 10.0


@dataclass(frozen=True)
class Probes:
    """Where two probes stand, and how the shaft turns.

    Parameters
    ----------
    x_deg, y_deg : float
        Angle of each probe's axis, counter-clockwise from horizontal right: 0 and 90, or for a
        usual machine 45 and 135.
    clockwise : bool
        Whether the shaft turns clockwise, seen from the same side.

    Raises
    ------
    Invalid
        If both look (nearly) along one line.
    """

    x_deg: float = 0.0
    y_deg: float = 90.0
    clockwise: bool = False

    def __post_init__(self) -> None:
        between = np.deg2rad(self.y_deg - self.x_deg)
        if abs(np.sin(between)) < np.sin(np.deg2rad(_SMALLEST_ANGLE_DEG)):
            raise Invalid(
                f"Probes at {self.x_deg:g}° and {self.y_deg:g}° look along one line; an orbit "
                "needs two directions.",
                field="y_deg",
            )


def shaft_motion(
    x: NDArray[np.floating], y: NDArray[np.floating], probes: Probes | None = None
) -> NDArray[np.complex128]:
    """Return the motion of the shaft: real part to the right, imaginary part up.

    Parameters
    ----------
    x, y : ndarray of float, shape (time,)
        What both probes measured at the same moments, in one unit.
    probes : Probes, optional

    Raises
    ------
    Invalid
        If the channels differ in length, are shorter than 32 samples, or hold no numbers.

    Examples
    --------
    A shaft that moves straight up, seen by probes at 45 and 135 degrees:

    >>> up = np.linspace(0, 1, 32)
    >>> motion = shaft_motion(up / np.sqrt(2), up / np.sqrt(2), Probes(45, 135))
    >>> bool(np.allclose(motion, 1j * up))
    True
    """
    probes = probes or Probes()
    if x.ndim != 1 or x.shape != y.shape or len(x) < SHORTEST:
        raise Invalid(
            f"An orbit needs two channels of one length, at least {SHORTEST} samples; got "
            f"{x.shape} and {y.shape}.",
            field="samples",
        )
    if not np.isfinite(np.sum(x, dtype=np.float64) + np.sum(y, dtype=np.float64)):
        raise Invalid("The channels hold samples that are no numbers.", field="samples")
    first, second = np.deg2rad(probes.x_deg), np.deg2rad(probes.y_deg)
    axes = np.array([[np.cos(first), np.sin(first)], [np.cos(second), np.sin(second)]])
    right, up = np.linalg.solve(axes, np.stack((x, y)).astype(np.float64))
    motion: NDArray[np.complex128] = right + 1j * up
    return motion


def with_the_shaft(motion: NDArray[np.complex128], probes: Probes) -> NDArray[np.complex128]:
    """Return the motion, mirrored where needed so that the shaft turns counter-clockwise."""
    return motion.conj() if probes.clockwise else motion
