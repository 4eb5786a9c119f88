"""The image that every time-frequency transform gives, small enough to be sent to a browser."""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from sonde.platform.core.errors import Invalid


@dataclass(frozen=True)
class ImageSize:
    """How large an image may become.

    Parameters
    ----------
    rows, columns : int
        Most frequencies and most moments.
    """

    rows: int = 257
    columns: int = 1024


SENT = ImageSize()
WHOLE = ImageSize(rows=2**40, columns=2**40)


@dataclass(frozen=True)
class TimeFrequencyImage:
    """Strength over time and frequency.

    Parameters
    ----------
    times_s : ndarray of float64, shape (time,)
        Middle of every column, from the first sample on.
    frequencies_hz : ndarray of float64, shape (frequency,)
        Middle of every row, increasing; evenly spaced, or by a constant ratio (wavelets).
    values : ndarray of float32, shape (frequency, time)
    quantity : str
        ``"amplitude"`` (a sine of amplitude A shows as A), ``"power spectral density"`` or
        ``"energy density"`` (may be negative: interference).
    unit : str
        Unit of `values` for a signal in units of "u": ``"u"`` or ``"u^2/Hz"``.
    """

    times_s: NDArray[np.float64]
    frequencies_hz: NDArray[np.float64]
    values: NDArray[np.float32]
    quantity: str
    unit: str

    def beginning_at(self, start_s: float) -> "TimeFrequencyImage":
        """Return the same image of a stretch that begins `start_s` into its recording."""
        return replace(self, times_s=self.times_s + start_s)

    def reduced(self, size: ImageSize = SENT) -> "TimeFrequencyImage":
        """Return an image of at most `size`, each value the highest of its bucket.

        Examples
        --------
        >>> values = np.zeros((100, 1000), dtype=np.float32)
        >>> values[37, 541] = 2.0
        >>> image = TimeFrequencyImage(np.arange(1000.0), np.arange(100.0), values, "", "u")
        >>> small = image.reduced(ImageSize(rows=10, columns=100))
        >>> small.values.shape, float(small.values[3, 54])
        ((10, 100), 2.0)
        """
        values = highest_per_bucket(self.values, size.rows, axis=0)
        return replace(
            self,
            times_s=middle_per_bucket(self.times_s, size.columns),
            frequencies_hz=middle_per_bucket(self.frequencies_hz, size.rows),
            values=highest_per_bucket(values, size.columns, axis=1),
        )


def bucket_starts(length: int, count: int) -> NDArray[np.intp]:
    """Return where each of at most `count` buckets of one width begins.

    Examples
    --------
    >>> bucket_starts(10, 4).tolist(), bucket_starts(3, 4).tolist()
    ([0, 3, 6, 9], [0, 1, 2])
    """
    return np.arange(0, length, -(-length // count))


def highest_per_bucket(
    values: NDArray[np.float32], count: int, axis: int = -1
) -> NDArray[np.float32]:
    """Return the highest value of each bucket along one axis; nothing high is lost."""
    if values.shape[axis] <= count:
        return values
    starts = bucket_starts(values.shape[axis], count)
    highest: NDArray[np.float32] = np.maximum.reduceat(values, starts, axis=axis)
    return highest


def middle_per_bucket(positions: NDArray[np.float64], count: int) -> NDArray[np.float64]:
    """Return the middle of the positions that each bucket holds."""
    if len(positions) <= count:
        return positions
    starts = bucket_starts(len(positions), count)
    stops = np.append(starts[1:], len(positions)) - 1
    return (positions[starts] + positions[stops]) / 2


def column_times(n_samples: int, sampling_rate_hz: float, columns: int) -> NDArray[np.float64]:
    """Return the middle of each of `columns` equal parts of a signal, in seconds.

    Examples
    --------
    >>> column_times(8, 2.0, 4).tolist()
    [0.5, 1.5, 2.5, 3.5]
    """
    middles = np.arange(columns, dtype=np.float64) + 0.5
    middles *= n_samples / columns / sampling_rate_hz
    return middles


def checked(samples: NDArray[np.floating], sampling_rate_hz: float, shortest: int) -> None:
    """Raise `Invalid` unless these are enough finite samples at a positive rate."""
    if samples.ndim != 1 or len(samples) < shortest:
        raise Invalid(
            f"This view needs at least {shortest} samples in a row; got shape {samples.shape}. "
            "Choose a longer stretch.",
            field="samples",
        )
    if not sampling_rate_hz > 0:
        raise Invalid(f"The sampling rate must be positive; got {sampling_rate_hz:g} Hz.")
    if not np.isfinite(np.sum(samples, dtype=np.float64)):
        raise Invalid("The signal holds samples that are no numbers.", field="samples")
