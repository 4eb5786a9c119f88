"""Four features of the continuous wavelet transform and four of wavelet packets."""

from collections.abc import Mapping

import numpy as np
import scipy
from numpy.typing import NDArray

from sonde.bearings.core.features.shared import Signal, entropy, ratio

_CENTRE = 6.0
_N_SCALES = 64
_LOWEST, _HIGHEST = 0.005, 0.4
# The Morlet wavelet is below 4e-4 of its peak beyond four standard deviations.
_REACH = 4.0
_PACKET_WAVELET, _PACKET_LEVEL = "db4", 4


def time_scale_features(signal: Signal) -> Mapping[str, float]:
    """Compute the features of the Morlet transform and of the db4 wavelet packets.

    Parameters
    ----------
    signal : Signal

    Returns
    -------
    mapping of str to float
        64 frequencies from 0.005 to 0.4 of the sampling rate, spaced by equal ratios; a tone of
        amplitude A gives ``|W| = A`` at its frequency. Energies of the packets are mean squares
        and add up to that of the signal.

    Examples
    --------
    >>> time_s = np.arange(4096) / 4096
    >>> values = time_scale_features(Signal(np.sin(2 * np.pi * 200 * time_s), 4096.0))
    >>> round(values["CWTPeakEnergy"], 1), abs(values["CWTDominantFreq"] / 200 - 1) < 0.04
    (1.0, True)
    """
    return {**_morlet(signal), **_packets(signal)}


def _morlet(signal: Signal) -> Mapping[str, float]:
    n, lines = len(signal.samples), signal.transformed
    centres = np.geomspace(_LOWEST, _HIGHEST, _N_SCALES) * n
    energies = np.empty(_N_SCALES)
    peak = 0.0
    for number, centre in enumerate(centres):
        spread = _REACH * centre / _CENTRE
        first = max(1, int(centre - spread))
        last = min(len(lines) - 1, int(centre + spread) + 1)
        weighted = lines[first:last] * _gains(first, last, centre, signal)
        energies[number] = float(np.square(np.abs(weighted), dtype=np.float64).sum())
        peak = max(peak, _peak(weighted))
    energies *= 4 / n**2
    total, strongest = float(energies.sum()), int(energies.argmax())
    return {
        "CWTTotalEnergy": total,
        "CWTPeakEnergy": peak * 4 / n**2,
        "CWTEnergyRatio": ratio(float(energies[strongest]), total),
        "CWTDominantFreq": float(centres[strongest]) * signal.resolution_hz if total > 0 else 0.0,
    }


def _gains(first: int, last: int, centre: float, signal: Signal) -> NDArray[np.floating]:
    away = _CENTRE * (np.arange(first, last) / centre - 1)
    return np.exp(-0.5 * away**2).astype(signal.samples.dtype)


def _peak(weighted: NDArray[np.complexfloating]) -> float:
    """Return the largest squared magnitude in time of a narrow band, unnormalised."""
    length = scipy.fft.next_fast_len(2 * len(weighted))
    course = scipy.fft.ifft(weighted, length)
    return float((course.real**2 + course.imag**2).max()) * length**2


def _packets(signal: Signal) -> Mapping[str, float]:
    import pywt

    n = len(signal.samples)
    tree = pywt.WaveletPacket(
        signal.samples, _PACKET_WAVELET, mode="periodization", maxlevel=_PACKET_LEVEL
    )
    packets = [node.data for node in tree.get_level(_PACKET_LEVEL, order="freq")]
    energies = np.array([float(np.dot(one, one)) / n for one in packets])
    strongest = float(energies.max())
    return {
        "WPTMaxEnergy": strongest,
        "WPTEntropy": entropy(energies),
        "WPTStd": float(energies.std()),
        "WPTEnergyRatio": ratio(strongest, float(energies.sum())),
    }
