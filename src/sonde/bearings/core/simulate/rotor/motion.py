"""The rotor's motion over time: where disc and journal are, integrated from a start."""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sonde.bearings.core.simulate.rotor.config import RotorConfig
from sonde.bearings.core.simulate.rotor.film import static_position
from sonde.platform.core.errors import Invalid

TOLERANCE = 1e-6  # of the clearance, per step
RIGID_RATIO = 10.0


@dataclass(frozen=True)
class Start:
    """How a motion begins, lengths in clearances.

    Parameters
    ----------
    x, y : float
        Journal; the disc hangs below it as far as its load bends the shaft.
    push : float
        Sideways velocity of the disc, in clearances per radian of shaft rotation.
    phase_rad : float
        Of the unbalance, measured from x, when the recording begins.
    """

    x: float
    y: float
    push: float = 0.0
    phase_rad: float = 0.0


@dataclass(frozen=True)
class Motion:
    """A recorded motion, in clearances.

    Parameters
    ----------
    time_s : ndarray of float64, shape (time,)
    journal, disc : ndarray of float64, shape (direction, time)
        x (horizontal) and y (up) from the centre of the bearings.
    speed_hz : ndarray of float64, shape (time,)
        Of the shaft.
    """

    time_s: NDArray[np.float64]
    journal: NDArray[np.float64]
    disc: NDArray[np.float64]
    speed_hz: NDArray[np.float64]


def at_rest(config: RotorConfig, *, push: float = 0.0, phase_rad: float = 0.0) -> Start:
    """Return the start at the place where the film carries the load."""
    x, y = static_position(config)
    return Start(x, y, push, phase_rad)


def integrate_motion(config: RotorConfig, start: Start) -> Motion:
    """Integrate the rotor's equations of motion.

    Dormand and Prince's fifth-order steps with a sixth of error control; unbalance and weight act
    on the disc, the film on the journals, the shaft between them.

    Parameters
    ----------
    config : RotorConfig
        The first `settle_s` at its first speed are integrated, but not recorded.
    start : Start
        Of the settling time.

    Raises
    ------
    Invalid
        If the journal comes so near its bearing that the motion cannot be followed.

    Examples
    --------
    >>> config = RotorConfig(duration_s=0.1, settle_s=0.0)
    >>> motion = integrate_motion(config, at_rest(config))
    >>> motion.journal.shape
    (2, 512)
    """
    from sonde.bearings.core.simulate.rotor import kernel

    state = _first_state(config, start)
    steady, moving = _machine(config, start.phase_rad)
    interval_s = 1 / config.sampling_rate_hz
    settling = np.empty((round(config.settle_s / interval_s) + 1, len(state)))
    track = np.empty((round(config.duration_s / interval_s), len(state)))
    begin_s = -(len(settling) - 1) * interval_s
    for rows, machine, at_s in ((settling, steady, begin_s), (track, moving, 0.0)):
        written = kernel.integrate(state, machine, at_s, interval_s, rows)
        if written < len(rows):
            raise _stuck(config, at_s + written * interval_s)
    time_s: NDArray[np.float64] = np.arange(len(track), dtype=np.float64) * interval_s
    speed: NDArray[np.float64] = config.omega_rad_s + config.acceleration_rad_s2 * time_s
    return Motion(time_s, track[:, 4:].T.copy(), track[:, :2].T.copy(), speed / (2 * math.pi))


def _spring(config: RotorConfig) -> float:
    """Return stiffness over mass of the shaft, which bends a little even where it is rigid.

    A critical speed ten times the shaft's speed moves the threshold by a thousandth, and spares
    the steps that a stiffer one would need.
    """
    fastest = max(config.speed_rpm, config.final_speed_rpm) * math.pi / 30
    return min(config.rotor.critical_rad_s, RIGID_RATIO * fastest) ** 2


def _first_state(config: RotorConfig, start: Start) -> NDArray[np.float64]:
    bend = _weight(config) / _spring(config)
    push = start.push * config.omega_rad_s
    return np.array([start.x, start.y - bend, push, 0.0, start.x, start.y])


def _weight(config: RotorConfig) -> float:
    """Return the steady downward acceleration of the disc, in clearances."""
    return 2 * config.load_per_bearing_n / config.rotor.mass_kg / config.rotor.clearance_m


def _machine(
    config: RotorConfig, phase_rad: float
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return what `kernel.derivative` needs, for the settling time and for the recording."""
    rotor = config.rotor
    steady = np.array(
        [
            config.omega_rad_s,
            0.0,
            phase_rad,
            rotor.unbalance_um / rotor.clearance_um,
            _weight(config),
            config.film_damping_n_s_m / rotor.mass_kg,
            _spring(config),
            TOLERANCE,
        ]
    )
    moving = steady.copy()
    moving[1] = config.acceleration_rad_s2
    return steady, moving


def _stuck(config: RotorConfig, time_s: float) -> Invalid:
    return Invalid(
        f"The journal touches its bearing {time_s:.2f} s into the recording at "
        f"{config.speed_rpm:g} rpm: the oil film cannot carry this rotor. Choose less unbalance or "
        "load, a thicker oil, or a larger bearing.",
        field="rotor.unbalance_um",
    )
