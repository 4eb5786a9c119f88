"""The transforms of MiniRocket and HYDRA, compiled. Import it where it is used: it brings numba.

Written out here so that a stored model is asked without the library that learned it, which would
bring a deep-learning framework into the web process. Tests hold both to that library's answers.
"""

from itertools import combinations
from typing import Any

import numpy as np
from numba import njit
from numpy.typing import NDArray

Array = NDArray[Any]
TAPS = 9
_ZERO, _ONE, _THREE = np.float32(0.0), np.float32(1.0), np.float32(3.0)
_TRIPLES = np.array(list(combinations(range(TAPS), 3)), dtype=np.int64)


def minirocket_features(
    windows: NDArray[np.float32], parameters: tuple[NDArray[Any], ...]
) -> NDArray[np.float32]:
    """Return the shares of time in which each convolution lies above its bias.

    Parameters
    ----------
    windows : ndarray of float32, shape (sample, channel, time)
    parameters : tuple of ndarray
        Channels per kernel, their indices, dilations, features per dilation, biases.

    Returns
    -------
    ndarray of float32, shape (sample, feature)
    """
    counts, channels, dilations, per_dilation, biases = (
        np.ascontiguousarray(one, dtype=kind)
        for one, kind in zip(
            parameters, (np.int64, np.int64, np.int64, np.int64, np.float32), strict=True
        )
    )
    answer = np.zeros((len(windows), len(biases)), dtype=np.float32)
    for window, row in zip(np.ascontiguousarray(windows, dtype=np.float32), answer, strict=True):
        _minirocket(window, (counts, channels, dilations, per_dilation), biases, _TRIPLES, row)
    return answer


@njit(cache=True, fastmath=True, nogil=True)
def _minirocket(
    window: Array, layout: tuple[Array, ...], biases: Array, triples: Array, row: Array
) -> None:
    counts, channels, dilations, per_dilation = layout
    n_channels, n_times = window.shape
    shifted = np.zeros((TAPS, n_channels, n_times), dtype=np.float32)
    minus = np.zeros((n_channels, n_times), dtype=np.float32)
    wave = np.zeros(n_times, dtype=np.float32)
    feature, channel_at = 0, 0
    for number, dilation in enumerate(dilations):
        _shift(window, dilation, shifted, minus)
        padding = (TAPS - 1) * dilation // 2
        for kernel in range(len(triples)):
            one, two, three = triples[kernel]
            wave[:] = 0.0
            for _ in range(counts[number * len(triples) + kernel]):
                seen, less = shifted[:, channels[channel_at]], minus[channels[channel_at]]
                wave += _THREE * (seen[one] + seen[two] + seen[three]) - less
                channel_at += 1
            is_whole = (number + kernel) % 2 == 0
            part = wave[0:n_times] if is_whole else wave[padding : n_times - padding]
            for _ in range(per_dilation[number]):
                row[feature] = _share_above(part, biases[feature])
                feature += 1


@njit(cache=True, fastmath=True, nogil=True)
def _share_above(part: Array, bias: float) -> float:
    """Count in float32, exact up to 2 ** 24: integers would not be vectorised."""
    above = _ZERO
    for time in range(len(part)):
        above += _ONE if part[time] > bias else _ZERO
    return float(above / np.float32(len(part)))


@njit(cache=True, fastmath=True, nogil=True)
def _shift(window: Array, dilation: int, shifted: Array, minus: Array) -> None:
    """Fill in the window seen by each of the nine taps, zero beyond its ends, and their sum."""
    n_times = window.shape[1]
    minus[:] = 0.0
    for tap in range(TAPS):
        shift = (tap - TAPS // 2) * dilation
        first, last = max(0, -shift), min(n_times, n_times - shift)
        shifted[tap, :, :] = 0.0
        for channel in range(len(window)):
            for time in range(first, last):
                shifted[tap, channel, time] = window[channel, time + shift]
                minus[channel, time] += window[channel, time + shift]


def hydra_features(
    windows: NDArray[np.float32],
    kernels: NDArray[np.float32],
    channels: NDArray[np.int64],
) -> NDArray[np.float32]:
    """Return how often, and how strongly, each kernel is the nearest of its group.

    Parameters
    ----------
    windows : ndarray of float32, shape (sample, channel, time)
    kernels : ndarray of float32, shape (dilation, 2, group, kernel, tap)
        Dilation number ``d`` is ``2 ** d``; the second axis is the window and its difference.
    channels : ndarray of int64, shape (dilation, 2, group, chosen)
        Channels whose sum each group looks at.

    Returns
    -------
    ndarray of float32, shape (sample, feature)
        For every dilation and for window and difference: the sums of the maxima by kernel, then
        the counts of the minima by kernel.
    """
    n_features = 2 * kernels[..., 0].size
    answer = np.zeros((len(windows), n_features), dtype=np.float32)
    whole = np.ascontiguousarray(kernels, dtype=np.float32)
    chosen = np.ascontiguousarray(channels, dtype=np.int64)
    for window, row in zip(np.ascontiguousarray(windows, dtype=np.float32), answer, strict=True):
        difference = np.ascontiguousarray(np.diff(window, axis=1))
        _hydra(window, difference, whole, chosen, row)
    return answer


@njit(cache=True, fastmath=True, nogil=True)
def _hydra(window: Array, difference: Array, kernels: Array, channels: Array, row: Array) -> None:
    n_dilations, _, n_groups, n_kernels, _ = kernels.shape
    width = n_groups * n_kernels
    heard = np.zeros(window.shape[1], dtype=np.float32)
    answers = np.zeros((n_kernels, window.shape[1]), dtype=np.float32)
    for number in range(n_dilations):
        for side in range(2):
            source = window if side == 0 else difference
            n_times = source.shape[1]
            start = (number * 2 + side) * 2 * width
            for group in range(n_groups):
                heard[:] = 0.0
                for channel in channels[number, side, group]:
                    heard[:n_times] += source[channel]
                _convolve(heard, n_times, kernels[number, side, group], 2**number, answers)
                at = start + group * n_kernels
                _count(answers, n_times, row[at : at + n_kernels], row[at + width :])


@njit(cache=True, fastmath=True, nogil=True)
def _convolve(heard: Array, n_times: int, kernels: Array, dilation: int, answers: Array) -> None:
    answers[:] = 0.0
    for kernel in range(len(kernels)):
        for tap in range(TAPS):
            shift = (tap - TAPS // 2) * dilation
            first, last = max(0, -shift), min(n_times, n_times - shift)
            weight = kernels[kernel, tap]
            for time in range(first, last):
                answers[kernel, time] += weight * heard[time + shift]


@njit(cache=True, nogil=True)
def _count(answers: Array, n_times: int, strongest: Array, weakest: Array) -> None:
    high, low = answers[0, :n_times].copy(), answers[0, :n_times].copy()
    of_high, of_low = np.zeros(n_times, dtype=np.int32), np.zeros(n_times, dtype=np.int32)
    for kernel in range(1, len(answers)):
        row = answers[kernel]
        for time in range(n_times):
            is_high, is_low = row[time] > high[time], row[time] < low[time]
            high[time] = row[time] if is_high else high[time]
            of_high[time] = kernel if is_high else of_high[time]
            low[time] = row[time] if is_low else low[time]
            of_low[time] = kernel if is_low else of_low[time]
    for time in range(n_times):
        strongest[of_high[time]] += high[time]
        weakest[of_low[time]] += _ONE
