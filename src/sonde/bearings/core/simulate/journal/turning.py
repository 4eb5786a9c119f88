"""How the shaft turns: steadily, or with a ramp, a run-up, a coast-down, a fluctuation."""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from sonde.bearings.core.simulate.journal.conditions import NOMINAL_HZ
from sonde.bearings.core.simulate.journal.scene import seconds
from sonde.bearings.core.simulate.settings import Effects
from sonde.bearings.core.simulate.waves import Turns, Wave

RAMP, LOAD_STEP, THERMAL = "speed_ramp", "load_step", "thermal_expansion"
TRANSIENTS = (RAMP, LOAD_STEP, THERMAL)
STANDSTILL = 0.2
_TONES = 6


@dataclass(frozen=True)
class Turning:
    """The shaft's angle and speed.

    Parameters
    ----------
    turns : ndarray of float64, shape (time,), optional
        None while it turns steadily.
    speed_ratio : float or ndarray of float32, shape (time,)
        Shaft frequency over 60 Hz.
    manoeuvre : str
        ``"run-up"``, ``"coast-down"`` or empty.
    """

    turns: Turns | None
    speed_ratio: float | Wave
    manoeuvre: str = ""


def draw_turning(
    shape: tuple[int, float],
    speed_hz: float,
    effects: Effects,
    transient: str,
    rng: np.random.Generator,
) -> Turning:
    """Draw the shaft's angle over a record of `shape` (samples, sampling rate).

    The instantaneous frequency is integrated, so that every order follows it: frequency
    modulation, not amplitude modulation.
    """
    n_samples, sampling_rate_hz = shape
    if not (effects.run_up or effects.speed_fluctuation or transient == RAMP):
        return Turning(None, speed_hz / NOMINAL_HZ)
    time_s = seconds(n_samples, sampling_rate_hz)
    ratio = np.ones(n_samples)
    if transient == RAMP:
        ratio *= ramp(n_samples)
    manoeuvre = ""
    if effects.run_up:
        manoeuvre = "run-up" if rng.random() < 0.5 else "coast-down"
        ratio *= _manoeuvre(time_s, effects.run_up_s, manoeuvre)
    if effects.speed_fluctuation:
        ratio *= 1 + _fluctuation(time_s, effects.speed_fluctuation_share, rng)
    frequency_hz = ratio * speed_hz
    turns = np.cumsum(frequency_hz)
    turns /= sampling_rate_hz
    return Turning(turns, (frequency_hz / NOMINAL_HZ).astype(np.float32), manoeuvre)


def ramp(n_samples: int) -> NDArray[np.float64]:
    """Return a rise from 0.85 to 1.15 between a fifth and three fifths of the record."""
    return np.interp(np.arange(n_samples) / n_samples, (0.2, 0.6), (0.85, 1.15))


def strength(n_samples: int, transient: str) -> float | Wave:
    """Return what a load step or a thermal transient makes of the strength of everything."""
    return _strength(n_samples, transient) if transient else 1.0


@lru_cache(maxsize=8)
def _strength(n_samples: int, transient: str) -> Wave:
    """Return the curve of a transient; shared, not to be written to."""
    curve = _curve(n_samples, transient).astype(np.float32)
    curve.flags.writeable = False
    return curve


def _curve(n_samples: int, transient: str) -> NDArray[np.float64]:
    if transient == RAMP:
        return ramp(n_samples)
    part = np.arange(n_samples) / n_samples
    if transient == LOAD_STEP:
        return np.where(part < 0.4, 0.7, 1.0)
    return 0.9 + 0.2 * (1 - np.exp(-part / 0.3))


def _manoeuvre(time_s: Turns, lasting_s: float, manoeuvre: str) -> NDArray[np.float64]:
    """Return the speed ratio of a run-up at the beginning or a coast-down at the end."""
    lasting_s = min(lasting_s, float(time_s[-1]))
    if manoeuvre == "run-up":
        return np.interp(time_s, (0.0, lasting_s), (STANDSTILL, 1.0))
    tail_s = np.maximum(time_s - (time_s[-1] - lasting_s), 0.0)
    return np.maximum(STANDSTILL, np.exp(np.log(STANDSTILL) * tail_s / lasting_s))


def _fluctuation(time_s: Turns, depth: float, rng: np.random.Generator) -> NDArray[np.float64]:
    """Return a slow wander below 5 Hz of this root mean square."""
    total = np.zeros(len(time_s))
    for _ in range(_TONES):
        frequency_hz, phase = rng.uniform(0.3, 5.0), rng.uniform(0, 2 * np.pi)
        total += np.sin(2 * np.pi * frequency_hz * time_s + phase)
    total *= depth * np.sqrt(2 / _TONES)
    return np.clip(total, -0.9, 0.9)
