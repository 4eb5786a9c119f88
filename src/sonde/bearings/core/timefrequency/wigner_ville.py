"""The pseudo-Wigner-Ville distribution of the analytic signal, one mean per column.

Every moment of the signal enters: the products z(t + m) z*(t - m) are averaged over all moments of
a column before they are transformed, so a short impact between two columns is not lost, and the
energy of the image is the energy of the signal. (With as many columns as samples this is the
pseudo-Wigner-Ville distribution itself.) A full Wigner-Ville distribution of 102,400 samples
would fill 42 GB.
"""

from dataclasses import dataclass

import numpy as np
import scipy
from numpy.typing import NDArray

from sonde.bearings.core.timefrequency.image import (
    SENT,
    ImageSize,
    TimeFrequencyImage,
    checked,
    column_times,
    highest_per_bucket,
    middle_per_bucket,
)
from sonde.platform.core.errors import Invalid

SHORTEST = 64
LONGEST = 1_048_576
FEWEST_LINES, MOST_LINES = 32, 2048


@dataclass(frozen=True)
class WignerVilleSettings:
    """How a pseudo-Wigner-Ville distribution is taken.

    Parameters
    ----------
    lines : int
        Frequencies from 0 Hz to half the sampling rate, 32 to 2,048, even. The lag window (Hann)
        spans as many samples to both sides together.
    """

    lines: int = 256

    def __post_init__(self) -> None:
        if not FEWEST_LINES <= self.lines <= MOST_LINES or self.lines % 2:
            raise Invalid(
                f"{self.lines} frequencies: choose an even number from {FEWEST_LINES} to "
                f"{MOST_LINES:,}.",
                field="lines",
            )


def wigner_ville(
    samples: NDArray[np.floating],
    sampling_rate_hz: float,
    settings: WignerVilleSettings | None = None,
    size: ImageSize = SENT,
) -> TimeFrequencyImage:
    """Return the pseudo-Wigner-Ville distribution, averaged over every column.

    Parameters
    ----------
    samples : ndarray of float, shape (time,)
        Its mean is removed; computed as float32. At most 1,048,576.
    sampling_rate_hz : float
    settings : WignerVilleSettings, optional
    size : ImageSize
        Columns are averages over time; surplus rows are reduced to the highest of each bucket.

    Returns
    -------
    TimeFrequencyImage
        Each column integrates over frequency to half the mean of the squared envelope within it,
        all columns together to the mean square of the signal. Between two components there is
        interference, which swings and may be negative.

    Raises
    ------
    Invalid
        If there are fewer than 64 or more than 1,048,576 samples.

    Examples
    --------
    >>> time_s = np.arange(4096) / 4096
    >>> image = wigner_ville(np.sin(2 * np.pi * 512 * time_s), 4096.0)
    >>> image.values.shape, float(image.frequencies_hz[image.values[:, 500].argmax()])
    ((256, 1024), 512.0)
    """
    settings = settings or WignerVilleSettings()
    checked(samples, sampling_rate_hz, SHORTEST)
    n_samples = len(samples)
    if n_samples > LONGEST:
        raise Invalid(
            f"{n_samples:,} samples are too many for a Wigner-Ville distribution "
            f"(at most {LONGEST:,}). Zoom in, or take the spectrogram.",
            field="samples",
        )
    columns = min(size.columns, n_samples)
    correlation = _column_correlation(analytic(samples), settings.lines // 2, columns)
    # The products turn twice as fast as the signal: `lines` rows span half the sampling rate.
    values = scipy.fft.hfft(correlation, settings.lines, axis=0)
    values *= np.float32(1 / sampling_rate_hz)
    frequencies_hz = np.arange(settings.lines, dtype=np.float64)
    frequencies_hz *= sampling_rate_hz / 2 / settings.lines
    return TimeFrequencyImage(
        column_times(n_samples, sampling_rate_hz, columns),
        middle_per_bucket(frequencies_hz, size.rows),
        highest_per_bucket(values.astype(np.float32, copy=False), size.rows, axis=0),
        "energy density",
        "u^2/Hz",
    )


def analytic(samples: NDArray[np.floating]) -> NDArray[np.complex64]:
    """Return the analytic signal: the same without its negative frequencies.

    Examples
    --------
    >>> turns = np.arange(64) / 64
    >>> signal = analytic(np.cos(2 * np.pi * 8 * turns))
    >>> bool(np.allclose(signal, np.exp(2j * np.pi * 8 * turns), atol=1e-6))
    True
    """
    centred = (samples - samples.mean()).astype(np.float32, copy=False)
    count = len(centred)
    lines = np.zeros(count, dtype=np.complex64)
    half = scipy.fft.rfft(centred)
    lines[: len(half)] = half
    lines[1 : (count + 1) // 2] *= 2
    signal: NDArray[np.complex64] = scipy.fft.ifft(lines, overwrite_x=True)
    return signal


def _column_correlation(
    signal: NDArray[np.complex64], most_lags: int, columns: int
) -> NDArray[np.complex64]:
    """Return the windowed mean of z(t + m) z*(t - m) over each column, shape (lag, column)."""
    n_samples = len(signal)
    starts = np.arange(columns) * n_samples // columns
    widths = np.diff(np.append(starts, n_samples)).astype(np.float32)
    weights = 0.5 + 0.5 * np.cos(np.pi * np.arange(most_lags + 1) / most_lags)
    correlation = np.empty((most_lags + 1, columns), dtype=np.complex64)
    product = np.zeros(n_samples, dtype=np.complex64)
    conjugate = signal.conj()
    for lag in range(most_lags + 1):
        stop = n_samples - lag
        if stop <= lag:
            correlation[lag:] = 0
            break
        product[:lag] = 0
        np.multiply(signal[2 * lag :], conjugate[: n_samples - 2 * lag], out=product[lag:stop])
        product[stop:] = 0
        sums = np.add.reduceat(product, starts)
        correlation[lag] = sums * (np.float32(weights[lag]) / widths)
    return correlation
