"""The health indicator of a channel along one life, judged fairly from its first values."""

from typing import Final

import numpy as np
from numpy.typing import NDArray

from sonde.bearings.core.condition.indicators import health_indicator, learn_baseline

# What a health indicator looks at: size, impulsiveness, and the bearing's own lines.
LOOKED_AT: Final = (
    "RMS",
    "Kurtosis",
    "CrestFactor",
    "EnvelopeRMS",
    "EnvelopeKurtosis",
    "VelocityRMS",
    "EnvelopeBPFO",
    "EnvelopeBPFI",
    "Envelope2BSF",
)
INDICATOR: Final = "HealthIndicator"
DEFAULT_LIMIT: Final = 10.0
DEFAULT_BASELINE: Final = 15


def indicator_along(
    names: tuple[str, ...], values: NDArray[np.floating], is_healthy: NDArray[np.bool_]
) -> NDArray[np.float64]:
    """Return the health indicator of every measurement.

    Parameters
    ----------
    names : tuple of str
    values : ndarray of float, shape (time, figure)
    is_healthy : ndarray of bool, shape (time,)
        Which measurements say what is normal. Each of these is compared with the others of them:
        compared with itself too, it would look better than what comes later.

    Returns
    -------
    ndarray of float64, shape (time,)

    Raises
    ------
    Invalid
        If there are too few healthy measurements.

    Examples
    --------
    >>> rng = np.random.default_rng(0)
    >>> values = rng.normal(5.0, 0.1, size=(60, 2))
    >>> found = indicator_along(("RMS", "Kurtosis"), values, np.arange(60) < 30)
    >>> bool(0.7 < found[:30].mean() / found[30:].mean() < 1.4)
    True
    """
    table = np.asarray(values, dtype=np.float64)
    baseline = learn_baseline(names, table[is_healthy])
    found = health_indicator(baseline, table)
    places = np.flatnonzero(is_healthy)
    if len(places) <= 5:
        return found
    for place in places:
        others = is_healthy.copy()
        others[place] = False
        known = learn_baseline(names, table[others])
        found[place] = health_indicator(known, table[place : place + 1])[0]
    return found
