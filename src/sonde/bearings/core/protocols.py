"""Published splits of published data, by name."""

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from sonde.bearings.core.datasets import StoredRecording
from sonde.learning.core.problem import Fold

CWRU_SIZE_OUT = "cwru-size-out"
_SIZES = ("7 mil", "14 mil", "21 mil")
_HEALTHY = "healthy"
_TRAIN_LOADS = ("0 hp", "2 hp")
_TEST_LOADS = ("1 hp", "3 hp")


def cwru_size_out_recordings(
    recordings: Sequence[StoredRecording],
) -> tuple[StoredRecording, ...]:
    """Return the recordings that the protocol uses, in order; empty if they are not all there.

    Drive end at 12 kHz, 7, 14 and 21 mil, outer race at 6 o'clock only, and the four healthy ones.
    """
    used = tuple(one for one in recordings if _belongs(one))
    faults = {(one.label, one.fault_size) for one in used if one.label != _HEALTHY}
    complete = {(label, size) for label in ("inner", "ball", "outer") for size in _SIZES}
    healthy_loads = {one.load for one in used if one.label == _HEALTHY}
    if faults != complete or not healthy_loads.issuperset(_TRAIN_LOADS + _TEST_LOADS):
        return ()
    return used


def _belongs(recording: StoredRecording) -> bool:
    if recording.sampling_rate_hz != 12_000 or "DE" not in recording.channels:
        return False
    if recording.label == _HEALTHY:
        return recording.load in _TRAIN_LOADS + _TEST_LOADS
    at_six = recording.label != "outer" or recording.fault_position == "6"
    return recording.fault_size in _SIZES and at_six


def cwru_size_out(
    recordings: Sequence[StoredRecording], recording_of_sample: Sequence[int]
) -> Mapping[str, tuple[Fold, ...]]:
    """Return the protocol's folds over the samples, or nothing if the data set is not that one.

    Parameters
    ----------
    recordings : sequence of StoredRecording
        Those that the samples were cut from.
    recording_of_sample : sequence of int
        Position of each sample's recording.

    Notes
    -----
    Test: one size and the healthy records at 1 and 3 hp. Training: the other sizes and the
    healthy records at 0 and 2 hp. Three folds; the score is their mean.
    """
    used = {one.id for one in cwru_size_out_recordings(recordings)}
    if not used:
        return {}
    position = np.asarray(recording_of_sample)

    def samples(wanted: Sequence[bool]) -> NDArray[np.intp]:
        return np.flatnonzero(np.asarray(wanted)[position])

    folds = []
    for size in _SIZES:
        train = [_is_side(one, used, size, tests=False) for one in recordings]
        test = [_is_side(one, used, size, tests=True) for one in recordings]
        folds.append(Fold(size, samples(train), samples(test)))
    return {CWRU_SIZE_OUT: tuple(folds)}


def _is_side(recording: StoredRecording, used: set[str], size: str, *, tests: bool) -> bool:
    if recording.id not in used:
        return False
    if recording.label == _HEALTHY:
        return recording.load in (_TEST_LOADS if tests else _TRAIN_LOADS)
    return (recording.fault_size == size) is tests
