"""The cepstrum: families of equally spaced lines gathered into single peaks, and taken out.

A family of harmonics or sidebands with spacing f makes a row of peaks at the quefrency 1 / f and
its multiples (rahmonics). Edited there and put back with the signal's own phase, the family is gone
from the signal and the rest stays (Randall and Sawalhi, "A new method for separating discrete
components from a signal", Sound and Vibration 45 (2011)). With everything edited, the spectrum is
white: what is left are the impulses (Borghesani et al., MSSP 36 (2013)).
"""

from dataclasses import dataclass

import numpy as np
import scipy
from numpy.typing import NDArray

from sonde.platform.core.errors import Invalid

_SHORTEST = 16


@dataclass(frozen=True)
class Cepstrum:
    """Values on a regular quefrency axis that begins at 0 s.

    Parameters
    ----------
    step_s : float
        Distance between neighbouring values: one sample.
    values : ndarray of float, shape (quefrency,)
        From 0 to half the duration; dimensionless (squared for the power cepstrum).
    """

    step_s: float
    values: NDArray[np.floating]

    @property
    def quefrency_s(self) -> NDArray[np.float64]:
        """Return the quefrency of every value."""
        return np.arange(len(self.values), dtype=np.float64) * self.step_s

    def below(self, quefrency_s: float) -> "Cepstrum":
        """Return the part from 0 up to `quefrency_s`."""
        stop = min(int(quefrency_s / self.step_s + 1e-9) + 1, len(self.values))
        return Cepstrum(self.step_s, self.values[:stop])


@dataclass(frozen=True)
class Rahmonic:
    """One peak of a row: its multiple, where it is, how high, and how far over its surroundings.

    Parameters
    ----------
    multiple : int
    quefrency_s : float
    value : float
    prominence : float
        Height over the spread (root mean square) of the cepstrum around it.
    """

    multiple: int
    quefrency_s: float
    value: float
    prominence: float


def real_cepstrum(samples: NDArray[np.floating], sampling_rate_hz: float) -> Cepstrum:
    """Return the inverse transform of the logarithm of the amplitude.

    Parameters
    ----------
    samples : ndarray of float, shape (time,)
        The mean is removed first; float32 stays float32. A factor moves the value at 0 only.
    sampling_rate_hz : float

    Raises
    ------
    Invalid
        If there are fewer than 16 samples, the rate is not positive, or the signal is constant.

    Examples
    --------
    An echo of height a after 25 ms has the cepstrum a / 2 there (Bogert, Healy and Tukey 1963):

    >>> signal = np.zeros(2000)
    >>> signal[[100, 125]] = 1.0, 0.4
    >>> seen = real_cepstrum(signal, 1000.0)
    >>> round(float(seen.values[25]), 3), float(seen.quefrency_s[25])
    (0.2, 0.025)
    """
    lines = _lines(samples, sampling_rate_hz)
    values = scipy.fft.irfft(_log_amplitude(lines), len(samples))
    return Cepstrum(1 / sampling_rate_hz, values[: len(samples) // 2 + 1])


def power_cepstrum(samples: NDArray[np.floating], sampling_rate_hz: float) -> Cepstrum:
    """Return the square of the inverse transform of the logarithm of the power.

    Four times the square of the real cepstrum; parameters and errors are the same.

    Examples
    --------
    >>> signal = np.zeros(2000)
    >>> signal[[100, 125]] = 1.0, 0.4
    >>> round(float(power_cepstrum(signal, 1000.0).values[25]), 3)
    0.16
    """
    real = real_cepstrum(samples, sampling_rate_hz)
    return Cepstrum(real.step_s, 4 * real.values**2)


def strongest_quefrency(
    cepstrum: Cepstrum, shortest_s: float, longest_s: float
) -> tuple[float, float]:
    """Return quefrency and value of the highest peak between two quefrencies.

    Raises
    ------
    Invalid
        If the cepstrum holds nothing between them.

    Examples
    --------
    >>> strongest_quefrency(Cepstrum(0.5, np.array([9.0, 1, 0, 3, 0])), 0.5, 2.0)
    (1.5, 3.0)
    """
    first = max(1, int(np.ceil(shortest_s / cepstrum.step_s)))
    last = min(int(longest_s / cepstrum.step_s), len(cepstrum.values) - 1)
    if last < first:
        raise Invalid(
            f"The cepstrum holds nothing between {shortest_s:g} and {longest_s:g} s.",
            field="quefrency_s",
        )
    place = first + int(cepstrum.values[first : last + 1].argmax())
    return place * cepstrum.step_s, float(cepstrum.values[place])


def rahmonics(
    cepstrum: Cepstrum, quefrency_s: float, count: int = 5, tolerance: float = 0.01
) -> tuple[Rahmonic, ...]:
    """Return the highest value near `quefrency_s` and near its multiples.

    Parameters
    ----------
    cepstrum : Cepstrum
        Real or power.
    quefrency_s : float
        Such as ``1 / bpfo_hz``. The first peak found corrects it for the multiples.
    count : int
        How many at most; fewer where the axis ends.
    tolerance : float
        How far to look, relative to the quefrency; at least one sample.

    Raises
    ------
    Invalid
        If the quefrency is shorter than three samples or beyond the end.
    """
    step_s = cepstrum.step_s
    if not 3 * step_s <= quefrency_s <= (len(cepstrum.values) - 1) * step_s:
        raise Invalid(
            f"Quefrency {quefrency_s:g} s: give one from {3 * step_s:g} s to "
            f"{(len(cepstrum.values) - 1) * step_s:g} s.",
            field="quefrency_s",
        )
    found: list[Rahmonic] = []
    spacing = quefrency_s
    for multiple in range(1, count + 1):
        if multiple * spacing > (len(cepstrum.values) - 1) * step_s:
            break
        half = max(1, round(tolerance * spacing / step_s))
        place = _highest(cepstrum.values, round(multiple * spacing / step_s), half)
        spacing = place * step_s / multiple
        found.append(_rahmonic(cepstrum, multiple, place, round(spacing / step_s)))
    return tuple(found)


def without_families(
    samples: NDArray[np.floating],
    sampling_rate_hz: float,
    quefrencies_s: tuple[float, ...],
    half_width: float = 0.005,
) -> NDArray[np.floating]:
    """Return the signal without the families of lines of these quefrencies and their multiples.

    Parameters
    ----------
    samples : ndarray of float, shape (time,)
    sampling_rate_hz : float
    quefrencies_s : tuple of float
        ``1 / spacing`` of each family; none leaves the signal as it is.
    half_width : float
        Of the notch, relative to the quefrency; at least one sample.

    Raises
    ------
    Invalid
        If a quefrency is shorter than three samples.
    """
    lines = _lines(samples, sampling_rate_hz)
    before = _log_amplitude(lines)
    cepstrum = scipy.fft.irfft(before, len(samples))
    for quefrency_s in quefrencies_s:
        _notch(cepstrum, quefrency_s * sampling_rate_hz, half_width)
    after = scipy.fft.rfft(cepstrum).real
    edited = lines * np.exp(after - before)
    return scipy.fft.irfft(edited, len(samples)) + samples.mean()


def prewhitened(samples: NDArray[np.floating]) -> NDArray[np.floating]:
    """Return the signal with every spectral line set to the same amplitude, its phase kept.

    The whole cepstrum but its first value is set to zero. Tones and resonances vanish, repeated
    impulses stay: the squared envelope spectrum of the result needs no band.

    Parameters
    ----------
    samples : ndarray of float, shape (time,)

    Returns
    -------
    ndarray of float, shape (time,)
        Without mean, root mean square 1.

    Raises
    ------
    Invalid
        If there are fewer than 16 samples or the signal is constant.
    """
    lines = _lines(samples, 1.0)
    white = scipy.fft.irfft(lines / np.exp(_log_amplitude(lines)), len(samples))
    return white / np.sqrt(np.mean(white**2))


def _lines(samples: NDArray[np.floating], sampling_rate_hz: float) -> NDArray[np.complexfloating]:
    if samples.ndim != 1 or len(samples) < _SHORTEST:
        raise Invalid(
            f"A cepstrum needs at least {_SHORTEST} samples in a row; got shape {samples.shape}."
        )
    if not sampling_rate_hz > 0:
        raise Invalid(f"The sampling rate must be positive; got {sampling_rate_hz:g} Hz.")
    centred = samples - samples.mean()
    if not np.abs(centred).max() > 1e-7 * np.abs(samples).max():
        raise Invalid("This signal is constant: its cepstrum is not defined.")
    return scipy.fft.rfft(centred)


def _log_amplitude(lines: NDArray[np.complexfloating]) -> NDArray[np.floating]:
    """Return the logarithm of the amplitude; a line of nothing counts as rounding noise."""
    amplitude = np.abs(lines)
    least = float(amplitude.max()) * float(np.finfo(amplitude.dtype).eps)
    amplitude[0] = max(float(amplitude[0]), float(amplitude[1]), least)
    return np.log(np.maximum(amplitude, amplitude.dtype.type(least)))


def _highest(values: NDArray[np.floating], place: int, half: int) -> int:
    first = max(1, place - half)
    return first + int(values[first : place + half + 1].argmax())


def _rahmonic(cepstrum: Cepstrum, multiple: int, place: int, spacing: int) -> Rahmonic:
    """Describe one peak against the cepstrum within half a spacing on both sides."""
    values = cepstrum.values
    half = max(4, spacing // 2)
    around = values[max(1, place - half) : place + half + 1]
    spread = float(np.sqrt(np.mean((around - np.median(around)) ** 2)))
    value = float(values[place])
    prominence = (value - float(np.median(around))) / spread if spread > 0 else 0.0
    return Rahmonic(multiple, place * cepstrum.step_s, value, prominence)


def _notch(cepstrum: NDArray[np.floating], spacing: float, half_width: float) -> None:
    """Set a two-sided cepstrum to zero around every multiple of `spacing` samples, in place."""
    if spacing < 3:
        raise Invalid(
            "A family this wide has a quefrency below three samples and cannot be told apart.",
            field="quefrencies_s",
        )
    n_samples = len(cepstrum)
    half = max(1, round(half_width * spacing))
    multiples = np.arange(1, int(n_samples / 2 / spacing) + 1)
    centres = np.rint(multiples * spacing).astype(int)
    places = (centres[:, np.newaxis] + np.arange(-half, half + 1)).ravel()
    places = places[(places > 0) & (places <= n_samples // 2)]
    cepstrum[places] = 0
    cepstrum[-places] = 0
