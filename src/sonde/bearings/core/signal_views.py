"""What is looked at of a recording, and what is seen: small values for services and pages."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sonde.bearings.core.datasets import Dataset, StoredRecording
from sonde.bearings.core.downsampling import kept_positions, with_peaks
from sonde.bearings.core.envelope import Band, squared_envelope_spectrum
from sonde.bearings.core.geometry import Geometry
from sonde.bearings.core.spectra import Spectrum, Window, amplitude_spectrum

POINTS = 1300
SPECTRUM_POINTS = 800
HIGHEST_ORDER = 20.0
MARKED_HARMONICS = 3
PEAKS = 8


@dataclass(frozen=True)
class Look:
    """What is looked at: a recording, one channel of it, and the bearing that is assumed.

    Parameters
    ----------
    recording_id : str
    channel : str
        Empty for the first.
    bearing : str
        Designation or geometry; empty for the data set's own.
    """

    recording_id: str
    channel: str = ""
    bearing: str = ""


@dataclass(frozen=True)
class Place:
    """A recording among its neighbours.

    Parameters
    ----------
    dataset : Dataset
    recording : StoredRecording
    channel : str
    bearing : str
        Designation or geometry that is assumed; empty where nobody stated one.
    position, total : int
        1 for the first recording of the data set.
    previous_id, next_id : str
        Empty at the ends.
    """

    dataset: Dataset
    recording: StoredRecording
    channel: str
    bearing: str
    position: int
    total: int
    previous_id: str
    next_id: str


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
    """Where a part's fault would show: name, multiple and frequency."""

    name: str
    multiple: int
    frequency_hz: float


@dataclass(frozen=True)
class SpectrumLook:
    """An amplitude spectrum with its peaks kept, and the highest of them at full resolution.

    Parameters
    ----------
    spectrum : Spectrum
    peaks : tuple of (float, float)
        Frequency in Hz and amplitude, the highest first.
    """

    spectrum: Spectrum
    peaks: tuple[tuple[float, float], ...]


@dataclass(frozen=True)
class EnvelopeLook:
    """A squared envelope spectrum with the lines to look for."""

    spectrum: Spectrum
    band: Band
    marks: tuple[FaultMark, ...]


def course_of(samples: NDArray[np.float32], first: int, sampling_rate_hz: float) -> Course:
    """Return the course of samples that begin at position `first` of their recording."""
    positions = kept_positions(samples, POINTS)
    centred = samples - samples.mean()
    return Course(
        time_s=(first + positions) / sampling_rate_hz,
        values=samples[positions],
        n_samples=len(samples),
        rms=float(np.sqrt(np.mean(centred**2))),
        peak=float(np.abs(centred).max()),
    )


def spectrum_of(samples: NDArray[np.float32], sampling_rate_hz: float) -> SpectrumLook:
    """Return the amplitude spectrum for the eye, with the highest peaks by name."""
    full = amplitude_spectrum(samples, sampling_rate_hz, Window.HANN)
    return SpectrumLook(with_peaks(full, SPECTRUM_POINTS), highest_peaks(full, PEAKS))


def envelope_of(
    samples: NDArray[np.float32],
    sampling_rate_hz: float,
    shaft_hz: float,
    band: Band,
    geometry: Geometry | None,
) -> EnvelopeLook:
    """Return the squared envelope spectrum up to order 20, with the lines to look for."""
    full = squared_envelope_spectrum(samples, sampling_rate_hz, band)
    shown = with_peaks(full.below(HIGHEST_ORDER * shaft_hz), SPECTRUM_POINTS)
    highest_hz = shown.resolution_hz * len(shown.values)
    marks = _marks(geometry, shaft_hz, highest_hz) if geometry else ()
    return EnvelopeLook(shown, band, marks)


def highest_peaks(spectrum: Spectrum, count: int) -> tuple[tuple[float, float], ...]:
    """Return frequency and height of the highest local maxima, the highest first.

    Examples
    --------
    >>> highest_peaks(Spectrum(2.0, np.array([0.0, 1, 0, 5, 4, 0]), "u"), 2)
    ((6.0, 5.0), (2.0, 1.0))
    """
    values = spectrum.values
    inner = values[1:-1]
    places = np.flatnonzero((inner > values[:-2]) & (inner >= values[2:])) + 1
    highest = places[np.argsort(values[places])[::-1][:count]]
    return tuple((float(place * spectrum.resolution_hz), float(values[place])) for place in highest)


def _marks(geometry: Geometry, shaft_hz: float, highest_hz: float) -> tuple[FaultMark, ...]:
    return tuple(
        FaultMark(name, multiple, multiple * order * shaft_hz)
        for name, order in geometry.orders.items()
        for multiple in range(1, MARKED_HARMONICS + 1)
        if multiple * order * shaft_hz < highest_hz
    )
