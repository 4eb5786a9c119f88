"""What may be wrong with measured samples: findings that a person should look at.

Each check is conservative: a sound recording has no finding. Nothing is repaired or refused here.
"""

from collections.abc import Iterator, Sequence

import numpy as np
import scipy
from numpy.typing import NDArray

# A clipped wave stays at its limit for some samples in a row, many times over.
_FLAT_TOP, _CLIPPED_SHARE = 3, 2e-4
_DROPOUT_SAMPLES = 32
_DROPOUT_SHARE_OF_LENGTH = 0.002
_OFFSET_IN_STANDARD_DEVIATIONS = 1.0
# Above a digital low-pass there is nothing but rounding; noise of a sensor is far above this.
_BANDS, _EMPTY_DB, _EMPTY_ABOVE = 64, 70.0, 0.6
_MIN_SAMPLES_FOR_SPECTRUM = 2048


def findings_of(
    samples: NDArray[np.float32],
    channels: Sequence[str],
    sampling_rate_hz: float | None,
    *,
    tacho: str = "",
) -> tuple[str, ...]:
    """Return what is suspicious about a recording, in sentences that name the channel.

    Parameters
    ----------
    samples : ndarray of float32, shape (channel, time)
    channels : sequence of str
    sampling_rate_hz : float, optional
    tacho : str
        Name of the tacho channel, whose pulses are flat and off zero as they should be.

    Returns
    -------
    tuple of str

    Examples
    --------
    >>> wave = 2 * np.sin(np.arange(4000, dtype=np.float32) / 7)
    >>> findings_of(np.clip(wave, -1, 1)[None, :], ["DE"], None)
    ('DE: clipped at -1 and 1 (66.5 % of the samples).',)
    """
    found: list[str] = []
    for name, values in zip(channels, samples, strict=True):
        if name != tacho:
            found += [f"{name}: {finding}." for finding in _of_channel(values, sampling_rate_hz)]
    return tuple(found)


def _of_channel(values: NDArray[np.float32], rate: float | None) -> Iterator[str]:
    broken = values.size - int(np.count_nonzero(np.isfinite(values)))
    if broken:
        yield f"{broken:,} values are not finite numbers"
        return
    if values.size == 0 or values.min() == values.max():
        yield "constant, nothing was measured"
        return
    for finding in (clipping(values), dropouts(values), offset(values), emptiness(values, rate)):
        if finding:
            yield finding


def clipping(values: NDArray[np.float32]) -> str:
    """Say at which limits a wave is cut off; empty if it is not.

    Parameters
    ----------
    values : ndarray of float32, shape (time,)
        Finite.

    Examples
    --------
    >>> clipping(np.sin(np.arange(5000) / 9).astype(np.float32))
    ''
    """
    limits, cut = [], 0
    for limit in (values.min(), values.max()):
        starts, lengths = _runs(values == limit)
        del starts
        flat = int(lengths[lengths >= _FLAT_TOP].sum())
        if flat >= max(2 * _FLAT_TOP, _CLIPPED_SHARE * values.size) and limit != 0:
            limits.append(f"{limit:.4g}")
            cut += flat
    if not limits:
        return ""
    return f"clipped at {' and '.join(limits)} ({_share(cut, values.size)} of the samples)"


def dropouts(values: NDArray[np.float32]) -> str:
    """Say how often the signal stands still for a while; empty if it never does.

    Parameters
    ----------
    values : ndarray of float32, shape (time,)

    Examples
    --------
    >>> wave = np.sin(np.arange(5000) / 9).astype(np.float32)
    >>> wave[1000:1200] = 0
    >>> dropouts(wave)
    'dropouts: 1 stretch without change, 200 samples (4.0 %), the first at sample 1,000'
    """
    starts, lengths = _runs(values[1:] == values[:-1])
    long = lengths + 1 >= max(_DROPOUT_SAMPLES, int(_DROPOUT_SHARE_OF_LENGTH * values.size))
    inside = [
        (int(start), int(length) + 1)
        for start, length in zip(starts[long], lengths[long], strict=True)
        if values[start] not in {values.min(), values.max()}
    ]
    if not inside:
        return ""
    still = sum(length for _, length in inside)
    noun = "stretch" if len(inside) == 1 else "stretches"
    return (
        f"dropouts: {len(inside)} {noun} without change, {still:,} samples "
        f"({_share(still, values.size)}), the first at sample {inside[0][0]:,}"
    )


def offset(values: NDArray[np.float32]) -> str:
    """Say how far the signal is off zero, if that is more than it moves; else empty.

    Parameters
    ----------
    values : ndarray of float32, shape (time,)

    Examples
    --------
    >>> offset(np.sin(np.arange(5000) / 9).astype(np.float32) + 3)
    'DC offset of 3, 4.2 times what it moves (RMS)'
    """
    mean = float(values.mean(dtype=np.float64))
    spread = float(values.std(dtype=np.float64))
    if abs(mean) <= _OFFSET_IN_STANDARD_DEVIATIONS * spread:
        return ""
    return f"DC offset of {mean:.3g}, {abs(mean) / spread:.2g} times what it moves (RMS)"


def emptiness(values: NDArray[np.float32], sampling_rate_hz: float | None) -> str:
    """Say above which frequency there is nothing, as after upsampling; empty if all is used.

    A recording whose rate is said too high, or that was brought up from a lower rate, has no
    content in the upper part of its spectrum, not even the noise of its sensor.

    Parameters
    ----------
    values : ndarray of float32, shape (time,)
    sampling_rate_hz : float, optional

    Examples
    --------
    >>> noise = np.random.default_rng(0).standard_normal(8192).astype(np.float32)
    >>> emptiness(noise, 10_000.0)
    ''
    """
    if values.size < _MIN_SAMPLES_FOR_SPECTRUM:
        return ""
    window = np.blackman(values.size).astype(np.float32)
    lines = np.abs(scipy.fft.rfft((values - values.mean(dtype=np.float64)) * window)) ** 2
    usable = lines[: lines.size // _BANDS * _BANDS].reshape(_BANDS, -1)
    level = 10 * np.log10(np.median(usable, axis=1) + 1e-300)
    lower = np.sort(level[: _BANDS // 2])[_BANDS // 4 :]
    filled = np.flatnonzero(level > float(np.median(lower)) - _EMPTY_DB)
    edge = (int(filled[-1]) + 1) / _BANDS if filled.size else 0.0
    is_noise_below = float(np.median(level[: _BANDS // 8])) > level.max() - _EMPTY_DB
    if edge >= _EMPTY_ABOVE or not is_noise_below:
        return ""
    above = f"{edge:.0%} of the Nyquist frequency"
    if sampling_rate_hz:
        above += f" ({edge * sampling_rate_hz / 2:,.0f} Hz)"
    return f"wrong rate suspected: nothing above {above}, as after upsampling"


def _runs(is_on: NDArray[np.bool_]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return where stretches of True begin, and how long each is."""
    edges = np.diff(np.concatenate([[0], is_on.astype(np.int8), [0]]))
    starts = np.flatnonzero(edges == 1)
    return starts, np.flatnonzero(edges == -1) - starts


def _share(part: int, whole: int) -> str:
    return f"{100 * part / whole:.1f} %" if part / whole >= 1e-3 else "under 0.1 %"
