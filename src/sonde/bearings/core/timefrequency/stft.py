"""The spectrogram: spectra of short overlapping stretches of a signal."""

from dataclasses import dataclass
from enum import StrEnum

import numpy as np
import scipy
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray

from sonde.bearings.core.spectra import Window, window_weights
from sonde.bearings.core.timefrequency.image import (
    SENT,
    ImageSize,
    TimeFrequencyImage,
    bucket_starts,
    checked,
    highest_per_bucket,
    middle_per_bucket,
)
from sonde.platform.core.errors import Invalid

SHORTEST_SEGMENT = 16
LONGEST_SEGMENT = 65_536
HIGHEST_OVERLAP = 0.95
_VALUES_AT_ONCE = 2**21


class Scaling(StrEnum):
    """What the values of a spectrogram are."""

    AMPLITUDE = "amplitude"
    DENSITY = "power spectral density"


@dataclass(frozen=True)
class SpectrogramSettings:
    """How a spectrogram is taken.

    Parameters
    ----------
    length : int
        Samples per stretch, 16 to 65,536: longer tells frequencies apart, shorter moments.
    overlap : float
        Share of a stretch that the next one holds too, 0 to 0.95.
    window : Window
    scaling : Scaling
    """

    length: int = 1024
    overlap: float = 0.75
    window: Window = Window.HANN
    scaling: Scaling = Scaling.AMPLITUDE

    def __post_init__(self) -> None:
        if not SHORTEST_SEGMENT <= self.length <= LONGEST_SEGMENT:
            raise Invalid(
                f"A stretch of {self.length} samples: choose {SHORTEST_SEGMENT} to "
                f"{LONGEST_SEGMENT:,}.",
                field="length",
            )
        if not 0 <= self.overlap <= HIGHEST_OVERLAP:
            raise Invalid(
                f"An overlap of {self.overlap:g}: choose 0 to {HIGHEST_OVERLAP:g}.",
                field="overlap",
            )

    @property
    def hop(self) -> int:
        """Return by how many samples neighbouring stretches differ."""
        return max(1, round(self.length * (1 - self.overlap)))


def spectrogram(
    samples: NDArray[np.floating],
    sampling_rate_hz: float,
    settings: SpectrogramSettings | None = None,
    size: ImageSize = SENT,
) -> TimeFrequencyImage:
    """Return the spectrogram of a signal.

    Parameters
    ----------
    samples : ndarray of float, shape (time,)
        Its mean is removed; computed as float32.
    sampling_rate_hz : float
    settings : SpectrogramSettings, optional
        A stretch longer than the signal is cut to the signal.
    size : ImageSize
        Larger results are reduced while they are computed, each value the highest of its bucket.

    Returns
    -------
    TimeFrequencyImage
        Rows from 0 Hz to half the sampling rate. Amplitude reads a steady sine of amplitude A as
        A; the power spectral density of every column integrates to the mean square of its
        windowed stretch.

    Raises
    ------
    Invalid
        If there are fewer than 16 finite samples or the rate is not positive.

    Examples
    --------
    >>> time_s = np.arange(8192) / 4096
    >>> settings = SpectrogramSettings(length=512, overlap=0.5)
    >>> image = spectrogram(3 * np.sin(2 * np.pi * 512 * time_s), 4096.0, settings)
    >>> image.values.shape, float(image.frequencies_hz[image.values[:, 5].argmax()])
    ((257, 31), 512.0)
    """
    settings = settings or SpectrogramSettings()
    checked(samples, sampling_rate_hz, SHORTEST_SEGMENT)
    length = min(settings.length, len(samples))
    hop = min(settings.hop, length)
    centred = (samples - samples.mean()).astype(np.float32, copy=False)
    frames = sliding_window_view(centred, length)[::hop]
    weights = window_weights(length, settings.window, np.dtype(np.float32))
    amplitude = settings.scaling is Scaling.AMPLITUDE
    gain = weights.sum() ** 2 if amplitude else sampling_rate_hz * (weights**2).sum()
    weights = weights / np.float32(np.sqrt(gain))
    values = _reduced_power(frames, weights, 4.0 if amplitude else 2.0, size)
    times_s = np.arange(len(frames), dtype=np.float64) * (hop / sampling_rate_hz)
    times_s += length / 2 / sampling_rate_hz
    frequencies_hz = np.arange(length // 2 + 1, dtype=np.float64)
    frequencies_hz *= sampling_rate_hz / length
    return TimeFrequencyImage(
        middle_per_bucket(times_s, size.columns),
        middle_per_bucket(frequencies_hz, size.rows),
        np.sqrt(values, out=values) if amplitude else values,
        settings.scaling.value,
        "u" if amplitude else "u^2/Hz",
    )


def _reduced_power(
    frames: NDArray[np.float32], weights: NDArray[np.floating], one_sided: float, size: ImageSize
) -> NDArray[np.float32]:
    """Return squared magnitudes (frequency, time), reduced a few frames at a time.

    Lines that have a twin at the negative frequency are multiplied by `one_sided`.
    """
    n_frames, length = frames.shape
    starts = bucket_starts(n_frames, size.columns)
    edges = np.append(starts, n_frames)
    step = max(1, _VALUES_AT_ONCE // (length * max(1, n_frames // len(starts))))
    blocks: list[NDArray[np.float32]] = []
    for first in range(0, len(starts), step):
        last = min(first + step, len(starts))
        lines = scipy.fft.rfft(frames[edges[first] : edges[last]] * weights, axis=1)
        power = lines.real**2 + lines.imag**2
        inner = power[:, 1 : -1 if length % 2 == 0 else None]
        inner *= one_sided
        power = highest_per_bucket(power, size.rows, axis=1)
        if len(power) > last - first:
            power = np.maximum.reduceat(power, starts[first:last] - edges[first], axis=0)
        blocks.append(power)
    return np.concatenate(blocks).T.astype(np.float32, copy=False)
