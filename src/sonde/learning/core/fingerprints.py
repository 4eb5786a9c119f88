"""Near-duplicate fingerprints: 64 bits that stay (nearly) the same for a copy of a window.

Bit ``k`` is the sign of the window's projection on a fixed random direction (Charikar 2002,
"Similarity estimation techniques from rounding algorithms"): two windows at angle ``a`` differ in
a bit with probability ``a / pi``. Scaling leaves all bits alone, a little noise flips few, and
unrelated windows differ in about 32.
"""

import numpy as np
from numpy.typing import NDArray

NEAR_DUPLICATE_BITS = 2
_BITS = 64
_BATCH = 256


def window_fingerprints(windows: NDArray[np.floating]) -> NDArray[np.uint64]:
    """Return the fingerprint of every window.

    Parameters
    ----------
    windows : ndarray of float, shape (sample, channel, time)
        Any unit; the mean of each channel is taken off first.

    Returns
    -------
    ndarray of uint64, shape (sample,)

    Examples
    --------
    >>> noise = np.random.default_rng(0).normal(size=(2, 1, 500))
    >>> first, second = window_fingerprints(noise)
    >>> first == window_fingerprints(3.0 * noise[:1])[0], first == second
    (np.True_, np.False_)
    """
    flat_length = windows.shape[1] * windows.shape[2]
    directions = _directions(flat_length)
    powers = np.left_shift(np.uint64(1), np.arange(_BITS, dtype=np.uint64))
    fingerprints = np.empty(len(windows), dtype=np.uint64)
    for start in range(0, len(windows), _BATCH):
        batch = np.asarray(windows[start : start + _BATCH], dtype=np.float32)
        batch = (batch - batch.mean(axis=2, keepdims=True)).reshape(len(batch), flat_length)
        signs = batch @ directions > 0.0
        fingerprints[start : start + _BATCH] = (signs * powers).sum(axis=1, dtype=np.uint64)
    return fingerprints


def _directions(length: int) -> NDArray[np.float32]:
    random = np.random.default_rng(64)
    return random.standard_normal((length, _BITS), dtype=np.float32)


def has_near_duplicate(
    ours: NDArray[np.uint64],
    theirs: NDArray[np.uint64],
    most_bits: int = NEAR_DUPLICATE_BITS,
) -> NDArray[np.bool_]:
    """Return which of `ours` differ in at most `most_bits` bits from any of `theirs`.

    Parameters
    ----------
    ours : ndarray of uint64, shape (n,)
    theirs : ndarray of uint64, shape (m,)
    most_bits : int

    Returns
    -------
    ndarray of bool, shape (n,)

    Examples
    --------
    >>> ours = np.array([0b1111, 0b0000], dtype=np.uint64)
    >>> has_near_duplicate(ours, np.array([0b1110], dtype=np.uint64), most_bits=1).tolist()
    [True, False]
    """
    found = np.zeros(len(ours), dtype=np.bool_)
    if not len(theirs):
        return found
    for start in range(0, len(ours), _BATCH):
        bits = np.bitwise_count(ours[start : start + _BATCH, None] ^ theirs[None, :])
        found[start : start + _BATCH] = bits.min(axis=1) <= most_bits
    return found
