"""The stationary bootstrap: series redrawn in blocks; what hangs together stays together."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sonde.platform.core.errors import Invalid


@dataclass(frozen=True)
class Bootstrap:
    """How series are redrawn; the generator is passed in, so that a run can be repeated.

    Parameters
    ----------
    seed : int
        Of the random generator; every draw begins anew from it.
    draws : int
        Number of redrawn series.
    block : float or None
        Mean length of a block, in samples; None chooses it from the series.
    """

    seed: int
    draws: int = 1000
    block: float | None = None

    def draw(self, values: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return redrawn series, shape (draw, time)."""
        block = best_block(values) if self.block is None else self.block
        generator = np.random.default_rng(self.seed)
        return values[stationary_indices(values.size, self.draws, block, generator)]


def stationary_indices(
    n: int, draws: int, block: float, generator: np.random.Generator
) -> NDArray[np.int64]:
    """Draw indices in blocks of geometric length that wrap around the end.

    Parameters
    ----------
    n : int
        Length of the series, at least 1.
    draws : int
    block : float
        Mean length of a block, in samples, at least 1.
    generator : numpy.random.Generator

    Returns
    -------
    ndarray of int64, shape (draw, time)
        Each in 0..n-1.

    Raises
    ------
    Invalid
        For an empty series or a block below 1.

    Notes
    -----
    D. Politis and J. Romano, "The stationary bootstrap", JASA 89 (1994).

    Examples
    --------
    >>> drawn = stationary_indices(6, 1, 1e9, np.random.default_rng(1))
    >>> (np.diff(drawn[0]) % 6).tolist()
    [1, 1, 1, 1, 1]
    """
    if n < 1 or block < 1 or draws < 1:
        raise Invalid(
            f"Redrawing needs a series, at least one draw and blocks of at least 1 sample; "
            f"given were {n} samples, {draws} draws and blocks of {block:g}.",
            field="block",
        )
    start = generator.integers(0, n, (draws, n))
    begins = generator.random((draws, n)) < 1.0 / block
    begins[:, 0] = True
    time = np.arange(n)
    last = np.maximum.accumulate(np.where(begins, time, 0), axis=1)
    return (np.take_along_axis(start, last, axis=1) + time - last) % n


def best_block(values: NDArray[np.float64]) -> float:
    """Choose the mean block length from how long the series remembers.

    Parameters
    ----------
    values : ndarray of float64, shape (time,)

    Returns
    -------
    float
        In samples, between 1 and a third of the series.

    Notes
    -----
    D. Politis and H. White (2004) with the correction of A. Patton, D. Politis and H. White,
    "Automatic block-length selection for the dependent bootstrap", Econometric Reviews 28 (2009):
    ``(2 G^2 / D)^(1/3) n^(1/3)`` with ``D = 2 g(0)^2`` and a flat-top window.

    Examples
    --------
    >>> best_block(np.tile([1.0, -1.0], 3))
    1.0
    """
    n = values.size
    if n < 10 or float(np.ptp(values)) == 0.0:
        return 1.0
    longest = min(n - 1, int(np.ceil(np.sqrt(n))) + max(5, int(np.log10(n))))
    covariance = _autocovariance(values, longest)
    reach = min(2 * _memory(covariance / covariance[0], n), longest)
    if reach == 0:
        return 1.0
    lags = np.arange(1, reach + 1)
    weight = np.clip(2.0 * (1.0 - lags / reach), 0.0, 1.0)
    tail = weight * covariance[1 : reach + 1]
    g = 2.0 * float(np.sum(lags * tail))
    d = 2.0 * float(covariance[0] + 2.0 * tail.sum()) ** 2
    if d == 0.0:
        return 1.0
    return float(np.clip((2.0 * g**2 / d) ** (1 / 3) * n ** (1 / 3), 1.0, max(1.0, n / 3)))


def _autocovariance(values: NDArray[np.float64], longest: int) -> NDArray[np.float64]:
    """Return autocovariances of lags 0..`longest`, shape (lag,)."""
    moving = values - values.mean()
    return np.array(
        [float(moving[: values.size - lag] @ moving[lag:]) for lag in range(longest + 1)]
    ) / float(values.size)


def _memory(correlation: NDArray[np.float64], n: int) -> int:
    """Return the lag after which a run of correlations is negligible."""
    bound = 2.0 * float(np.sqrt(np.log10(n) / n))
    run = max(5, int(np.ceil(np.sqrt(np.log10(n)))))
    small = np.abs(correlation[1:]) < bound
    for lag in range(small.size - run + 1):
        if small[lag : lag + run].all():
            return lag
    large = np.flatnonzero(~small)
    return int(large[-1]) + 1 if large.size else 0


def percentile_interval(drawn: NDArray[np.float64]) -> tuple[float, float]:
    """Return the ends of the middle 95 % of redrawn figures.

    Examples
    --------
    >>> percentile_interval(np.arange(201.0))
    (5.0, 195.0)
    """
    low, high = np.percentile(drawn, (2.5, 97.5))
    return float(low), float(high)
