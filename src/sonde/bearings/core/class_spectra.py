"""The mean spectrum of each class, and how far its recordings spread around it.

Recordings of different rates and lengths meet on one axis: each is cut into segments that give
about the axis' resolution, averaged over its segments, and read off at the lines of the axis.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final

import numpy as np
import scipy
from numpy.typing import NDArray

from sonde.bearings.core.envelope import envelope_spectrum_of
from sonde.bearings.core.exploring.overview import class_order
from sonde.bearings.core.spectra import Window
from sonde.bearings.core.spectrum_settings import Scaling, SpectrumSettings, measured_spectrum
from sonde.platform.core.errors import Invalid

N_LINES: Final = 800
_SHORTEST: Final = 64
_BAND: Final = (0.05, 0.45)
_LONGEST_S: Final = 0.05
_LEAST_SHARE: Final = 1e-5
_MOST_QUEFRENCIES: Final = 8000


class SpectrumKind(StrEnum):
    """What is averaged over a class."""

    PSD = "psd"
    ENVELOPE = "envelope"
    CEPSTRUM = "cepstrum"


@dataclass(frozen=True, kw_only=True)
class ClassSpectraSettings:
    """How class spectra are taken.

    Parameters
    ----------
    kind : SpectrumKind
    top : float
        Where the axis ends, in Hz; in seconds for the cepstrum. 0 chooses: half the lowest
        sampling rate, a tenth of it for the envelope, 50 ms.
    band : (float, float), optional
        Band of the envelope in Hz; 5 to 45 per cent of the sampling rate if None.
    per_class : int
        At most so many recordings of each class are read, 2 to 200.

    Raises
    ------
    Invalid
        If a number is out of its range.
    """

    kind: SpectrumKind = SpectrumKind.PSD
    top: float = 0.0
    band: tuple[float, float] | None = None
    per_class: int = 12

    def __post_init__(self) -> None:
        """Refuse settings that no spectrum can have."""
        if not 0 <= self.top < np.inf:
            raise Invalid("The end of the axis is a positive number.", field="top")
        if not 2 <= self.per_class <= 200:
            raise Invalid("Read 2 to 200 recordings of each class.", field="per_class")
        if self.band is not None and not 0 <= self.band[0] < self.band[1] < np.inf:
            raise Invalid("The band begins below its end.", field="band")


@dataclass(frozen=True)
class ClassSignal:
    """One recording of a class.

    Parameters
    ----------
    label : str
    samples : ndarray of float32, shape (time,)
    sampling_rate_hz : float
    """

    label: str
    samples: NDArray[np.float32]
    sampling_rate_hz: float


@dataclass(frozen=True)
class ClassCurve:
    """The recordings of one class, line by line.

    Parameters
    ----------
    label : str
    n : int
    mean, low, high : ndarray of float32, shape (line,)
        Mean, 10th and 90th percentile over the recordings.
    """

    label: str
    n: int
    mean: NDArray[np.float32]
    low: NDArray[np.float32]
    high: NDArray[np.float32]


@dataclass(frozen=True)
class ClassSpectra:
    """Class spectra over one axis.

    Parameters
    ----------
    kind : SpectrumKind
    axis : ndarray of float64, shape (line,)
        In Hz, or in seconds for the cepstrum.
    classes : tuple of ClassCurve
    n_short : int
        Recordings that are too short for this axis and were left out.
    """

    kind: SpectrumKind
    axis: NDArray[np.float64]
    classes: tuple[ClassCurve, ...]
    n_short: int = 0


def axis_of(settings: ClassSpectraSettings, lowest_rate_hz: float) -> NDArray[np.float64]:
    """Return the lines of the axis, 0 left out.

    Parameters
    ----------
    settings : ClassSpectraSettings
    lowest_rate_hz : float
        Of all recordings that share the axis.

    Raises
    ------
    Invalid
        If the axis would reach beyond what the lowest rate holds.

    Examples
    --------
    >>> axis = axis_of(ClassSpectraSettings(top=400.0), 1000.0)
    >>> float(axis[0]), float(axis[-1]), len(axis)
    (0.5, 400.0, 800)
    """
    if settings.kind is SpectrumKind.CEPSTRUM:
        count = int(min((settings.top or _LONGEST_S) * lowest_rate_hz, _MOST_QUEFRENCIES + 1))
        if not 4 <= count <= _MOST_QUEFRENCIES:
            raise Invalid(
                f"The axis cannot end at {settings.top:g} s: give {4 / lowest_rate_hz:.2g} to "
                f"{_MOST_QUEFRENCIES / lowest_rate_hz:.2g} s.",
                field="top",
            )
        return np.arange(1, count + 1, dtype=np.float64) / float(lowest_rate_hz)
    half = lowest_rate_hz / 2
    usual = half if settings.kind is SpectrumKind.PSD else half / 5
    top = settings.top or usual
    if top > half:
        raise Invalid(
            f"The axis cannot end at {top:g} Hz: half the lowest sampling rate is {half:g} Hz.",
            field="top",
        )
    if top < half * _LEAST_SHARE:
        raise Invalid(
            f"The axis cannot end at {top:g} Hz: give {half * _LEAST_SHARE:.2g} Hz or more.",
            field="top",
        )
    return np.arange(1, N_LINES + 1, dtype=np.float64) * float(top / N_LINES)


def class_spectra(
    signals: Iterable[ClassSignal], settings: ClassSpectraSettings, lowest_rate_hz: float
) -> ClassSpectra:
    """Return the mean spectrum of every class with its spread.

    Parameters
    ----------
    signals : iterable of ClassSignal
        Read one after the other; none is kept.
    settings : ClassSpectraSettings
    lowest_rate_hz : float

    Raises
    ------
    Invalid
        If no recording is long enough.

    Examples
    --------
    >>> time_s = np.arange(4000) / 1000
    >>> tones = [ClassSignal("x", np.float32(a * np.sin(2 * np.pi * 50 * time_s)), 1000.0)
    ...          for a in (1.0, 3.0)]
    >>> found = class_spectra(tones, ClassSpectraSettings(top=400.0), 1000.0)
    >>> float(found.axis[found.classes[0].mean.argmax()]), found.classes[0].n
    (50.0, 2)
    """
    axis = axis_of(settings, lowest_rate_hz)
    rows: dict[str, list[NDArray[np.float32]]] = {}
    n_short = 0
    for one in signals:
        if len(one.samples) < _SHORTEST:
            n_short += 1
            continue
        rows.setdefault(one.label, []).append(_row(one, settings, axis))
    if not rows:
        raise Invalid("No recording is long enough for a spectrum.")
    curves = [_curve(label, np.stack(rows[label])) for label in class_order(frozenset(rows))]
    return ClassSpectra(settings.kind, axis, tuple(curves), n_short)


def _curve(label: str, rows: NDArray[np.float32]) -> ClassCurve:
    low, high = np.quantile(rows, (0.1, 0.9), axis=0)
    mean = rows.mean(axis=0, dtype=np.float64)
    return ClassCurve(
        label, len(rows), mean.astype(np.float32), low.astype(np.float32), high.astype(np.float32)
    )


def _row(
    signal: ClassSignal, settings: ClassSpectraSettings, axis: NDArray[np.float64]
) -> NDArray[np.float32]:
    rate_hz = signal.sampling_rate_hz
    if settings.kind is SpectrumKind.CEPSTRUM:
        step, values = _cepstrum(signal.samples, rate_hz, float(axis[-1]))
    elif settings.kind is SpectrumKind.ENVELOPE:
        band = settings.band or (_BAND[0] * rate_hz, _BAND[1] * rate_hz)
        step, values = _envelope(signal.samples, rate_hz, band, float(axis[0]))
    else:
        length = _length(signal.samples, rate_hz / float(axis[0]))
        wish = SpectrumSettings(scaling=Scaling.PSD, segment_length=length)
        seen = measured_spectrum(signal.samples, rate_hz, wish).spectrum
        step, values = seen.resolution_hz, seen.values
    read = np.interp(axis, np.arange(len(values)) * step, values, right=np.nan)
    return read.astype(np.float32)


def _length(samples: NDArray[Any], wanted: float) -> int:
    """Return the length of segments, in samples: what the axis wants, or what there is."""
    return max(16, min(len(samples), round(wanted)))


def _segments(samples: NDArray[np.float32], length: int) -> NDArray[np.float32]:
    number = len(samples) // length
    return samples[: number * length].reshape(number, length)


def _envelope(
    samples: NDArray[np.float32], rate_hz: float, band: tuple[float, float], step_hz: float
) -> tuple[float, NDArray[np.floating]]:
    """Return the squared envelope spectrum, averaged by power over segments."""
    segments = _segments(samples, _length(samples, rate_hz / step_hz))
    length = segments.shape[1]
    lines = scipy.fft.rfft(segments - segments.mean(axis=1, keepdims=True), axis=1)
    power = [
        envelope_spectrum_of(one, length, rate_hz, band, Window.HANN).values ** 2 for one in lines
    ]
    return rate_hz / length, np.sqrt(np.mean(power, axis=0))


def _cepstrum(
    samples: NDArray[np.float32], rate_hz: float, top_s: float
) -> tuple[float, NDArray[np.floating]]:
    """Return the real cepstrum, averaged over segments four times as long as the axis."""
    wanted = max(scipy.fft.next_fast_len(int(4 * top_s * rate_hz) + 1, real=True), 1024)
    segments = _segments(samples, _length(samples, wanted))
    lines = np.abs(scipy.fft.rfft(segments - segments.mean(axis=1, keepdims=True), axis=1))
    floor = np.maximum(lines.max(axis=1, keepdims=True) * 1e-6, np.finfo(np.float32).tiny)
    cepstra = scipy.fft.irfft(np.log(np.maximum(lines, floor)), segments.shape[1], axis=1)
    return 1 / rate_hz, cepstra.mean(axis=0)[: segments.shape[1] // 2 + 1]
