"""Simulated histories of machines that ran to failure, for trying estimates of remaining life."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True)
class History:
    """One machine from new to failed.

    Parameters
    ----------
    times_h : ndarray of float64, shape (time,)
    values : ndarray of float64, shape (time,)
        The indicator as it was measured; its limit is 10.
    failed_at_h : float
        When the damage itself, without the noise of measuring, reached the limit.
    """

    times_h: NDArray[np.float64]
    values: NDArray[np.float64]
    failed_at_h: float


LIMIT = 10.0


def simulate_history(rng: np.random.Generator, n_values: int = 200) -> History:
    """Draw one machine: a quiet time, then growth at a rate of its own, measured with noise.

    The level is 1 within 10 %, the damage begins after 20 to 60 % of the life, its excess grows
    exponentially from 0.1 to 0.4 to the limit, every measurement is off by 15 % of the excess and
    3 % of the level.

    Parameters
    ----------
    rng : numpy.random.Generator
    n_values : int
        Measurements over the whole life.

    Examples
    --------
    >>> history = simulate_history(np.random.default_rng(0))
    >>> len(history.times_h), bool(history.failed_at_h <= history.times_h[-1])
    (200, True)
    """
    level = rng.uniform(0.9, 1.1)
    quiet_h = rng.uniform(200, 1200)
    first = np.log(rng.uniform(0.1, 0.4))
    growth = np.exp(rng.normal(np.log(0.006), 0.35))
    failed_at_h = quiet_h + (np.log(LIMIT - level) - first) / growth
    times = np.linspace(0, failed_at_h, n_values)
    excess = np.where(times < quiet_h, 0.0, np.exp(first + growth * (times - quiet_h)))
    noisy = excess * np.exp(0.15 * rng.standard_normal(n_values))
    values = level * (1 + 0.03 * rng.standard_normal(n_values)) + noisy
    return History(times, values, float(failed_at_h))
