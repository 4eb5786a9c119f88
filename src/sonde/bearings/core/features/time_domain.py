"""Seven features of the waveform."""

from collections.abc import Mapping

import numpy as np

from sonde.bearings.core.features.shared import Signal, ratio, shape_moments

NAMES = (
    "RMS",
    "Kurtosis",
    "Skewness",
    "CrestFactor",
    "ShapeFactor",
    "ImpulseFactor",
    "ClearanceFactor",
)


def time_features(signal: Signal) -> Mapping[str, float]:
    """Compute the features of the waveform.

    Parameters
    ----------
    signal : Signal

    Returns
    -------
    mapping of str to float
        ``Kurtosis`` is the excess kurtosis; the factors are peak over RMS (crest), RMS over mean
        magnitude (shape), peak over mean magnitude (impulse), and peak over the squared mean root
        of the magnitude (clearance). Factors of a silent signal are 0.

    Examples
    --------
    >>> square = np.tile([1.0, -1.0], 500)
    >>> values = time_features(Signal(square, 1000.0))
    >>> values["RMS"], values["Kurtosis"], values["CrestFactor"]
    (1.0, -2.0, 1.0)
    """
    samples, magnitude = signal.samples, signal.magnitude
    n = len(samples)
    rms = float(np.sqrt(np.dot(samples, samples) / n))
    skewness, kurtosis = shape_moments(samples)
    peak = float(magnitude.max())
    mean_magnitude = float(magnitude.sum(dtype=np.float64)) / n
    mean_root = float(np.sqrt(magnitude).sum(dtype=np.float64)) / n
    return {
        "RMS": rms,
        "Kurtosis": kurtosis,
        "Skewness": skewness,
        "CrestFactor": ratio(peak, rms),
        "ShapeFactor": ratio(rms, mean_magnitude),
        "ImpulseFactor": ratio(peak, mean_magnitude),
        "ClearanceFactor": ratio(peak, mean_root**2),
    }
