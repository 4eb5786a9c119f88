"""The 36 features of a whole signal, in an order that is a contract."""

from collections.abc import Callable, Mapping
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

from sonde.bearings.core.features import (
    bispectrum,
    envelope_domain,
    frequency_domain,
    time_domain,
    wavelet_cepstrum,
)
from sonde.bearings.core.features.shared import Signal
from sonde.platform.core.errors import Invalid

FAMILIES: Mapping[str, tuple[tuple[str, ...], Callable[[Signal], Mapping[str, float]]]] = (
    MappingProxyType(
        {
            "time": (time_domain.NAMES, time_domain.time_features),
            "frequency": (frequency_domain.NAMES, frequency_domain.frequency_features),
            "envelope": (envelope_domain.NAMES, envelope_domain.envelope_features),
            "wavelet and cepstrum": (
                wavelet_cepstrum.NAMES,
                wavelet_cepstrum.wavelet_cepstrum_features,
            ),
            "bispectrum": (bispectrum.NAMES, bispectrum.bispectrum_features),
        }
    )
)

NAMES: tuple[str, ...] = tuple(name for names, _ in FAMILIES.values() for name in names)

SHORTEST = 256


def signal_features(
    samples: NDArray[np.floating], sampling_rate_hz: float, shaft_hz: float | None = None
) -> NDArray[np.float64]:
    """Compute the 36 features of one signal.

    Parameters
    ----------
    samples : ndarray of float, shape (time,)
        Any unit; float32 is kept and computed as such.
    sampling_rate_hz : float
    shaft_hz : float, optional
        Shaft speed; without it the harmonic ratios refer to the dominant frequency.

    Returns
    -------
    ndarray of float64, shape (36,)
        Named by `NAMES`; finite for every finite input.

    Raises
    ------
    Invalid
        If the samples are not one row of at least 256 finite numbers, or the rate is not positive.

    Examples
    --------
    >>> time_s = np.arange(2048) / 2048
    >>> values = signal_features(np.sin(2 * np.pi * 64 * time_s), 2048.0)
    >>> len(values), round(float(values[NAMES.index("RMS")]), 6)
    (36, 0.707107)
    """
    if samples.ndim != 1 or len(samples) < SHORTEST:
        raise Invalid(f"Features need one row of at least {SHORTEST} samples.")
    if not sampling_rate_hz > 0:
        raise Invalid(f"The sampling rate must be positive, not {sampling_rate_hz:g}.")
    kept = samples if samples.dtype == np.float32 else samples.astype(np.float64, copy=False)
    signal = Signal(np.ascontiguousarray(kept), sampling_rate_hz, shaft_hz)
    if not np.isfinite(signal.samples.sum()):
        raise Invalid("The signal holds samples that are no numbers.")
    values: dict[str, float] = {}
    for _, compute in FAMILIES.values():
        values |= compute(signal)
    return np.array([values[name] for name in NAMES])
