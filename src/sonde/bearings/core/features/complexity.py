"""Entropies of short patterns, and how a signal's spread grows with time."""

import math
from collections.abc import Iterator, Mapping

import numpy as np
import scipy
from numpy.typing import NDArray

from sonde.bearings.core.features.shared import Signal

_TOLERANCE = 0.2
_PIECE = 1024
_MOST_PIECES = 8
_SHORTEST_BOX = 16
_N_BOXES = 20
_FIRST_OCTAVE = 3
_FEWEST_DETAILS = 8
_WAVELET = "db4"


def complexity_features(signal: Signal) -> Mapping[str, float]:
    """Compute sample and approximate entropy, the DFA exponent and the Hurst exponent.

    Parameters
    ----------
    signal : Signal

    Returns
    -------
    mapping of str to float
        All 0 for a constant. The entropies compare every pattern with every other: of a long
        signal at most 8 evenly spaced pieces of 1,024 samples are looked at, at the full rate.
    """
    samples = signal.samples.astype(np.float64, copy=False)
    tolerance = _TOLERANCE * float(samples.std())
    counts, approximate = np.zeros(2, dtype=np.int64), []
    for piece in _pieces(samples):
        near = matches(piece.astype(np.float32), tolerance)
        counts += pattern_pairs(near)
        approximate.append(approximate_entropy(near))
    return {
        "SampleEntropy": sample_entropy(int(counts[0]), int(counts[1])),
        "ApproximateEntropy": float(np.mean(approximate)),
        "DFAAlpha": dfa_alpha(samples),
        "Hurst": hurst(samples),
    }


def _pieces(samples: NDArray[np.float64]) -> Iterator[NDArray[np.float64]]:
    length = min(_PIECE, len(samples))
    count = min(_MOST_PIECES, max(1, len(samples) // _PIECE))
    for start in np.linspace(0, len(samples) - length, count).astype(int):
        yield samples[start : start + length]


def matches(piece: NDArray[np.floating], tolerance: float) -> NDArray[np.bool_]:
    """Return which samples are near which, shape (time, time).

    Parameters
    ----------
    piece : ndarray of float, shape (time,)
    tolerance : float
        Largest difference of two samples that match, in the unit of the samples.
    """
    near: NDArray[np.bool_] = np.abs(piece[:, None] - piece[None, :]) <= tolerance
    return near


def pattern_pairs(near: NDArray[np.bool_]) -> tuple[int, int]:
    """Return how many patterns of 2 and of 3 samples match another one.

    Parameters
    ----------
    near : ndarray of bool, shape (time, time)
    """
    two = near[:-2, :-2] & near[1:-1, 1:-1]
    three = two & near[2:, 2:]
    return int(np.count_nonzero(two)) - len(two), int(np.count_nonzero(three)) - len(two)


def sample_entropy(pairs_of_2: int, pairs_of_3: int) -> float:
    """Return the sample entropy for patterns of 2 samples, in nats.

    Parameters
    ----------
    pairs_of_2, pairs_of_3 : int
        Patterns of that length that match, none with itself.

    Returns
    -------
    float
        ``-ln(pairs_of_3 / pairs_of_2)``; where no longer pattern matches, one is taken. Richman
        and Moorman, American Journal of Physiology 278 (2000).

    Examples
    --------
    >>> sample_entropy(*pattern_pairs(matches(np.tile([1.0, 2.0, 3.0], 30), 0.1)))
    0.0
    """
    if pairs_of_2 == 0:
        return 0.0
    return -math.log(max(pairs_of_3, 1) / pairs_of_2) + 0.0


def approximate_entropy(near: NDArray[np.bool_]) -> float:
    """Return the approximate entropy for patterns of 2 samples, in nats.

    Parameters
    ----------
    near : ndarray of bool, shape (time, time)

    Returns
    -------
    float
        ``phi_2 - phi_3``, each pattern matching itself too. Pincus, PNAS 88 (1991).

    Examples
    --------
    >>> round(approximate_entropy(matches(np.tile([85.0, 80.0, 89.0], 17), 3.0)), 13)
    1.09965411e-05
    """
    two = near[:-1, :-1] & near[1:, 1:]
    three = two[:-1, :-1] & near[2:, 2:]
    return abs(_mean_log_share(two) - _mean_log_share(three))


def _mean_log_share(pairs: NDArray[np.bool_]) -> float:
    return float(np.log(np.count_nonzero(pairs, axis=1) / len(pairs)).mean())


def dfa_alpha(samples: NDArray[np.float64]) -> float:
    """Return the exponent of detrended fluctuations.

    Parameters
    ----------
    samples : ndarray of float64, shape (time,)
        At least 256.

    Returns
    -------
    float
        Slope of ln F(n) over ln n for 20 box lengths from 16 to a tenth of the signal: 0.5 for
        white noise, 1.5 for its running sum. 0 for a constant. Peng et al., Physical Review E 49
        (1994).
    """
    profile = np.cumsum(samples - samples.mean())
    longest = max(len(samples) // 10, 2 * _SHORTEST_BOX)
    boxes = np.unique(np.geomspace(_SHORTEST_BOX, longest, _N_BOXES).astype(int))
    residuals = np.array([_residual(profile, int(box)) for box in boxes])
    if not (residuals > 0).all():
        return 0.0
    return float(np.polyfit(np.log(boxes), 0.5 * np.log(residuals), 1)[0])


def _residual(profile: NDArray[np.float64], box: int) -> float:
    """Return the mean square of what a straight line leaves of the profile in boxes."""
    parts = profile[: len(profile) // box * box].reshape(-1, box)
    parts = parts - parts.mean(axis=1, keepdims=True)
    time = np.arange(box) - (box - 1) / 2
    slopes = parts @ time / float(time @ time)
    return float(np.square(parts - slopes[:, None] * time).mean())


def hurst(samples: NDArray[np.float64]) -> float:
    """Return the Hurst exponent of a signal seen as fractional noise.

    Parameters
    ----------
    samples : ndarray of float64, shape (time,)
        At least 256.

    Returns
    -------
    float
        From the variance of wavelet details over octaves, weighted by how many there are: 0.5 for
        white noise, more where swings last. Outside 0 to 1 the signal is no such noise. 0 for a
        constant. Abry and Veitch, IEEE Transactions on Information Theory 44 (1998).
    """
    import pywt

    levels = int(math.log2(len(samples) / _FEWEST_DETAILS))
    details = pywt.wavedec(samples, _WAVELET, mode="periodization", level=levels)[:0:-1]
    chosen = details[_FIRST_OCTAVE - 1 :]
    energies = np.array([float(np.square(one).mean()) for one in chosen])
    if not (energies > 0).all():
        return 0.0
    counts = np.array([len(one) for one in chosen])
    bias = scipy.special.digamma(counts / 2) / math.log(2) - np.log2(counts / 2)
    octaves = np.arange(_FIRST_OCTAVE, _FIRST_OCTAVE + len(chosen))
    slope = np.polyfit(octaves, np.log2(energies) - bias, 1, w=np.sqrt(counts))[0]
    return float(slope + 1) / 2
