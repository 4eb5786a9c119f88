"""The equations of the original platform, unchanged: for comparison with its results.

Frozen, faults and all: brown noise that is called pink, quantisation before the fault is added,
severity squared in the mixed classes, drift of one phase, transients that change amplitudes only.
The repaired simulator stands beside this one. A test holds the results of this module by a hash;
numbers come from NumPy's generators in double precision, in the order of the lines below.
"""

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

from sonde.bearings.core.simulate.journal.conditions import DrawnConditions
from sonde.bearings.core.simulate.journal.scene import Course
from sonde.bearings.core.simulate.settings import Noise

Signal = NDArray[np.float64]


@dataclass(frozen=True)
class OriginalScene:
    """What the original's equations are made of.

    Parameters
    ----------
    time_s : ndarray of float64, shape (time,)
    sampling_rate_hz : float
    conditions : DrawnConditions
    course : Course
    severity, modulation : ndarray of float64, shape (time,)
        The curve of the severity, and that of the transient.
    rng : numpy.random.Generator
    """

    time_s: Signal
    sampling_rate_hz: float
    conditions: DrawnConditions
    course: Course
    severity: Signal
    modulation: Signal
    rng: np.random.Generator

    @property
    def speed_ratio(self) -> float:
        """Return v."""
        return self.conditions.speed_hz / 60.0

    def sine(self, order: float, phase: float = 0.0) -> Signal:
        """Return a sine at a multiple of the shaft's frequency."""
        turning: Signal = np.sin(2 * np.pi * order * self.conditions.speed_hz * self.time_s + phase)
        return turning

    def tone(self, frequency_hz: float) -> Signal:
        """Return a sine at a frequency of its own."""
        tone: Signal = np.sin(2 * np.pi * frequency_hz * self.time_s)
        return tone

    def phase(self) -> float:
        """Draw a phase."""
        return float(self.rng.uniform(0, 2 * np.pi))

    def normal(self) -> Signal:
        """Draw white noise."""
        return self.rng.standard_normal(len(self.time_s))


def original_signal(scene: OriginalScene, label: str, noise: Noise) -> Signal:
    """Return floor, noise layers and fault, in the original's order."""
    conditions = scene.conditions
    amplitude = (0.2 + 0.1 * scene.rng.random()) * conditions.operating_factor
    signal = 0.05 * amplitude * scene.normal()
    signal = _noisy(signal, scene, noise)
    return signal + FAULTS[label](scene)


def original_modulation(transient: str, n_samples: int) -> Signal:
    """Return the modulation of the fault's amplitude by a transient."""
    part = np.arange(n_samples) / n_samples
    if transient == "speed_ramp":
        ramp: Signal = np.interp(part, (0.2, 0.6), (0.85, 1.15))
        return ramp
    if transient == "load_step":
        return np.where(part < 0.4, 0.7, 1.0)
    if transient == "thermal_expansion":
        return 0.9 + 0.2 * (1 - np.exp(-part / 0.3))
    return np.ones(n_samples)


def _noisy(signal: Signal, scene: OriginalScene, noise: Noise) -> Signal:
    rng, time_s = scene.rng, scene.time_s
    if noise.measurement:
        signal = signal + noise.measurement_level * scene.normal()
    if noise.mains:
        size = noise.mains_level * (1 + 0.5 * rng.random())
        frequency_hz = 50 + 10 * rng.random()
        signal = signal + size * np.sin(2 * np.pi * frequency_hz * time_s + scene.phase())
    if noise.pink:
        walk = np.cumsum(scene.normal())
        signal = signal + noise.pink_level * walk / walk.std()
    if noise.drift:
        signal = signal + noise.drift_level * np.sin(2 * np.pi * time_s / 1.5)
    if noise.quantisation:
        signal = np.round(signal / noise.quantisation_step) * noise.quantisation_step
    return _noisier(signal, scene, noise)


def _noisier(signal: Signal, scene: OriginalScene, noise: Noise) -> Signal:
    rng, time_s = scene.rng, scene.time_s
    lasting_s = len(time_s) / scene.sampling_rate_hz
    if noise.sensor_drift:
        signal = signal + noise.sensor_drift_per_s / lasting_s * time_s
    if noise.aliasing and rng.random() < noise.aliasing_share:
        frequency_hz = scene.sampling_rate_hz / 2 + 100 + 200 * rng.random()
        signal = signal + 0.005 * np.sin(2 * np.pi * frequency_hz * time_s)
    if noise.impulses:
        signal = signal.copy()
        for _ in range(int(noise.impulses_per_s * lasting_s)):
            start = int(rng.integers(len(signal) - 5))
            size = 0.02 + 0.03 * rng.random()
            signal[start : start + 5] += size * np.exp(-0.3 * np.arange(5)) * rng.standard_normal(5)
    return signal


def _healthy(scene: OriginalScene) -> Signal:
    return np.zeros(len(scene.time_s))


def _misalignment(scene: OriginalScene) -> Signal:
    second, third = scene.phase(), scene.phase()
    wave = 0.35 * scene.sine(2, second) + 0.20 * scene.sine(3, third)
    return scene.severity * scene.modulation * wave


def _imbalance(scene: OriginalScene) -> Signal:
    size = 0.5 * scene.conditions.load_factor * scene.speed_ratio**2
    return scene.severity * scene.modulation * size * scene.sine(1, scene.phase())


def _clearance(scene: OriginalScene) -> Signal:
    order = 0.43 + 0.05 * scene.rng.random()
    wave = 0.25 * scene.conditions.temperature_factor * scene.sine(order)
    wave = wave + 0.18 * scene.sine(1) + 0.10 * scene.sine(2)
    return scene.severity * scene.modulation * wave


def _stick_slip(scene: OriginalScene) -> Signal:
    conditions = scene.conditions
    size = conditions.temperature_factor * 0.3 / conditions.sommerfeld
    return size * scene.tone(float(scene.rng.uniform(2, 5)))


def _with_contacts(scene: OriginalScene, wave: Signal, kind: tuple[int, int, float, float]) -> None:
    """Add decaying contacts in place: how many at least, samples each, size, decay per sample."""
    fewest, length, size, decay = kind
    for _ in range(int(fewest + 3 * scene.course.mean)):
        start = int(scene.rng.integers(len(wave) - length))
        shape = np.exp(-decay * np.arange(length)) * scene.rng.standard_normal(length)
        wave[start : start + length] += size * scene.course.mean * shape


def _lubrication(scene: OriginalScene) -> Signal:
    wave: Signal = scene.severity * scene.modulation * 0.30 * _stick_slip(scene)
    _with_contacts(scene, wave, (1, 20, 0.5, 0.4))
    return wave


def _with_bursts(scene: OriginalScene, wave: Signal, number: int, size: float) -> None:
    length = int(0.008 * scene.sampling_rate_hz)
    time_s = np.arange(length) / scene.sampling_rate_hz
    for _ in range(number):
        start = int(scene.rng.integers(len(wave) - length))
        ringing = np.sin(2 * np.pi * scene.rng.uniform(1500, 2500) * time_s)
        shape = ringing * np.exp(-100 * time_s) * np.hanning(length)
        wave[start : start + length] += size * scene.course.mean * shape


def _cavitation(scene: OriginalScene) -> Signal:
    wave = np.zeros(len(scene.time_s))
    _with_bursts(scene, wave, int(2 + 5 * scene.course.mean), 0.6)
    return wave


def _rough(scene: OriginalScene, size: float) -> Signal:
    film = math.sqrt(scene.conditions.sommerfeld / 0.15)
    return size * scene.conditions.operating_factor * film * scene.normal()


def _wear(scene: OriginalScene) -> Signal:
    frequency_hz = float(scene.rng.uniform(0.5, 2))
    swell = 1 + 0.3 * scene.tone(frequency_hz)
    wave = _rough(scene, 0.25) + 0.12 * (scene.sine(1) + 0.5 * scene.sine(2))
    return scene.severity * scene.modulation * swell * wave


def _oil_whirl(scene: OriginalScene) -> Signal:
    order = 0.42 + 0.06 * scene.rng.random()
    size = 0.40 / math.sqrt(scene.conditions.sommerfeld)
    swell = 1 + 0.2 * scene.sine(order / 2)
    return scene.severity * scene.modulation * size * scene.sine(order) * swell


def _misalignment_imbalance(scene: OriginalScene) -> Signal:
    first, second, third = scene.phase(), scene.phase(), scene.phase()
    size = 0.35 * scene.conditions.load_factor * scene.speed_ratio**2
    wave = 0.25 * scene.sine(2, second) + 0.15 * scene.sine(3, third) + size * scene.sine(1, first)
    return scene.severity * scene.modulation * scene.course.mean * wave


def _wear_lubrication(scene: OriginalScene) -> Signal:
    wave = _rough(scene, 0.18) + 0.08 * (scene.sine(1) + 0.5 * scene.sine(2))
    wave = wave + 0.20 * _stick_slip(scene)
    wave = scene.severity * scene.modulation * scene.course.mean * wave
    _with_contacts(scene, wave, (2, 10, 0.4, 0.5))
    return wave


def _cavitation_clearance(scene: OriginalScene) -> Signal:
    order = 0.43 + 0.05 * scene.rng.random()
    wave = 0.22 * scene.conditions.temperature_factor * scene.sine(order) + 0.15 * scene.sine(1)
    wave = scene.severity * scene.modulation * scene.course.mean * wave
    _with_bursts(scene, wave, int(3 + 4 * scene.course.mean), 0.5)
    return wave


FAULTS: Mapping[str, Callable[[OriginalScene], Signal]] = MappingProxyType(
    {
        "healthy": _healthy,
        "misalignment": _misalignment,
        "imbalance": _imbalance,
        "clearance": _clearance,
        "lubrication": _lubrication,
        "cavitation": _cavitation,
        "wear": _wear,
        "oil_whirl": _oil_whirl,
        "misalignment_imbalance": _misalignment_imbalance,
        "wear_lubrication": _wear_lubrication,
        "cavitation_clearance": _cavitation_clearance,
    }
)
