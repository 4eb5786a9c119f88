"""What the rotor and its housing make of a fault's motion."""

from collections.abc import Callable

import numpy as np
import scipy
from numpy.typing import NDArray

from sonde.bearings.core.simulate.journal.motion import AXIAL, Motion, X, Y
from sonde.bearings.core.simulate.settings import Effects
from sonde.bearings.core.simulate.structure import Resonance, response
from sonde.bearings.core.simulate.waves import Wave

AMBIENT_C = 20.0
Answer = Callable[[NDArray[np.float64]], NDArray[np.complex128]]


def cross_couple(motion: Motion, ratio: float) -> None:
    """Let each radial direction drive the other, as the skew terms of an oil film do.

    ``x' = x + k y`` and ``y' = y - k x`` with k = Kxy / Kxx: what turns forward is fed.
    """
    x, y = motion.waves[X], motion.waves[Y]
    before = x.copy()
    x += np.float32(ratio) * y
    y -= np.float32(ratio) * before


def grow(motion: Motion, effects: Effects, temperature_c: float, rng: np.random.Generator) -> None:
    """Let the machine warm up: misfit grows by so much per degree, with a time constant."""
    warmed_s = rng.uniform(0.0, 2 * effects.thermal_growth_s)
    time_s = np.arange(motion.scene.n_samples) / motion.scene.sampling_rate_hz + warmed_s
    rise = 1 - np.exp(-time_s / effects.thermal_growth_s)
    factor = 1 + effects.thermal_growth_per_c * (temperature_c - AMBIENT_C) * rise
    for wave in motion.waves.values():
        np.multiply(wave, factor.astype(np.float32), out=wave)


def resonate(motion: Motion, effects: Effects) -> None:
    """Amplify near the two critical speeds, by 1 / (2 damping) at their peaks; 1 far from them."""
    for name, wave in motion.waves.items():
        if name != AXIAL:
            filtered(wave, motion.scene.sampling_rate_hz, lambda hz: critical_speeds(effects, hz))


def critical_speeds(effects: Effects, frequency_hz: NDArray[np.float64]) -> NDArray[np.complex128]:
    """Return the amplification at each frequency.

    Notes
    -----
    ``1 + sum (Q - 1) 2 i D r / (1 - r^2 + 2 i D r)`` over both critical speeds, with
    ``r = f / f_critical`` and ``Q = 1 / (2 D)``: the peak of a single-degree-of-freedom rotor,
    and unity where there is no resonance, so that the faults keep their sizes there.
    """
    damping = effects.resonance_damping
    total = np.ones(len(frequency_hz), dtype=np.complex128)
    for critical_hz in (effects.first_critical_hz, effects.second_critical_hz):
        ratio = frequency_hz / critical_hz
        turn = 2j * damping * ratio
        total += (1 / (2 * damping) - 1) * turn / (1 - ratio**2 + turn)
    return total


def through_path(wave: Wave, sampling_rate_hz: float, modes: tuple[Resonance, ...]) -> None:
    """Let a signal pass the housing, in place: directly, and by way of its modes."""
    filtered(wave, sampling_rate_hz, lambda hz: 1 + 2 * response(modes, hz))


def filtered(wave: Wave, sampling_rate_hz: float, answer: Answer) -> None:
    """Filter `wave` in place by its frequency response."""
    padded = scipy.fft.next_fast_len(len(wave) + int(sampling_rate_hz / 4), real=True)
    frequency_hz = scipy.fft.rfftfreq(padded, 1 / sampling_rate_hz)
    lines = scipy.fft.rfft(wave, padded)
    lines *= answer(frequency_hz)
    wave[:] = scipy.fft.irfft(lines, padded)[: len(wave)]
