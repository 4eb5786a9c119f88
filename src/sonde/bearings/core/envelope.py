"""The squared envelope of one frequency band, and its spectrum.

A fault strikes the structure again and again and lets it ring: the carrier (the ringing) is high
and says little, its envelope repeats with the fault. The squared envelope spectrum shows that
repetition as lines. Only the band's own spectral lines are transformed back, so a narrow band
costs little and the envelope comes out at its own low rate.
"""

import numpy as np
import scipy
from numpy.typing import NDArray

from sonde.bearings.core.spectra import Spectrum, Window, window_weights
from sonde.platform.core.errors import Invalid

Band = tuple[float, float]


def squared_envelope(
    transformed: NDArray[np.complexfloating], n_samples: int, sampling_rate_hz: float, band: Band
) -> NDArray[np.floating]:
    """Return the squared envelope of the signal within `band`, over the whole duration.

    Parameters
    ----------
    transformed : ndarray of complex, shape (frequency,)
        ``rfft`` of the signal.
    n_samples : int
        Length of the signal.
    sampling_rate_hz : float
    band : (float, float)
        Lower and upper edge in Hz.

    Returns
    -------
    ndarray of float, shape (time,)
        At a rate of at least twice the band's width, so that squaring aliases nothing.

    Raises
    ------
    Invalid
        If the band is empty or reaches beyond half the sampling rate.
    """
    low, high = band
    if not 0 <= low < high <= sampling_rate_hz / 2 * (1 + 1e-9):
        raise Invalid(
            f"Band {low:g} to {high:g} Hz: it must lie between 0 and half the sampling rate "
            f"({sampling_rate_hz / 2:g} Hz).",
            field="band",
        )
    first = int(np.ceil(low * n_samples / sampling_rate_hz))
    last = min(int(high * n_samples / sampling_rate_hz), len(transformed) - 1)
    width = last - first + 1
    if width < 4:
        raise Invalid(
            f"Band {low:g} to {high:g} Hz: too narrow for a recording of this length.",
            field="band",
        )
    length = scipy.fft.next_fast_len(2 * width)
    shifted = np.zeros(length, dtype=transformed.dtype)
    shifted[:width] = transformed[first : last + 1]
    analytic = scipy.fft.ifft(shifted, overwrite_x=True)
    envelope: NDArray[np.floating] = analytic.real**2 + analytic.imag**2
    return envelope * (2 * length / n_samples) ** 2


def envelope_spectrum_of(
    transformed: NDArray[np.complexfloating],
    n_samples: int,
    sampling_rate_hz: float,
    band: Band,
    window: Window = Window.RECTANGULAR,
) -> Spectrum:
    """Return the squared envelope spectrum from a transform that is there already.

    Parameters and errors are those of `squared_envelope`, the answer is that of
    `squared_envelope_spectrum`. A Hann window keeps a strong line from leaking into its
    neighbourhood, at half again the line width.
    """
    envelope = squared_envelope(transformed, n_samples, sampling_rate_hz, band)
    mean = float(envelope.mean())
    resolution_hz = sampling_rate_hz / n_samples
    count = len(envelope) // 2
    if mean <= 0:
        return Spectrum(resolution_hz, np.zeros(count, dtype=envelope.dtype), "1")
    weights = window_weights(len(envelope), window, envelope.dtype)
    lines = scipy.fft.rfft((envelope - envelope.dtype.type(mean)) * weights)
    values = np.abs(lines[:count]) * (2 / (mean * float(weights.sum())))
    values[0] = 0
    return Spectrum(resolution_hz, values, "1")


def squared_envelope_spectrum(
    samples: NDArray[np.floating], sampling_rate_hz: float, band: Band
) -> Spectrum:
    """Return the squared envelope spectrum of `samples` within `band`.

    Parameters
    ----------
    samples : ndarray of float, shape (time,)
    sampling_rate_hz : float
    band : (float, float)
        Lower and upper edge in Hz.

    Returns
    -------
    Spectrum
        Relative to the mean of the squared envelope: a value of 0.5 means that the power swings
        by half of its mean. It does not change with the scale of the signal. Frequencies run from
        0 to the band's width.

    Raises
    ------
    Invalid
        If the band is empty, too narrow or beyond half the sampling rate.

    Examples
    --------
    A tone at 200 Hz whose amplitude is modulated by 10 Hz, 30 per cent:

    >>> time_s = np.arange(2000) / 1000
    >>> tone = (1 + 0.3 * np.cos(20 * np.pi * time_s)) * np.cos(400 * np.pi * time_s)
    >>> spectrum = squared_envelope_spectrum(tone, 1000.0, (150.0, 250.0))
    >>> float(spectrum.frequency_hz[spectrum.values.argmax()])
    10.0
    >>> round(float(spectrum.values.max()), 4)  # 2 m / (1 + m^2 / 2)
    0.5742
    """
    transformed = scipy.fft.rfft(samples - samples.mean())
    return envelope_spectrum_of(transformed, len(samples), sampling_rate_hz, band)
