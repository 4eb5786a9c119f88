"""What else a sensor hears: the shaft, a gear, the mains, and noise."""

import numpy as np
from numpy.typing import NDArray


def shaft_tones(
    turns: NDArray[np.float64], speed_ratio: float, rng: np.random.Generator
) -> NDArray[np.float64]:
    """Return the shaft's first four harmonics, growing with the square of the speed.

    Parameters
    ----------
    turns : ndarray of float64, shape (time,)
        Shaft angle in turns.
    speed_ratio : float
        Speed over 1800 rpm.
    rng : numpy.random.Generator
    """
    sizes = np.array([0.30, 0.15, 0.08, 0.05]) * rng.uniform(0.5, 1.5, size=4) * speed_ratio**2
    phases = rng.uniform(0, 2 * np.pi, size=4)
    return _tones(turns, np.array([1.0, 2.0, 3.0, 4.0]), sizes, phases)


def gear_tones(turns: NDArray[np.float64], rng: np.random.Generator) -> NDArray[np.float64]:
    """Return a gear mesh with once-per-turn modulation, somewhere from order 17 to 31."""
    teeth = float(rng.integers(17, 32))
    sizes = 0.12 * rng.uniform(0.3, 1.0) * np.array([0.2, 1.0, 0.2])
    return _tones(turns, teeth + np.array([-1.0, 0.0, 1.0]), sizes, rng.uniform(0, 6.28, size=3))


def mains_tones(
    time_s: NDArray[np.float64], mains_hz: float, rng: np.random.Generator
) -> NDArray[np.float64]:
    """Return interference at the mains frequency and its second and third multiple."""
    sizes = np.array([0.02, 0.01, 0.006]) * rng.uniform(0.5, 1.5, size=3)
    phases = rng.uniform(0, 2 * np.pi, size=3)
    return _tones(time_s * mains_hz, np.array([1.0, 2.0, 3.0]), sizes, phases)


def _tones(
    turns: NDArray[np.float64],
    orders: NDArray[np.float64],
    sizes: NDArray[np.float64],
    phases: NDArray[np.float64],
) -> NDArray[np.float64]:
    total = np.zeros(len(turns))
    for order, size, phase in zip(orders, sizes, phases, strict=True):
        total += size * np.sin(2 * np.pi * order * turns + phase)
    return total
