"""The way from the bearing to the sensor: a few damped resonances, different on every machine."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True)
class Resonance:
    """One mode of the structure.

    Parameters
    ----------
    frequency_hz, damping : float
        Natural frequency and damping ratio.
    gain : float
        Relative to the strongest mode.
    """

    frequency_hz: float
    damping: float
    gain: float


def draw_structure(rng: np.random.Generator, nyquist_hz: float) -> tuple[Resonance, ...]:
    """Draw the modes of one machine, between a tenth and eight tenths of `nyquist_hz`.

    Parameters
    ----------
    rng : numpy.random.Generator
    nyquist_hz : float
        Half the sampling rate; modes above it would not be seen.
    """
    ceiling_hz = min(0.8 * nyquist_hz, 12_000.0)
    floor_hz = min(0.25 * ceiling_hz, 1500.0)
    frequencies = np.sort(rng.uniform(floor_hz, ceiling_hz, size=3))
    dampings = rng.uniform(0.01, 0.05, size=3)
    gains = np.sort(rng.uniform(0.25, 1.0, size=3)) / np.sqrt(frequencies / frequencies[0])
    return tuple(
        Resonance(float(frequency), float(damping), float(gain))
        for frequency, damping, gain in zip(frequencies, dampings, gains, strict=True)
    )


def response(
    structure: tuple[Resonance, ...], frequency_hz: NDArray[np.float64]
) -> NDArray[np.complex128]:
    """Return acceleration per force at each frequency, 1 at the strongest resonance at most.

    Single degree of freedom modes in superposition, each scaled by its peak:
    ``gain * 2 damping r^2 / (1 - r^2 + 2 i damping r)`` with ``r = f / f0``.

    Examples
    --------
    >>> mode = Resonance(1000.0, 0.05, 1.0)
    >>> float(np.round(np.abs(response((mode,), np.array([0.0, 1000.0]))), 6)[1])
    1.0
    """
    total = np.zeros(len(frequency_hz), dtype=np.complex128)
    for mode in structure:
        ratio = frequency_hz / mode.frequency_hz
        total += (
            mode.gain * (2 * mode.damping * ratio**2) / (1 - ratio**2 + 2j * mode.damping * ratio)
        )
    return total
