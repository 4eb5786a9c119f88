"""The oil film of a short journal bearing at rest: where the journal sits and how stiff it is.

Ocvirk's short bearing: the pressure is parabolic along the bearing, and where it would fall below
that of the surroundings the film is broken (Gümbel's half film). Forces are in units of
``viscosity * radius * length^3 / clearance^2 * speed``, which is ``film_damping * clearance *
omega`` here; eccentricity is relative to the clearance.
"""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sonde.bearings.core.simulate.rotor.config import RotorConfig

_LARGEST = 1 - 1e-9


@dataclass(frozen=True)
class Coefficients:
    """What the film does to a small displacement and a small velocity of the journal.

    Parameters
    ----------
    stiffness : ndarray, shape (force, displacement)
        In ``film_damping * omega``.
    damping : ndarray, shape (force, velocity)
        In ``film_damping``.

    Notes
    -----
    Both in the directions x (horizontal) and y (up), as restoring forces; the load points down.
    """

    stiffness: NDArray[np.float64]
    damping: NDArray[np.float64]


def static_force(eccentricity: float) -> tuple[float, float]:
    """Return the radial (towards the centre) and tangential (with rotation) force of the film.

    ``e^2 / (1 - e^2)^2`` and ``pi e / 4 (1 - e^2)^1.5``: F. W. Ocvirk, "Short-bearing
    approximation for full journal bearings", NACA TN 2808 (1952).

    Parameters
    ----------
    eccentricity : float
        0 to below 1.

    Examples
    --------
    >>> [round(force, 4) for force in static_force(0.5)]
    [0.4444, 0.6046]
    """
    clear = 1 - eccentricity**2
    return eccentricity**2 / clear**2, math.pi * eccentricity / (4 * clear**1.5)


def attitude_angle_deg(eccentricity: float) -> float:
    """Return the angle between the load and the line of centres, in degrees.

    Examples
    --------
    >>> attitude_angle_deg(0.0), round(attitude_angle_deg(0.5), 2)
    (90.0, 53.68)
    """
    radial, tangential = math.pi * math.sqrt(1 - eccentricity**2), 4 * eccentricity
    return math.degrees(math.atan2(radial, tangential))


def sommerfeld_number(eccentricity: float, length_to_diameter: float) -> float:
    """Return ``viscosity * turns/s * length * diameter / load * (radius / clearance)^2``.

    Parameters
    ----------
    eccentricity : float
        Above 0, below 1.
    length_to_diameter : float

    Examples
    --------
    >>> round(sommerfeld_number(0.5, 0.5), 4)
    0.4242
    """
    load = math.hypot(*static_force(eccentricity))
    return 1 / (2 * math.pi * load * length_to_diameter**2) / 2


def eccentricity_of(load_number: float) -> float:
    """Return the eccentricity at which the film carries a load.

    Parameters
    ----------
    load_number : float
        Load of one bearing over ``film_damping * clearance * omega``, not negative.

    Examples
    --------
    >>> round(eccentricity_of(0.750353), 4)
    0.5
    """
    from scipy.optimize import brentq

    if math.hypot(*static_force(_LARGEST)) <= load_number:
        return _LARGEST

    def missing(eccentricity: float) -> float:
        return math.hypot(*static_force(eccentricity)) - load_number

    return float(brentq(missing, 0.0, _LARGEST, xtol=1e-14, rtol=1e-13))


def load_number(config: RotorConfig, omega_rad_s: float | None = None) -> float:
    """Return the load of one bearing in units of ``film_damping * clearance * omega``."""
    omega = config.omega_rad_s if omega_rad_s is None else omega_rad_s
    return abs(config.load_per_bearing_n) / (
        config.film_damping_n_s_m * config.rotor.clearance_m * omega
    )


def static_position(config: RotorConfig) -> tuple[float, float]:
    """Return where the journal comes to rest, x and y (up) in clearances.

    The shaft turns from x to y, so under a downward load it climbs to the right.

    Examples
    --------
    >>> x, y = static_position(RotorConfig())
    >>> x > 0 > y
    True
    """
    eccentricity = eccentricity_of(load_number(config))
    angle = math.radians(attitude_angle_deg(eccentricity))
    side = math.copysign(1.0, config.load_per_bearing_n)
    return side * eccentricity * math.sin(angle), -side * eccentricity * math.cos(angle)


def coefficients(eccentricity: float) -> Coefficients:
    """Return the eight linear coefficients of the film around the place of rest.

    The derivatives of the film force in closed form; the same as those tabulated by Lund and
    Thomsen (1978) for the short bearing and printed by Friswell, Penny, Garvey and Lees,
    "Dynamics of Rotating Machines" (2010), section 5.5.1.

    Parameters
    ----------
    eccentricity : float
        0 to below 1.

    Examples
    --------
    >>> film = coefficients(0.0)
    >>> film.stiffness.round(4).tolist()
    [[0.0, 0.7854], [-0.7854, 0.0]]
    >>> film.damping.round(4).tolist()
    [[1.5708, 0.0], [0.0, 1.5708]]
    """
    polar = _polar(eccentricity)
    angle = math.radians(attitude_angle_deg(eccentricity))
    outward = (math.sin(angle), -math.cos(angle))
    onward = (math.cos(angle), math.sin(angle))
    turn = np.array([outward, onward])
    return Coefficients(turn.T @ polar.stiffness @ turn, turn.T @ polar.damping @ turn)


def _polar(eccentricity: float) -> Coefficients:
    """Return the coefficients in the directions outward and with rotation."""
    clear = 1 - eccentricity**2
    stiffness = [
        [2 * eccentricity * (1 + eccentricity**2) / clear**3, math.pi / (4 * clear**1.5)],
        [-math.pi * (1 + 2 * eccentricity**2) / (4 * clear**2.5), eccentricity / clear**2],
    ]
    cross = -2 * eccentricity / clear**2
    damping = [
        [math.pi * (1 + 2 * eccentricity**2) / (2 * clear**2.5), cross],
        [cross, math.pi / (2 * clear**1.5)],
    ]
    return Coefficients(np.array(stiffness), np.array(damping))
