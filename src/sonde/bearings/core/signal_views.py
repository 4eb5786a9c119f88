"""What is looked at of a recording, and what is seen: small values for services and pages."""

from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from sonde.bearings.core.curves import DRAWN_POINTS, Curve, drawn
from sonde.bearings.core.datasets import Dataset, StoredRecording
from sonde.bearings.core.downsampling import kept_positions
from sonde.bearings.core.envelope import Band, squared_envelope_spectrum
from sonde.bearings.core.fault_classes import class_title
from sonde.bearings.core.geometry import Geometry
from sonde.bearings.core.integration import converted_spectrum
from sonde.bearings.core.recordings import UNKNOWN_UNIT
from sonde.bearings.core.spectra import Spectrum
from sonde.bearings.core.spectrum_settings import (
    MeasuredSpectrum,
    SpectrumSettings,
    measured_spectrum,
)
from sonde.bearings.core.timefrequency.wigner_ville import analytic
from sonde.bearings.core.units import Quantity

POINTS = 1300
HIGHEST_ORDER = 20.0
MARKED_HARMONICS = 3
MARKED_TURNS = 5
PEAKS = 8


@dataclass(frozen=True)
class Look:
    """What is looked at: a recording, one channel of it, and what is assumed of it.

    Parameters
    ----------
    recording_id : str
    channel : str
        Empty for the first.
    bearing : str
        Designation or geometry; empty for the data set's own.
    unit : str
        Of the samples, where the recording itself does not say it; empty for unknown.
    """

    recording_id: str
    channel: str = ""
    bearing: str = ""
    unit: str = ""


@dataclass(frozen=True)
class Signal:
    """Samples of one channel with what is known about them.

    Parameters
    ----------
    recording : StoredRecording
    channel : str
    samples : ndarray of float32, shape (time,)
    geometry : Geometry, optional
        Of the bearing that is assumed, where it was asked for.
    """

    recording: StoredRecording
    channel: str
    samples: NDArray[np.float32]
    geometry: Geometry | None

    @property
    def rate_hz(self) -> float:
        """Return the sampling rate."""
        return self.recording.sampling_rate_hz

    @property
    def shaft_hz(self) -> float:
        """Return the nominal shaft frequency."""
        return self.recording.speed_rpm / 60

    @property
    def unit(self) -> str:
        """Return the unit of the samples; ``"unknown"`` where nobody declared it."""
        return self.recording.unit


@dataclass(frozen=True)
class Place:
    """A recording among its neighbours.

    Parameters
    ----------
    dataset : Dataset, optional
        None for a signal that was brought to be looked at only.
    recording : StoredRecording
    channel : str
    bearing : str
        Designation or geometry that is assumed; empty where nobody stated one.
    position, total : int
        1 for the first recording of the data set.
    previous_id, next_id : str
        Empty at the ends.
    """

    dataset: Dataset | None
    recording: StoredRecording
    channel: str
    bearing: str
    position: int
    total: int
    previous_id: str
    next_id: str


@dataclass(frozen=True)
class FoundRecording:
    """One recording that a search found.

    Parameters
    ----------
    id, title, label : str
    dataset : str
        Name of its data set.
    """

    id: str
    title: str
    label: str
    dataset: str

    @property
    def words(self) -> str:
        """Return what tells it from others, in one line."""
        return f"{self.title} · {class_title(self.label)} · {self.dataset}"


@dataclass(frozen=True)
class Measure:
    """One feature of one recording.

    Parameters
    ----------
    name, title, unit, formula : str
        The unit is empty for a mere number.
    value : float
        NaN where it cannot be had.
    lacks : str
        Why it cannot be had, in words.
    """

    name: str
    title: str
    unit: str
    formula: str
    value: float
    lacks: str = ""


@dataclass(frozen=True)
class Course:
    """A stretch of a signal, downsampled for the eye.

    Parameters
    ----------
    time_s : ndarray of float64, shape (point,)
    values : ndarray of float32, shape (point,)
    n_samples : int
        How many samples the stretch holds.
    rms, peak : float
        Of all its samples, about their mean.
    """

    time_s: NDArray[np.float64]
    values: NDArray[np.float32]
    n_samples: int
    rms: float
    peak: float


@dataclass(frozen=True)
class FaultMark:
    """Where something would show: its name, which multiple, and the frequency (or the order)."""

    name: str
    multiple: int
    frequency_hz: float


@dataclass(frozen=True)
class SpectrumWish:
    """How a spectrum is wanted.

    Parameters
    ----------
    settings : SpectrumSettings
    quantity : Quantity, optional
        Integrated or differentiated to this; the signal as it was measured if None.
    span : (float, float), optional
        Part of the axis that is drawn, in Hz; all of it if None.
    points : int
        How many are drawn at most.
    """

    settings: SpectrumSettings = field(default_factory=SpectrumSettings)
    quantity: Quantity | None = None
    span: Band | None = None
    points: int = DRAWN_POINTS


@dataclass(frozen=True)
class SpectrumLook:
    """A spectrum as it is drawn, and as it is.

    Parameters
    ----------
    measured : MeasuredSpectrum
        At full resolution.
    curve : Curve
        What is drawn of it.
    unit : str
        Of the values, such as ``"g"`` or ``"(mm/s)^2/Hz"``; ``"unknown"`` where nobody said.
    peaks : tuple of (float, float)
        Frequency in Hz and height of the highest maxima within the span, the highest first.
    """

    measured: MeasuredSpectrum
    curve: Curve
    unit: str
    peaks: tuple[tuple[float, float], ...]


@dataclass(frozen=True)
class EnvelopeLook:
    """A squared envelope spectrum with the lines to look for.

    Parameters
    ----------
    spectrum : Spectrum
        Up to order 20, at full resolution.
    curve : Curve
        What is drawn of it.
    band : (float, float)
    marks : tuple of FaultMark
    """

    spectrum: Spectrum
    curve: Curve
    band: Band
    marks: tuple[FaultMark, ...]


def course_of(
    samples: NDArray[np.float32], first: int, sampling_rate_hz: float, points: int = POINTS
) -> Course:
    """Return the course of samples that begin at position `first` of their recording."""
    positions = kept_positions(samples, points)
    centred = samples - samples.mean()
    return Course(
        time_s=(first + positions) / sampling_rate_hz,
        values=samples[positions],
        n_samples=len(samples),
        rms=float(np.sqrt(np.mean(centred**2))),
        peak=float(np.abs(centred).max()),
    )


def amplitude_course(samples: NDArray[np.float32], first: int, sampling_rate_hz: float) -> Curve:
    """Return the amplitude over time: the magnitude of the analytic signal about its mean.

    Parameters and points are those of `course_of`; of each bucket the highest.

    Examples
    --------
    >>> tone = np.cos(2 * np.pi * 50 * np.arange(1000) / 1000).astype(np.float32)
    >>> seen = amplitude_course(tone, 1000, 1000.0)
    >>> float(seen.places[0]), bool(np.allclose(seen.values, 1.0, atol=1e-4))
    (1.0, True)
    """
    amplitude = np.abs(analytic(samples - samples.mean()))
    curve = drawn(amplitude, 1 / sampling_rate_hz, points=POINTS // 2)
    return replace(curve, places=first / sampling_rate_hz + curve.places)


def spectrum_of(
    samples: NDArray[np.float32], sampling_rate_hz: float, unit: str, wish: SpectrumWish
) -> SpectrumLook:
    """Return the spectrum that is wished for; raises Invalid where the unit allows none such."""
    measured = measured_spectrum(samples, sampling_rate_hz, wish.settings)
    if wish.quantity is not None:
        other = converted_spectrum(measured.spectrum, unit, wish.quantity)
        measured = replace(measured, spectrum=other)
    full = measured.spectrum
    return SpectrumLook(
        measured,
        drawn(full.values, full.resolution_hz, wish.span, wish.points),
        named_unit(full.unit, unit),
        highest_peaks(full, PEAKS, wish.span),
    )


def envelope_of(
    samples: NDArray[np.float32],
    sampling_rate_hz: float,
    shaft_hz: float,
    band: Band,
    geometry: Geometry | None,
    span: Band | None = None,
) -> EnvelopeLook:
    """Return the squared envelope spectrum up to order 20, with the lines to look for."""
    full = squared_envelope_spectrum(samples, sampling_rate_hz, band)
    full = full.below(HIGHEST_ORDER * shaft_hz)
    highest_hz = full.resolution_hz * len(full.values)
    marks = bearing_marks(geometry, shaft_hz, highest_hz)
    return EnvelopeLook(full, drawn(full.values, full.resolution_hz, span), band, marks)


def named_unit(unit: str, of_signal: str) -> str:
    """Return the unit of a spectrum's values with the signal's own unit in it.

    Examples
    --------
    >>> named_unit("u^2/Hz", "g"), named_unit("u", "unknown"), named_unit("mm/s", "g")
    ('g^2/Hz', 'unknown', 'mm/s')
    """
    if of_signal == UNKNOWN_UNIT and unit.startswith("u"):
        return UNKNOWN_UNIT
    return of_signal + unit[1:] if unit in {"u", "u^2", "u^2/Hz"} else unit


def highest_peaks(
    spectrum: Spectrum, count: int, span: Band | None = None
) -> tuple[tuple[float, float], ...]:
    """Return frequency and height of the highest local maxima, the highest first.

    Examples
    --------
    >>> spectrum = Spectrum(2.0, np.array([0.0, 1, 0, 5, 4, 0]), "u")
    >>> highest_peaks(spectrum, 2), highest_peaks(spectrum, 2, (0.0, 4.0))
    (((6.0, 5.0), (2.0, 1.0)), ((2.0, 1.0),))
    """
    values = spectrum.values
    inner = values[1:-1]
    places = np.flatnonzero((inner > values[:-2]) & (inner >= values[2:])) + 1
    if span is not None:
        hz = places * spectrum.resolution_hz
        places = places[(hz >= span[0]) & (hz <= span[1])]
    highest = places[np.argsort(values[places])[::-1][:count]]
    return tuple((float(place * spectrum.resolution_hz), float(values[place])) for place in highest)


def bearing_marks(
    geometry: Geometry | None, shaft_hz: float, highest_hz: float
) -> tuple[FaultMark, ...]:
    """Return where faults of the bearing's parts would show; in orders where `shaft_hz` is 1."""
    if geometry is None:
        return ()
    return tuple(
        FaultMark(name, multiple, multiple * order * shaft_hz)
        for name, order in geometry.orders.items()
        for multiple in range(1, MARKED_HARMONICS + 1)
        if multiple * order * shaft_hz < highest_hz
    )


def shaft_marks(shaft_hz: float, highest_hz: float) -> tuple[FaultMark, ...]:
    """Return where the shaft's turning shows: 1X to 5X.

    Examples
    --------
    >>> [mark.frequency_hz for mark in shaft_marks(30.0, 100.0)]
    [30.0, 60.0, 90.0]
    """
    return tuple(
        FaultMark("Shaft", multiple, multiple * shaft_hz)
        for multiple in range(1, MARKED_TURNS + 1)
        if multiple * shaft_hz < highest_hz
    )
