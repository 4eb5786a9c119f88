"""When the oil film makes the rotor whirl: linear theory around the place of rest."""

import math
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from sonde.bearings.core.simulate.rotor.config import RotorConfig
from sonde.bearings.core.simulate.rotor.film import (
    coefficients,
    eccentricity_of,
    load_number,
)

FASTEST_RPM = 120_000.0
_STEPS = 240


def critical_balance(eccentricity: float) -> tuple[float, float]:
    """Return the film's effective stiffness and squared whirl ratio at the edge of stability.

    A journal that whirls steadily, neither growing nor dying, feels an isotropic spring; Lund,
    "The stability of an elastic rotor in journal bearings", ASME J. Applied Mechanics (1965).

    Parameters
    ----------
    eccentricity : float

    Returns
    -------
    tuple of float
        Stiffness in ``film_damping * omega``, and the square of whirl speed over shaft speed;
        where the latter is negative no speed makes a rotor whirl.

    Examples
    --------
    >>> stiffness, ratio_squared = critical_balance(1e-6)
    >>> round(ratio_squared, 4)
    0.25
    >>> critical_balance(0.8)[1] < 0
    True
    """
    film = coefficients(eccentricity)
    (kxx, kxy), (kyx, kyy) = film.stiffness
    (cxx, cxy), (cyx, cyy) = film.damping
    stiffness = (kxx * cyy + kyy * cxx - kxy * cyx - kyx * cxy) / (cxx + cyy)
    squared = (kxx - stiffness) * (kyy - stiffness) - kxy * kyx
    return float(stiffness), float(squared / (cxx * cyy - cxy * cyx))


def threshold_rpm(config: RotorConfig) -> float:
    """Return the lowest speed above which the rotor whirls by itself; infinite if there is none.

    At the edge the disc whirls on the springs of film and shaft in series:
    ``m (ratio omega)^2 = k 2K / (k + 2K)``.

    Parameters
    ----------
    config : RotorConfig
        Its speeds are not used.
    """
    from scipy.optimize import brentq

    speeds = np.geomspace(1.0, FASTEST_RPM, _STEPS) * math.pi / 30
    margins = [_margin(config, omega) for omega in speeds]
    for slow, fast, before, after in zip(
        speeds[:-1], speeds[1:], margins[:-1], margins[1:], strict=True
    ):
        if before > 0 >= after:
            omega = brentq(lambda speed: _margin(config, speed), slow, fast, rtol=1e-12)
            return float(omega) * 30 / math.pi
    return math.inf if margins[0] > 0 else 0.0


def _margin(config: RotorConfig, omega: float) -> float:
    """Return how much of the spring's force is left over by the disc's inertia, relative."""
    stiffness, ratio_squared = critical_balance(eccentricity_of(load_number(config, omega)))
    spring = 2 * stiffness * config.film_damping_n_s_m * omega
    inertia = config.rotor.mass_kg * ratio_squared * omega**2
    return 1 - inertia * (1 / spring + 1 / config.rotor.shaft_stiffness_n_m)


def threshold_whirl_ratio(config: RotorConfig) -> float:
    """Return whirl speed over shaft speed at the threshold; not a number if there is none."""
    speed_rpm = threshold_rpm(config)
    if not 0 < speed_rpm < math.inf:
        return math.nan
    eccentricity = eccentricity_of(load_number(config, speed_rpm * math.pi / 30))
    return math.sqrt(critical_balance(eccentricity)[1])


def eigenvalues(config: RotorConfig) -> NDArray[np.complex128]:
    """Return the eigenvalues of the linear rotor at its (first) speed, in 1/s.

    Six of them for a flexible shaft (its journals have no mass), four for a rigid one.

    Parameters
    ----------
    config : RotorConfig
    """
    film = coefficients(eccentricity_of(load_number(config)))
    scale = 2 * config.film_damping_n_s_m
    stiffness, damping = film.stiffness * scale * config.omega_rad_s, film.damping * scale
    mass, none, one = config.rotor.mass_kg, np.zeros((2, 2)), np.eye(2)
    if not config.rotor.flexible:
        system = np.block([[none, one], [-stiffness / mass, -damping / mass]])
        return np.asarray(np.linalg.eigvals(system), dtype=np.complex128)
    shaft = config.rotor.shaft_stiffness_n_m * one
    yielding = np.linalg.inv(damping)
    system = np.block(
        [
            [none, one, none],
            [-shaft / mass, none, shaft / mass],
            [yielding @ shaft, none, -yielding @ (shaft + stiffness)],
        ]
    )
    return np.asarray(np.linalg.eigvals(system), dtype=np.complex128)


def is_stable(config: RotorConfig, speed_rpm: float | None = None) -> bool:
    """Return whether a small push dies out, at the configured or another speed."""
    at_speed = config if speed_rpm is None else replace(config, speed_rpm=speed_rpm)
    return bool(eigenvalues(at_speed).real.max() < 0)
