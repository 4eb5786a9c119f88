"""What is looked at of a recording, and what is seen: small values for services and pages."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sonde.bearings.core.datasets import Dataset, StoredRecording
from sonde.bearings.core.envelope import Band
from sonde.bearings.core.spectra import Spectrum


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
class EnvelopeLook:
    """A squared envelope spectrum with the lines to look for."""

    spectrum: Spectrum
    band: Band
    marks: tuple[FaultMark, ...]
