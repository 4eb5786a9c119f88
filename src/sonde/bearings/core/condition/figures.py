"""What is kept of every measurement of a machine: all features that are quick to compute."""

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from sonde.bearings.core.features.measuring import Circumstances, measure
from sonde.bearings.core.features.registry import REGISTRY, FeatureDefinition, find_feature
from sonde.platform.core.errors import Invalid

_SLOW = frozenset({"complexity", "time-scale", "time-frequency", "bispectrum"})
FIGURES: tuple[str, ...] = tuple(one.name for one in REGISTRY if one.domain not in _SLOW)


def figures_of(samples: NDArray[np.floating], circumstances: Circumstances) -> Mapping[str, float]:
    """Return the figures of one measurement; those that cannot be known here are left out.

    Parameters
    ----------
    samples : ndarray of float, shape (time,)
    circumstances : Circumstances

    Raises
    ------
    Invalid
        If the samples cannot be measured.

    Examples
    --------
    >>> tone = np.sin(2 * np.pi * 50 * np.arange(4096) / 4096)
    >>> found = figures_of(tone, Circumstances(4096.0))
    >>> round(found["RMS"], 6), "Order1X" in found
    (0.707107, False)
    """
    values = measure(samples, circumstances, FIGURES)
    return {
        name: float(value)
        for name, value in zip(FIGURES, values, strict=True)
        if np.isfinite(value)
    }


def checked_figure(name: str) -> FeatureDefinition:
    """Return the figure called `name`.

    Raises
    ------
    Invalid
        If measurements do not keep it.
    """
    found = find_feature(name)
    if name not in FIGURES:
        raise Invalid(f"{name} is not kept of measurements.", field="feature", name=name)
    return found
