"""Five features of the wavelet decomposition and two of the cepstrum."""

from collections.abc import Mapping

import numpy as np
import scipy

from sonde.bearings.core.features.shared import Signal, ratio, shape_moments

NAMES = (
    "WaveletEnergyRatio",
    "WaveletKurtosis",
    "WaveletEnergy_D1",
    "WaveletEnergy_D3",
    "WaveletEnergy_D5",
    "CepstralPeakRatio",
    "QuefrencyCentroid",
)

_WAVELET = "db4"
_LEVEL = 5


def wavelet_cepstrum_features(signal: Signal) -> Mapping[str, float]:
    """Compute the features of the db4 decomposition (level 5) and of the real cepstrum.

    Parameters
    ----------
    signal : Signal

    Returns
    -------
    mapping of str to float
        Energies are sums of squared coefficients; ``WaveletEnergyRatio`` is that of the details
        over all. The cepstrum is that of the logarithmic power spectrum, quefrency 0 included, as
        the original defines it; ``QuefrencyCentroid`` is in seconds.
    """
    import pywt

    approximation, *details = pywt.wavedec(signal.samples, _WAVELET, level=_LEVEL)
    energies = [float(np.dot(part, part)) for part in details]
    total = sum(energies) + float(np.dot(approximation, approximation))
    return {
        "WaveletEnergyRatio": ratio(sum(energies), total),
        "WaveletKurtosis": float(np.mean([shape_moments(part)[1] for part in details])),
        "WaveletEnergy_D1": energies[-1],
        "WaveletEnergy_D3": energies[-3],
        "WaveletEnergy_D5": energies[-5],
        **_cepstrum(signal),
    }


def _cepstrum(signal: Signal) -> Mapping[str, float]:
    # The cepstrum of a real signal is even, so its first half says all of it.
    n = len(signal.samples)
    half = np.abs(scipy.fft.irfft(signal.log_power, n)[: n // 2])
    total = float(half.sum(dtype=np.float64))
    index = np.arange(len(half), dtype=half.dtype)
    return {
        "CepstralPeakRatio": ratio(float(half.max()) * len(half), total),
        "QuefrencyCentroid": ratio(float(np.dot(index, half)) / signal.sampling_rate_hz, total),
    }
