"""Target rate and length of recordings: resampling without aliases, cropping, windows, z-score."""

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sonde.platform.core.errors import Invalid

WHOLE, CROP, WINDOW = "whole", "crop", "window"
CUTS = (WHOLE, CROP, WINDOW)
MIN_LENGTH = 64
_MAX_LENGTH = 1 << 26
_MAX_RATE_HZ = 100e6
_MAX_FACTOR = 20_000
# Zeros of the filter's impulse response on each side, and its edge as a part of the new Nyquist
# frequency: with this window the pass band ends at 0.83 and aliases are 80 dB down.
_LOBES, _EDGE, _KAISER = 32, 0.915, 8.6


@dataclass(frozen=True)
class Shaping:
    """What is done to the samples of every recording, in this order.

    Parameters
    ----------
    resample_hz : float, optional
        New sampling rate; None keeps each recording's own.
    length : int, optional
        Samples of each recording; None keeps what there is.
    cut : str
        ``"crop"`` keeps the first `length` samples, ``"window"`` makes a recording of each
        following piece of `length` samples, ``"whole"`` cuts nothing.
    normalise : bool
        Take the mean away and divide by the standard deviation, each channel by its own.
    """

    resample_hz: float | None = None
    length: int | None = None
    cut: str = WHOLE
    normalise: bool = False


@dataclass(frozen=True)
class Piece:
    """One recording as it is stored.

    Parameters
    ----------
    samples : ndarray of float32, shape (channel, time)
    sampling_rate_hz : float or None
    start : int
        Where it begins, in samples of the new rate.
    mean, standard_deviation : float
        Of the first channel before it was normalised; 0 and 1 where it was not.
    """

    samples: NDArray[np.float32]
    sampling_rate_hz: float | None
    start: int = 0
    mean: float = 0.0
    standard_deviation: float = 1.0


def checked_shaping(shaping: Shaping) -> Shaping:
    """Return `shaping` if it makes sense; raises Invalid with what is wrong.

    Examples
    --------
    >>> checked_shaping(Shaping(length=1024, cut="crop")).length
    1024
    """
    if shaping.cut not in CUTS:
        raise Invalid(f"{shaping.cut!r} is no way to cut; {', '.join(CUTS)} are.", field="cut")
    if shaping.cut != WHOLE and shaping.length is None:
        raise Invalid("Say how many samples each recording shall have.", field="length")
    if shaping.length is not None and not MIN_LENGTH <= shaping.length <= _MAX_LENGTH:
        raise Invalid(f"A recording has {MIN_LENGTH} to {_MAX_LENGTH:,} samples.", field="length")
    rate = shaping.resample_hz
    if rate is not None and not 0 < rate <= _MAX_RATE_HZ:
        raise Invalid("The new sampling rate must be a positive number of Hz.", field="resample_hz")
    return shaping


def shaped(
    samples: NDArray[np.float32], sampling_rate_hz: float | None, shaping: Shaping
) -> Iterator[Piece]:
    """Go through the recordings that become of one.

    Parameters
    ----------
    samples : ndarray of float32, shape (channel, time)
    sampling_rate_hz : float, optional
    shaping : Shaping

    Raises
    ------
    Invalid
        If it is too short for one piece, or its rate must be known and is not.

    Examples
    --------
    >>> ramp = np.arange(1000, dtype=np.float32)[None, :]
    >>> [piece.start for piece in shaped(ramp, 100.0, Shaping(length=300, cut="window"))]
    [0, 300, 600]
    """
    rate = sampling_rate_hz
    if shaping.resample_hz is not None:
        if rate is None:
            raise Invalid(
                "Its sampling rate is unknown, so it cannot be brought to "
                f"{shaping.resample_hz:g} Hz; give the rate with the import."
            )
        samples, rate = resampled(samples, rate, shaping.resample_hz), shaping.resample_hz
    for start, stop in _cuts(samples.shape[1], shaping):
        piece = samples[:, start:stop]
        if shaping.normalise:
            yield _normalised(piece, rate, start)
        else:
            yield Piece(np.ascontiguousarray(piece), rate, start)


def _cuts(n_samples: int, shaping: Shaping) -> list[tuple[int, int]]:
    if shaping.cut == WHOLE or shaping.length is None:
        return [(0, n_samples)]
    if n_samples < shaping.length:
        raise Invalid(f"It has {n_samples:,} samples, fewer than the {shaping.length:,} asked for.")
    last = n_samples - shaping.length if shaping.cut == WINDOW else 0
    return [(start, start + shaping.length) for start in range(0, last + 1, shaping.length)]


def _normalised(samples: NDArray[np.float32], rate: float | None, start: int) -> Piece:
    mean = samples.mean(axis=1, dtype=np.float64, keepdims=True)
    spread = samples.std(axis=1, dtype=np.float64, keepdims=True)
    scaled = (samples - mean) / np.where(spread > 0, spread, 1.0)
    return Piece(scaled.astype(np.float32), rate, start, float(mean[0, 0]), float(spread[0, 0]))


def resampled(
    samples: NDArray[np.float32], sampling_rate_hz: float, target_hz: float
) -> NDArray[np.float32]:
    """Return samples at another rate, filtered so that nothing is folded back.

    Parameters
    ----------
    samples : ndarray of float32, shape (channel, time)
    sampling_rate_hz, target_hz : float

    Returns
    -------
    ndarray of float32, shape (channel, time)

    Examples
    --------
    >>> resampled(np.ones((1, 1000), dtype=np.float32), 25_600.0, 12_800.0).shape
    (1, 500)
    """
    from scipy.signal import firwin, resample_poly

    ratio = Fraction(target_hz / sampling_rate_hz).limit_denominator(_MAX_FACTOR)
    up, down = ratio.numerator, ratio.denominator
    if up == down:
        return samples
    if not 0 < up <= _MAX_FACTOR:
        raise Invalid(f"{sampling_rate_hz:g} Hz cannot be brought to {target_hz:g} Hz.")
    widest = max(up, down)
    taps = firwin(2 * _LOBES * widest + 1, _EDGE / widest, window=("kaiser", _KAISER))
    exact: Any = samples.astype(np.float64)
    coefficients: Any = taps
    made = resample_poly(exact, up, down, axis=1, window=coefficients, padtype="line")
    return np.ascontiguousarray(made, dtype=np.float32)
