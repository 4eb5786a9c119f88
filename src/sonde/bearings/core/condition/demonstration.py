"""A pump whose bearing runs to failure: what a person without data of their own may look at."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

import numpy as np
from numpy.typing import NDArray

from sonde.bearings.core.catalogue import find_bearing
from sonde.bearings.core.simulate.impacts import Fault
from sonde.bearings.core.simulate.rolling import (
    PlannedRecording,
    SimulationConfig,
    simulate_planned,
)

N_RECORDINGS: Final = 60
EVERY: Final = timedelta(hours=6)
RATE_HZ: Final = 12_000.0
SPEED_RPM: Final = 1480.0
DESIGNATION: Final = "6205"
UNIT: Final = "g"
_ONSET = 24
_GROWTH = 0.036
_LOAD = 0.6
# The simulator's unit is arbitrary; this makes it a smoothly running machine of zone A.
_IN_G = 0.12
_SMALLEST = 0.25


@dataclass(frozen=True)
class Moment:
    """One recording of the run, without its samples.

    Parameters
    ----------
    number : int
    taken_at : datetime
    fault : Fault
    severity : float
        0 (just begun) to 1 (severe).
    """

    number: int
    taken_at: datetime
    fault: Fault
    severity: float


def run_to_failure(end: datetime, n_recordings: int = N_RECORDINGS) -> tuple[Moment, ...]:
    """Return the recordings of a run whose last one was taken at `end`.

    The outer race is whole for the first two fifths; then its damage grows exponentially.

    Examples
    --------
    >>> from datetime import UTC
    >>> run = run_to_failure(datetime(2026, 3, 1, tzinfo=UTC))
    >>> len(run), run[0].fault.value, run[-1].fault.value, round(run[-1].severity, 2)
    (60, 'healthy', 'outer', 0.84)
    """
    return tuple(_moments(end, n_recordings))


def _moments(end: datetime, n_recordings: int) -> Iterator[Moment]:
    onset = round(_ONSET * n_recordings / N_RECORDINGS)
    for number in range(n_recordings):
        taken_at = end - (n_recordings - 1 - number) * EVERY
        if number < onset:
            yield Moment(number, taken_at, Fault.HEALTHY, 0.0)
            continue
        age = (number - onset) * N_RECORDINGS / n_recordings
        size = _SMALLEST * float(np.exp(_GROWTH * age))
        severity = min((size - _SMALLEST) / (1 - _SMALLEST), 1.0)
        yield Moment(number, taken_at, Fault.OUTER, severity)


def samples_of(moment: Moment, seed: int = 11, duration_s: float = 1.0) -> NDArray[np.float32]:
    """Return the vibration of one recording in g; all recordings of a seed share their machine.

    Parameters
    ----------
    moment : Moment
    seed : int
    duration_s : float

    Returns
    -------
    ndarray of float32, shape (time,)
    """
    plan = PlannedRecording("pump", moment.fault, moment.severity, SPEED_RPM, _LOAD)
    geometry = find_bearing(DESIGNATION).geometry
    config = SimulationConfig(seed, DESIGNATION, geometry, RATE_HZ, duration_s, (plan,), noise=0.1)
    rng = np.random.default_rng(np.random.SeedSequence([seed, moment.number]))
    return (_IN_G * simulate_planned(config, plan, rng).samples).astype(np.float32)
