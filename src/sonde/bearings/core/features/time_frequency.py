"""Four features of the spectrogram, and the band in which a signal is most impulsive."""

import math
from collections.abc import Mapping

import numpy as np

from sonde.bearings.core.features.shared import FRAME, Signal, entropy

_FEWEST_FRAMES = 8


def time_frequency_features(signal: Signal) -> Mapping[str, float]:
    """Compute entropy, peak, mean and spread of the spectrogram.

    Parameters
    ----------
    signal : Signal

    Returns
    -------
    mapping of str to float
        The entropy is 1 where every cell of time and frequency holds the same power.

    Examples
    --------
    >>> noise = np.random.default_rng(0).standard_normal(8192)
    >>> values = time_frequency_features(Signal(noise, 1000.0))
    >>> round(values["STFTMean"] * 500, 1), values["STFTEntropy"] > 0.9
    (1.0, True)
    """
    power = signal.spectrogram
    return {
        "STFTEntropy": entropy(power) / math.log(power.size),
        "STFTPeak": float(power.max()),
        "STFTMean": float(power.mean()),
        "STFTStd": float(power.std()),
    }


def spectral_kurtosis(signal: Signal) -> tuple[float, float]:
    """Return the highest spectral kurtosis and its frequency in Hz.

    Parameters
    ----------
    signal : Signal

    Returns
    -------
    kurtosis, frequency_hz : float
        0 for stationary noise, -1 for a tone. Both 0 for a signal too short to tell. Antoni, "The
        spectral kurtosis", Mechanical Systems and Signal Processing 20 (2006).
    """
    power = signal.spectrogram[:, 2:-2]
    if len(power) < _FEWEST_FRAMES:
        return 0.0, 0.0
    mean = power.mean(axis=0)
    alive = mean > 0
    kurtosis = np.full(len(mean), -1.0)
    kurtosis[alive] = np.square(power[:, alive]).mean(axis=0) / np.square(mean[alive]) - 2
    best = int(kurtosis.argmax())
    return float(kurtosis[best]), (best + 2) * signal.sampling_rate_hz / FRAME
