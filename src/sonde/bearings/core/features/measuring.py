"""Measure any features of one signal: only the families that are asked for are computed."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

import numpy as np
from numpy.typing import NDArray

from sonde.bearings.core.features import (
    bispectrum,
    complexity,
    envelope_domain,
    frequency_domain,
    machine,
    time_domain,
    time_frequency,
    time_scale,
    wavelet_cepstrum,
)
from sonde.bearings.core.features.catalogue import SHORTEST
from sonde.bearings.core.features.own import DOMAIN as OWN
from sonde.bearings.core.features.own import OwnBand, own_value
from sonde.bearings.core.features.registry import DEFAULT_NAMES, FeatureDefinition, find_feature
from sonde.bearings.core.features.shared import Signal
from sonde.bearings.core.geometry import Geometry
from sonde.bearings.core.recordings import UNKNOWN_UNIT
from sonde.platform.core.errors import Invalid


@dataclass(frozen=True)
class Circumstances:
    """What is known of a signal beside its samples.

    Parameters
    ----------
    sampling_rate_hz : float
    speed_rpm : float
        0 where unknown.
    geometry : Geometry, optional
    unit : str
    """

    sampling_rate_hz: float
    speed_rpm: float = 0.0
    geometry: Geometry | None = None
    unit: str = UNKNOWN_UNIT

    @property
    def shaft_hz(self) -> float | None:
        """Return the shaft speed in Hz, None where unknown."""
        return self.speed_rpm / 60 if self.speed_rpm > 0 else None

    def lacks(self, definition: FeatureDefinition) -> str:
        """Return why a feature cannot be had here, in words; empty where it can.

        Examples
        --------
        >>> Circumstances(12_000.0).lacks(find_feature("Order1X"))
        'the shaft speed is unknown'
        >>> Circumstances(12_000.0).lacks(find_feature("RMS"))
        ''
        """
        if definition.needs in {"speed", "geometry"} and self.shaft_hz is None:
            return "the shaft speed is unknown"
        if definition.needs == "geometry" and self.geometry is None:
            return "the bearing is unknown"
        if definition.needs == "unit" and self.unit == UNKNOWN_UNIT:
            return "the unit is not declared"
        return ""


Family = Callable[[Signal, Circumstances], Mapping[str, float]]


def _plain(compute: Callable[[Signal], Mapping[str, float]]) -> Family:
    return lambda signal, _circumstances: compute(signal)


FAMILIES: Final[Mapping[str, Family]] = MappingProxyType(
    {
        "time": _plain(time_domain.time_features),
        "frequency": _plain(frequency_domain.frequency_features),
        "envelope": _plain(envelope_domain.envelope_features),
        "wavelet and cepstrum": _plain(wavelet_cepstrum.wavelet_cepstrum_features),
        "bispectrum": _plain(bispectrum.bispectrum_features),
        "time-scale": _plain(time_scale.time_scale_features),
        "complexity": _plain(complexity.complexity_features),
        "time-frequency": _plain(time_frequency.time_frequency_features),
        "orders": machine.order_features,
        "bearing lines": machine.bearing_line_features,
        "severity": machine.severity_features,
    }
)


def measure(
    samples: NDArray[np.floating],
    circumstances: Circumstances,
    names: Sequence[str] = DEFAULT_NAMES,
    own: Sequence[OwnBand] = (),
) -> NDArray[np.float64]:
    """Compute features of one signal.

    Parameters
    ----------
    samples : ndarray of float, shape (time,)
        Any unit; float32 is kept and computed as such.
    circumstances : Circumstances
    names : sequence of str
        Of the registry, or columns of `own`.
    own : sequence of OwnBand

    Returns
    -------
    ndarray of float64, shape (feature,)
        NaN where speed, bearing or unit would have to be known, else finite.

    Raises
    ------
    Invalid
        If the samples are not one row of at least 256 finite numbers, the rate is not positive,
        or there is no such feature.

    Examples
    --------
    >>> tone = np.sin(2 * np.pi * 64 * np.arange(2048) / 2048)
    >>> measure(tone, Circumstances(2048.0), ("RMS", "DominantFreq")).round(6).tolist()
    [0.707107, 64.0]
    """
    bands = {band.column: band for band in own}
    definitions = [
        bands[name].definition if name in bands else find_feature(name) for name in names
    ]
    signal = checked_signal(samples, circumstances)
    values: dict[str, float] = {}
    for domain in dict.fromkeys(one.domain for one in definitions if one.domain != OWN):
        if any(one.domain == domain and not circumstances.lacks(one) for one in definitions):
            values |= FAMILIES[domain](signal, circumstances)
    chosen = [bands[one.name] for one in definitions if one.name in bands]
    values |= {band.column: own_value(signal, band) for band in chosen}
    return np.array([_value(values, one, circumstances) for one in definitions])


def _value(
    values: Mapping[str, float], definition: FeatureDefinition, circumstances: Circumstances
) -> float:
    return np.nan if circumstances.lacks(definition) else values[definition.name]


def checked_signal(samples: NDArray[np.floating], circumstances: Circumstances) -> Signal:
    """Return samples as a signal; raises Invalid for what cannot be measured."""
    if samples.ndim != 1 or len(samples) < SHORTEST:
        raise Invalid(f"Features need one row of at least {SHORTEST} samples.")
    if not circumstances.sampling_rate_hz > 0:
        raise Invalid(f"A sampling rate is positive, not {circumstances.sampling_rate_hz:g}.")
    kept = samples if samples.dtype == np.float32 else samples.astype(np.float64, copy=False)
    if not np.isfinite(kept.sum(dtype=np.float64)):
        raise Invalid("The signal holds samples that are no numbers.")
    return Signal(
        np.ascontiguousarray(kept), circumstances.sampling_rate_hz, circumstances.shaft_hz
    )
