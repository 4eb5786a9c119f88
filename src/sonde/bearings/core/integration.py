"""From acceleration to velocity and displacement, and back, by arithmetic with omega.

A sine of acceleration A at angular frequency w is one of velocity A / w and of displacement
A / w^2, each a quarter of a turn later. Low frequencies are blown up by that, so everything below a
corner is faded out: the magnitude of a fourth-order Butterworth high-pass, without its delay.
"""

from dataclasses import dataclass

import numpy as np
import scipy
from numpy.typing import NDArray

from sonde.bearings.core.spectra import Spectrum, Window
from sonde.bearings.core.spectrum_settings import Scaling, SpectrumSettings, measured_spectrum
from sonde.bearings.core.units import SHOWN_IN, Quantity, unit_named
from sonde.platform.core.errors import Invalid

HIGH_PASS_HZ = 10.0
_ORDER = 4


@dataclass(frozen=True)
class Converted:
    """A signal as another quantity.

    Parameters
    ----------
    samples : ndarray of float, shape (time,)
    unit : str
        m/s2, mm/s or um.
    settling_s : float
        So long at each end the fading-in of the high-pass still shows; 0 if nothing was filtered.
    """

    samples: NDArray[np.floating]
    unit: str
    settling_s: float


def converted(
    samples: NDArray[np.floating],
    sampling_rate_hz: float,
    unit: str,
    quantity: Quantity,
    high_pass_hz: float = HIGH_PASS_HZ,
) -> Converted:
    """Return `samples` as acceleration (m/s2), velocity (mm/s) or displacement (um).

    Parameters
    ----------
    samples : ndarray of float, shape (time,)
        float32 stays float32. The record is taken as one period: exact for whole periods, else
        the join shows for about `settling_s` at each end.
    sampling_rate_hz : float
    unit : str
        Of `samples`, such as ``"g"``.
    quantity : Quantity
        What is wanted.
    high_pass_hz : float
        Corner (3 dB down) of the high-pass where something is integrated; the mean goes in any
        case of integration or differentiation.

    Raises
    ------
    Invalid
        If the unit is not declared, or the corner leaves nothing.

    Examples
    --------
    One g at 100 Hz is 9806.65 / (200 pi) = 15.608 mm/s:

    >>> time_s = np.arange(10_000) / 10_000
    >>> seen = converted(np.sin(200 * np.pi * time_s), 10_000.0, "g", Quantity.VELOCITY)
    >>> round(float(seen.samples.max()), 3), seen.unit
    (15.608, 'mm/s')
    """
    source = unit_named(unit)
    target = SHOWN_IN[quantity]
    steps = quantity.integrations - source.quantity.integrations
    scale = source.in_si / target.in_si
    if steps == 0:
        return Converted(samples * samples.dtype.type(scale), target.symbol, 0.0)
    _check(sampling_rate_hz, high_pass_hz, len(samples))
    n_samples = len(samples)
    lines = scipy.fft.rfft(samples - samples.mean())
    frequency_hz = scipy.fft.rfftfreq(n_samples, 1 / sampling_rate_hz)
    response = _response(frequency_hz, steps, high_pass_hz) * scale
    if n_samples % 2 == 0 and steps % 2:
        response[-1] = 0  # the line at half the rate is real and cannot be turned by 90 degrees
    lines *= response.astype(lines.dtype)
    values = scipy.fft.irfft(lines, n_samples, overwrite_x=True)
    return Converted(values, target.symbol, 1 / high_pass_hz if steps > 0 else 0.0)


def converted_spectrum(
    spectrum: Spectrum, unit: str, quantity: Quantity, high_pass_hz: float = HIGH_PASS_HZ
) -> Spectrum:
    """Return an amplitude spectrum or power density as that of another quantity.

    Parameters
    ----------
    spectrum : Spectrum
        In "u" or "u^2/Hz", as `measured_spectrum` gives it.
    unit : str
        What "u" is, such as ``"g"``.
    quantity : Quantity
    high_pass_hz : float
        Corner of the high-pass where something is integrated.

    Returns
    -------
    Spectrum
        In ``"mm/s"`` or ``"(mm/s)^2/Hz"``, for example.

    Raises
    ------
    Invalid
        If the unit is not declared or the spectrum is relative.

    Examples
    --------
    >>> flat = Spectrum(100.0, np.ones(4), "u")
    >>> seen = converted_spectrum(flat, "m/s2", Quantity.VELOCITY)
    >>> seen.values.round(4).tolist(), seen.unit
    ([0.0, 1.5915, 0.7958, 0.5305], 'mm/s')
    """
    source = unit_named(unit)
    target = SHOWN_IN[quantity]
    if spectrum.unit not in {"u", "u^2/Hz"}:
        raise Invalid(f"A spectrum in {spectrum.unit!r} has no physical unit to convert.")
    is_power = spectrum.unit == "u^2/Hz"
    steps = quantity.integrations - source.quantity.integrations
    gain = np.abs(_response(spectrum.frequency_hz, steps, high_pass_hz)) if steps else 1.0
    gain = np.asarray(gain * (source.in_si / target.in_si), dtype=spectrum.values.dtype)
    values = spectrum.values * (gain**2 if is_power else gain)
    symbol = target.symbol
    return Spectrum(spectrum.resolution_hz, values, f"({symbol})^2/Hz" if is_power else symbol)


def band_rms(
    samples: NDArray[np.floating],
    sampling_rate_hz: float,
    unit: str,
    quantity: Quantity,
    band: tuple[float, float],
) -> float:
    """Return the root mean square within `band` of a quantity, in m/s2, mm/s or um.

    Parameters
    ----------
    samples : ndarray of float, shape (time,)
    sampling_rate_hz : float
    unit : str
        Of `samples`.
    quantity : Quantity
    band : (float, float)
        Edges in Hz; a Hann window keeps what lies beyond them out.

    Raises
    ------
    Invalid
        If the unit is not declared, or the band reaches beyond half the rate.

    Examples
    --------
    >>> time_s = np.arange(20_000) / 10_000
    >>> shake = 2 * np.sin(2 * np.pi * 100 * time_s) + np.sin(2 * np.pi * 3000 * time_s)
    >>> round(band_rms(shake, 10_000.0, "mm/s", Quantity.VELOCITY, (10.0, 1000.0)), 4)
    1.4142
    """
    low, high = band
    if not 0 < low < high <= sampling_rate_hz / 2:
        raise Invalid(
            f"Band {low:g} to {high:g} Hz: it must lie above 0 and below half the sampling rate "
            f"({sampling_rate_hz / 2:g} Hz).",
            field="band",
        )
    source = unit_named(unit)
    target = SHOWN_IN[quantity]
    steps = quantity.integrations - source.quantity.integrations
    settings = SpectrumSettings(window=Window.HANN, scaling=Scaling.PSD)
    density = measured_spectrum(samples, sampling_rate_hz, settings).spectrum
    inside = slice(int(np.ceil(low / density.resolution_hz)), int(high / density.resolution_hz) + 1)
    omega = 2 * np.pi * density.frequency_hz[inside]
    power = density.values[inside] * omega ** (-2.0 * steps)
    scale = source.in_si / target.in_si
    return float(np.sqrt(power.sum() * density.resolution_hz)) * scale


def _response(
    frequency_hz: NDArray[np.float64], steps: int, high_pass_hz: float
) -> NDArray[np.complex128]:
    """Return 1 / (i omega)^steps, faded out below the corner where it integrates; 0 at 0 Hz."""
    response = np.zeros(len(frequency_hz), dtype=np.complex128)
    positive = frequency_hz[1:] if frequency_hz[0] == 0 else frequency_hz
    values = (2j * np.pi * positive) ** -steps
    if steps > 0:
        ratio = (positive / high_pass_hz) ** (2 * _ORDER)
        values *= np.sqrt(ratio / (1 + ratio))
    response[len(frequency_hz) - len(positive) :] = values
    return response


def _check(sampling_rate_hz: float, high_pass_hz: float, n_samples: int) -> None:
    if not sampling_rate_hz > 0:
        raise Invalid(f"The sampling rate must be positive; got {sampling_rate_hz:g} Hz.")
    if n_samples < 16:
        raise Invalid(f"{n_samples} samples are too few to integrate; 16 are the least.")
    if not 0 < high_pass_hz < sampling_rate_hz / 2:
        raise Invalid(
            f"high_pass_hz={high_pass_hz:g}: give a corner above 0 and below half the sampling "
            f"rate ({sampling_rate_hz / 2:g} Hz).",
            field="high_pass_hz",
        )
