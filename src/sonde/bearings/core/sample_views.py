"""The pictures of one window that learning shows: spectrogram, scalogram, bicoherence."""

from typing import Final

import numpy as np
from numpy.typing import NDArray

from sonde.bearings.core.bicoherence import BicoherenceSettings, bicoherence
from sonde.bearings.core.timefrequency.cwt import WaveletSettings, wavelet_image
from sonde.bearings.core.timefrequency.image import ImageSize, TimeFrequencyImage
from sonde.bearings.core.timefrequency.stft import SpectrogramSettings, spectrogram
from sonde.learning.core.sample_views import Picture, PictureAxis, SampleView
from sonde.platform.core.errors import Invalid

_SIZE: Final = ImageSize(rows=160, columns=360)
_DEEPEST_DB: Final = -60.0
_LISTED: Final = 8
_SHORTEST, _LONGEST = 32, 512
_FEWEST_FOR_PAIRS: Final = 272  # sixteen half overlapping stretches of 32


def stretch_length(n_samples: int, n_stretches: int) -> int:
    """Return a power of two of which a window holds about so many, 32 to 512.

    Parameters
    ----------
    n_samples, n_stretches : int

    Examples
    --------
    >>> stretch_length(12_000, 16), stretch_length(256, 16)
    (512, 32)
    """
    power = int(np.log2(max(n_samples // n_stretches, 1)))
    return int(np.clip(2**power, _SHORTEST, _LONGEST))


def stft_picture(samples: NDArray[np.float32], sampling_rate_hz: float) -> Picture:
    """Return the spectrogram of a window.

    Parameters
    ----------
    samples : ndarray of float32, shape (time,)
    sampling_rate_hz : float

    Raises
    ------
    Invalid
        If the window is shorter than 16 samples.
    """
    length = stretch_length(len(samples), 16)
    image = spectrogram(samples, sampling_rate_hz, SpectrogramSettings(length), _SIZE)
    return _time_frequency(image, is_log=False)


def scalogram_picture(samples: NDArray[np.float32], sampling_rate_hz: float) -> Picture:
    """Return the wavelet image of a window.

    Parameters
    ----------
    samples : ndarray of float32, shape (time,)
    sampling_rate_hz : float

    Raises
    ------
    Invalid
        If the window is too short for wavelets.
    """
    image = wavelet_image(samples, sampling_rate_hz, WaveletSettings(rows=96), _SIZE)
    return _time_frequency(image, is_log=True)


def bicoherence_picture(samples: NDArray[np.float32], sampling_rate_hz: float) -> Picture:
    """Return which pairs of frequencies keep step with their sum, in a window.

    Parameters
    ----------
    samples : ndarray of float32, shape (time,)
    sampling_rate_hz : float

    Raises
    ------
    Invalid
        If the window is shorter than 272 samples.
    """
    if len(samples) < _FEWEST_FOR_PAIRS:
        raise Invalid(
            f"A bicoherence needs windows of at least {_FEWEST_FOR_PAIRS} samples; these hold "
            f"{len(samples)}. Look at the whole recording in the signal viewer."
        )
    length = stretch_length(len(samples), 16)
    found = bicoherence(samples, sampling_rate_hz, BicoherenceSettings(length))
    couplings = found.strongest(_LISTED)
    noise = f"noise rarely exceeds {found.threshold:.2f} with {found.n_stretches} stretches"
    best = couplings[0] if couplings else None
    return Picture(
        100.0 * found.values,
        PictureAxis("First frequency (Hz)", found.first_hz),
        PictureAxis("Second frequency (Hz)", found.second_hz),
        "%",
        0.0,
        100.0,
        f"No two frequencies keep step with their sum; {noise}."
        if best is None
        else f"{best.first_hz:,.0f} and {best.second_hz:,.0f} Hz keep step with their sum "
        f"{best.sum_hz:,.0f} Hz: {best.bicoherence:.2f}; {noise}.",
        ("First (Hz)", "Second (Hz)", "Sum (Hz)", "Bicoherence"),
        tuple(
            (f"{one.first_hz:,.0f}", f"{one.second_hz:,.0f}", f"{one.sum_hz:,.0f}",
             f"{one.bicoherence:.3f}")
            for one in couplings
        ),
    )  # fmt: skip


def _time_frequency(image: TimeFrequencyImage, *, is_log: bool) -> Picture:
    """Return decibels below the strongest place, and the strongest bands as a table."""
    highest = float(image.values.max(initial=0.0))
    if not highest > 0.0:
        raise Invalid("This window holds nothing but one constant value: there is no picture.")
    floor = 10.0 ** (_DEEPEST_DB / 20.0)
    levels = 20.0 * np.log10(np.maximum(image.values / highest, floor))
    values = np.maximum(levels, _DEEPEST_DB)
    row, column = np.unravel_index(int(image.values.argmax()), image.values.shape)
    bands = image.values.max(axis=1)
    order = np.argsort(-bands, kind="stable")[:_LISTED]
    when = image.values.argmax(axis=1)
    return Picture(
        values.astype(np.float32),
        PictureAxis("Time (s)", image.times_s),
        PictureAxis("Frequency (Hz)", image.frequencies_hz, is_log),
        "dB",
        _DEEPEST_DB,
        0.0,
        f"Strongest at {image.frequencies_hz[row]:,.0f} Hz, {image.times_s[column]:.3f} s after "
        f"the window begins; half of all that is shown lies below "
        f"{_half_hz(image):,.0f} Hz.",
        ("Frequency (Hz)", "Strongest at (s)", "Level (dB)"),
        tuple(
            (f"{image.frequencies_hz[one]:,.0f}", f"{image.times_s[when[one]]:.3f}",
             f"{20.0 * np.log10(max(bands[one] / highest, floor)):.1f}")
            for one in order.tolist()
            if bands[one] > floor * highest
        ),
    )  # fmt: skip


def _half_hz(image: TimeFrequencyImage) -> float:
    power = np.cumsum((image.values.astype(np.float64) ** 2).sum(axis=1))
    return float(image.frequencies_hz[np.searchsorted(power, 0.5 * power[-1])])


SAMPLE_VIEWS: Final = (
    SampleView(
        "stft",
        "Spectrogram (STFT)",
        "The same resolution everywhere: for harmonics and run-ups.",
        stft_picture,
    ),
    SampleView(
        "cwt",
        "Scalogram (CWT)",
        "Sharp in time at high frequencies, in frequency at low ones: for impacts.",
        scalogram_picture,
    ),
    SampleView(
        "bicoherence",
        "Bicoherence",
        "Which frequencies belong together: their sum keeps step with them.",
        bicoherence_picture,
    ),
)
