"""Six features of the diagonal slice of the bispectrum."""

from collections.abc import Mapping

import numpy as np
import scipy

from sonde.bearings.core.features.shared import Signal, ratio, shape_moments

NAMES = (
    "BispectrumPeak",
    "BispectrumMean",
    "BispectrumEntropy",
    "PhaseCoupling",
    "NonlinearityIndex",
    "BispectrumPeakRatio",
)

_SEGMENT = 512
_SHORTEST_SEGMENT = 64
_FLOOR = 1e-30


def bispectrum_features(signal: Signal) -> Mapping[str, float]:
    """Compute the features of ``B(k) = |mean X(k)^2 conj X(2k)|`` over segments of 512 samples.

    Parameters
    ----------
    signal : Signal

    Returns
    -------
    mapping of str to float
        ``PhaseCoupling`` is ``tanh(sum B / sum |X|^2)`` of the first segment and
        ``NonlinearityIndex`` the mean of ``mean B`` and the magnitude of the skewness, as the
        original defines them.
    """
    samples = signal.samples
    size = min(_SEGMENT, max(_SHORTEST_SEGMENT, len(samples) // 4))
    size = min(size, len(samples))
    segments = samples[: len(samples) // size * size].reshape(-1, size)
    lines = scipy.fft.rfft(segments, axis=1)
    count = max(1, size // 4)
    slices = (lines[:, :count] ** 2 * lines[:, : 2 * count : 2].conj()).mean(axis=0)
    values = np.abs(slices).astype(np.float64)
    total, mean = float(values.sum()), float(values.mean())
    share = values / total if total > _FLOOR else np.full(count, 1 / count)
    first = lines[0].real.astype(np.float64) ** 2 + lines[0].imag.astype(np.float64) ** 2
    skewness, _ = shape_moments(samples)
    return {
        "BispectrumPeak": float(values.max()),
        "BispectrumMean": mean,
        "BispectrumEntropy": float(-(share * np.log(share + _FLOOR)).sum()),
        "PhaseCoupling": float(np.tanh(ratio(total, float(first.sum())))),
        "NonlinearityIndex": (mean + abs(skewness)) / 2,
        "BispectrumPeakRatio": ratio(float(values.max()), mean),
    }
