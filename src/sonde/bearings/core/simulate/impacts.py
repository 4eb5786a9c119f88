"""When a fault strikes, and how hard.

Times follow the shaft's angle, with a steady slip of the cage and a jitter of each interval that
adds up (rollers do not keep step), so that high harmonics smear as they do in measurements. Force
follows the load zone (Stribeck): a spot on the outer race stays in it, one on the inner race passes
through it once a turn, one on a ball once in every turn of the cage.

Source: Antoni and Randall, "A stochastic model for simulation and diagnostics of rolling element
bearings with localized faults", Journal of Vibration and Acoustics 125 (2003).
"""

from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from sonde.bearings.core.geometry import Geometry


class Fault(StrEnum):
    """What is wrong with a simulated bearing."""

    HEALTHY = "healthy"
    OUTER = "outer"
    INNER = "inner"
    BALL = "ball"


@dataclass(frozen=True)
class Slip:
    """How far real rollers are from pure rolling.

    Parameters
    ----------
    steady : float
        Relative shift of the fault order, constant over a recording.
    jitter : float
        Standard deviation of each interval, relative to the interval.
    """

    steady: float
    jitter: float


def impact_angles(
    order: float, turns: float, slip: Slip, rng: np.random.Generator
) -> NDArray[np.float64]:
    """Return the shaft angles, in turns, at which a fault of `order` strikes.

    Parameters
    ----------
    order : float
        Strikes per turn of the shaft.
    turns : float
        Turns in the recording.
    slip : Slip
    rng : numpy.random.Generator

    Returns
    -------
    ndarray of float64, shape (impact,)
        Increasing, from 0 to `turns`.

    Examples
    --------
    >>> still = Slip(steady=0.0, jitter=0.0)
    >>> angles = impact_angles(4.0, 10.0, still, np.random.default_rng(0))
    >>> len(angles), float(np.round(np.diff(angles).max(), 6))
    (40, 0.25)
    """
    interval = 1 / (order * (1 + slip.steady))
    count = int(turns / interval * 1.1) + 8
    steps = interval * (1 + slip.jitter * rng.standard_normal(count))
    angles = rng.uniform(0, interval) + np.concatenate([[0.0], np.cumsum(np.maximum(steps, 0))])
    return angles[angles < turns]


def impact_forces(
    fault: Fault, angles: NDArray[np.float64], geometry: Geometry, load: float
) -> NDArray[np.float64]:
    """Return the relative force of each impact, 0 to 1, from where the load zone is.

    Parameters
    ----------
    fault : Fault
    angles : ndarray of float64, shape (impact,)
        Shaft angles in turns.
    geometry : Geometry
    load : float
        0 to 1; a higher load widens the zone.
    """
    if fault is Fault.OUTER:
        return np.ones_like(angles)
    turning = angles if fault is Fault.INNER else angles * geometry.ftf
    forces = load_zone(2 * np.pi * turning, load)
    if fault is Fault.BALL:
        forces = 0.25 + 0.75 * forces
    return forces


def load_zone(angle_rad: NDArray[np.float64], load: float) -> NDArray[np.float64]:
    """Return the share of the load at `angle_rad` from its centre (Stribeck, point contact).

    Examples
    --------
    >>> load_zone(np.array([0.0, np.pi]), 0.5)
    array([1., 0.])
    """
    width = 0.35 + 0.25 * load
    inside = 1 - (1 - np.cos(angle_rad)) / (2 * width)
    share: NDArray[np.float64] = np.clip(inside, 0, None) ** 1.5
    return share
