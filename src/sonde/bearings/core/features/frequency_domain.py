"""Twelve features of the amplitude spectrum."""

from collections.abc import Mapping

import numpy as np

from sonde.bearings.core.features.shared import Signal, ratio

NAMES = (
    "DominantFreq",
    "SpectralCentroid",
    "SpectralEntropy",
    "LowBandEnergy",
    "MidBandEnergy",
    "HighBandEnergy",
    "VeryHighBandEnergy",
    "TotalSpectralPower",
    "SpectralStd",
    "Harmonic2X1X",
    "Harmonic3X1X",
    "SpectralPeakiness",
)

_BANDS_HZ = {
    "LowBandEnergy": (0.0, 500.0),
    "MidBandEnergy": (500.0, 2000.0),
    "HighBandEnergy": (2000.0, 5000.0),
    "VeryHighBandEnergy": (5000.0, 10_000.0),
}
_LOWEST_DOMINANT_HZ = 10.0
_FALLBACK_SHAFT_HZ = 60.0


def frequency_features(signal: Signal) -> Mapping[str, float]:
    """Compute the features of the amplitude spectrum.

    Parameters
    ----------
    signal : Signal

    Returns
    -------
    mapping of str to float
        Every "energy" is a sum of amplitudes, as the original defines it. The harmonic ratios are
        taken from the shaft speed where it is known; the original took them from the dominant
        frequency, which is not the shaft's where a harmonic dominates, and so does this function
        only where no speed is given.

    Examples
    --------
    >>> time_s = np.arange(1000) / 1000
    >>> tone = np.sin(2 * np.pi * 50 * time_s) + 0.5 * np.sin(2 * np.pi * 100 * time_s)
    >>> values = frequency_features(Signal(tone, 1000.0, shaft_hz=50.0))
    >>> values["DominantFreq"], round(values["Harmonic2X1X"], 6)
    (50.0, 0.5)
    """
    amplitude, step = signal.amplitude, signal.resolution_hz
    total = float(amplitude.sum(dtype=np.float64))
    dominant = float(amplitude.argmax()) * step
    index = np.arange(len(amplitude), dtype=amplitude.dtype)
    shaft = signal.shaft_hz or (dominant if dominant > _LOWEST_DOMINANT_HZ else _FALLBACK_SHAFT_HZ)
    first = _line(signal, shaft)
    bands = {name: _band(signal, *edges) for name, edges in _BANDS_HZ.items()}
    mean = total / len(amplitude)
    return {
        "DominantFreq": dominant,
        "SpectralCentroid": ratio(float(np.dot(index, amplitude)) * step, total),
        "SpectralEntropy": _entropy(signal, total),
        **bands,
        "TotalSpectralPower": total,
        "SpectralStd": float(amplitude.std(dtype=np.float64)),
        "Harmonic2X1X": ratio(_line(signal, 2 * shaft), first),
        "Harmonic3X1X": ratio(_line(signal, 3 * shaft), first),
        "SpectralPeakiness": ratio(float(amplitude.max()), mean),
    }


def _entropy(signal: Signal, total: float) -> float:
    """Return the entropy in nats of the amplitudes as a distribution.

    With p = A / sum A: -sum p ln p = ln(sum A) - (sum A ln A) / sum A, and ln A is half the
    logarithm of the power plus a constant, which is there already.
    """
    if total <= 0:
        return 0.0
    scale = float(np.log(2 / len(signal.samples)))
    weighted = 0.5 * float(np.dot(signal.amplitude, signal.log_power)) + scale * total
    return float(np.log(total) - weighted / total)


def _band(signal: Signal, low_hz: float, high_hz: float) -> float:
    first = int(np.ceil(low_hz / signal.resolution_hz))
    last = int(np.ceil(high_hz / signal.resolution_hz))
    return float(signal.amplitude[first:last].sum(dtype=np.float64))


def _line(signal: Signal, frequency_hz: float) -> float:
    line = round(frequency_hz / signal.resolution_hz)
    return float(signal.amplitude[line]) if line < len(signal.amplitude) else 0.0
