"""Features of a machine that is known: shaft orders, the bearing's own lines, severity."""

from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np
import scipy
from numpy.typing import NDArray

from sonde.bearings.core.features.shared import Signal
from sonde.bearings.core.features.time_frequency import spectral_kurtosis
from sonde.bearings.core.features.windows import raised_lines
from sonde.bearings.core.geometry import Geometry
from sonde.bearings.core.units import SHOWN_IN, Quantity, unit_named
from sonde.platform.core.errors import Invalid

if TYPE_CHECKING:
    from sonde.bearings.core.features.measuring import Circumstances

_TOLERANCE = 0.02
_LOBE = 2
_FEWEST_TURNS = 5
_SUBSYNCHRONOUS = (0.38, 0.48)
_HARMONICS = (1, 2, 3)
_VELOCITY_HZ = (10.0, 1000.0)


def order_features(signal: Signal, _about: "Circumstances") -> Mapping[str, float]:
    """Compute the amplitudes at 1X, 2X, 3X and at 0.38-0.48X.

    Parameters
    ----------
    signal : Signal
        With its shaft speed.

    Returns
    -------
    mapping of str to float
        In the signal's unit; NaN where the signal lasts for fewer than five turns.

    Examples
    --------
    >>> tone = 0.7 * np.sin(2 * np.pi * 50.3 * np.arange(8192) / 4096)
    >>> round(order_features(Signal(tone, 4096.0, 25.0), None)["Order2X"], 3)
    0.7
    """
    turn = (signal.shaft_hz or 0.0) / signal.resolution_hz
    low, high = _SUBSYNCHRONOUS
    bands = {
        f"Order{k}X": (k * turn * (1 - _TOLERANCE), k * turn * (1 + _TOLERANCE)) for k in (1, 2, 3)
    }
    bands["OrderSubsync"] = (low * turn, high * turn)
    enough = turn >= _FEWEST_TURNS
    return {
        name: _amplitude(signal.hann_power, *edges) if enough else np.nan
        for name, edges in bands.items()
    }


def _amplitude(power: NDArray[np.float64], low: float, high: float) -> float:
    """Return the amplitude of the strongest tone between two lines."""
    first = max(1, int(np.floor(low)))
    last = min(int(np.ceil(high)), len(power) - 1)
    if first > last:
        return 0.0
    peak = first + int(power[first : last + 1].argmax())
    lobe = power[max(1, peak - _LOBE) : peak + _LOBE + 1]
    return float(np.sqrt(2 * lobe.sum()))


def bearing_line_features(signal: Signal, about: "Circumstances") -> Mapping[str, float]:
    """Compute how far the bearing's own lines stand over their background.

    Parameters
    ----------
    signal : Signal
        With its shaft speed.
    about : Circumstances
        With the geometry.

    Returns
    -------
    mapping of str to float
        Natural logarithms; about 1 for noise. Lines beyond the spectrum count as 0.
    """
    geometry = about.geometry
    assert geometry is not None  # noqa: S101  measure() asks for nothing else
    families = _line_families(geometry)
    squared = signal.envelope.astype(np.float64) ** 2
    mean = float(squared.mean())
    if mean <= 0:
        return dict.fromkeys(families, 0.0)
    spectrum = np.abs(scipy.fft.rfft(squared / mean - 1))[None]
    turn = (signal.shaft_hz or 0.0) / signal.resolution_hz
    return {
        name: float(raised_lines(spectrum, orders, turn).mean())
        for name, orders in families.items()
    }


def _line_families(geometry: Geometry) -> dict[str, NDArray[np.float64]]:
    """Return the orders behind each feature."""
    plain = {
        "EnvelopeBPFO": geometry.bpfo,
        "EnvelopeBPFI": geometry.bpfi,
        "Envelope2BSF": geometry.ball_strike,
        "EnvelopeFTF": geometry.ftf,
    }
    sides = {
        "EnvelopeBPFISidebands": (geometry.bpfi, 1.0),
        "Envelope2BSFSidebands": (geometry.ball_strike, geometry.ftf),
    }
    found = {name: np.array([k * order for k in _HARMONICS]) for name, order in plain.items()}
    for name, (order, spacing) in sides.items():
        around = [k * order + side for k in _HARMONICS for side in (-spacing, spacing)]
        found[name] = np.array(around)
    return found


def severity_features(signal: Signal, about: "Circumstances") -> Mapping[str, float]:
    """Compute the velocity from 10 to 1000 Hz, and the most impulsive band.

    Parameters
    ----------
    signal : Signal
    about : Circumstances
        With the unit, where it is known.

    Returns
    -------
    mapping of str to float
        ``VelocityRMS`` in mm/s; NaN where the unit does not lead there.
    """
    kurtosis, frequency = spectral_kurtosis(signal)
    return {
        "VelocityRMS": velocity_rms(signal, about.unit),
        "SpectralKurtosis": kurtosis,
        "SpectralKurtosisFreq": frequency,
    }


def velocity_rms(signal: Signal, unit: str) -> float:
    """Return the RMS of the velocity from 10 to 1000 Hz in mm/s.

    Parameters
    ----------
    signal : Signal
    unit : str
        Of acceleration, velocity or displacement.

    Returns
    -------
    float
        NaN where the unit is not one of vibration, or the rate is below 2000 Hz: then the band is
        not in the signal.

    Examples
    --------
    1 m/s2 at 100 Hz is 1000 / (2 pi 100) / sqrt(2) mm/s:

    >>> tone = np.sin(2 * np.pi * 100 * np.arange(8192) / 4096)
    >>> round(velocity_rms(Signal(tone, 4096.0), "m/s2"), 4)
    1.1254
    """
    try:
        source = unit_named(unit)
    except Invalid:
        return np.nan
    if signal.sampling_rate_hz < 2 * _VELOCITY_HZ[1]:
        return np.nan
    target = SHOWN_IN[Quantity.VELOCITY]
    steps = Quantity.VELOCITY.integrations - source.quantity.integrations
    frequency = np.arange(len(signal.hann_power)) * signal.resolution_hz
    inside = (frequency >= _VELOCITY_HZ[0]) & (frequency <= _VELOCITY_HZ[1])
    turned = (2 * np.pi * frequency[inside]) ** (-2 * steps)
    power = float((signal.hann_power[inside] * turned).sum())
    return float(np.sqrt(power)) * source.in_si / target.in_si
