"""Four features of the envelope of the whole band."""

from collections.abc import Mapping

import numpy as np
import scipy

from sonde.bearings.core.features.shared import Signal, shape_moments

NAMES = ("EnvelopeRMS", "EnvelopeKurtosis", "EnvelopePeak", "ModulationFreq")

_LOWEST_MODULATION_HZ = 1.0


def envelope_features(signal: Signal) -> Mapping[str, float]:
    """Compute the features of the Hilbert envelope.

    Parameters
    ----------
    signal : Signal

    Returns
    -------
    mapping of str to float
        ``ModulationFreq`` is the strongest line of the envelope's spectrum above 1 Hz, in Hz.

    Examples
    --------
    >>> time_s = np.arange(4000) / 4000
    >>> tone = (1 + 0.5 * np.cos(2 * np.pi * 20 * time_s)) * np.cos(2 * np.pi * 800 * time_s)
    >>> envelope_features(Signal(tone, 4000.0))["ModulationFreq"]
    20.0
    """
    envelope = signal.envelope
    lines = scipy.fft.rfft(envelope)
    power = lines.real * lines.real + lines.imag * lines.imag
    first = min(int(_LOWEST_MODULATION_HZ / signal.resolution_hz) + 1, len(power) - 1)
    return {
        "EnvelopeRMS": float(np.sqrt(np.dot(envelope, envelope) / len(envelope))),
        "EnvelopeKurtosis": shape_moments(envelope)[1],
        "EnvelopePeak": float(envelope.max()),
        "ModulationFreq": float(first + power[first:].argmax()) * signal.resolution_hz,
    }
