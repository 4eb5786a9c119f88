"""The scene of one record: what the machine does while the fault shows itself."""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from sonde.bearings.core.fault_classes import HEALTHY, Severity
from sonde.bearings.core.simulate.journal.conditions import DrawnConditions
from sonde.bearings.core.simulate.waves import Turns, Wave, steady_tone, tone_along

SEVERITY_FACTORS = {
    Severity.INCIPIENT.value: (0.20, 0.45),
    Severity.MILD.value: (0.45, 0.70),
    Severity.MODERATE.value: (0.70, 0.90),
    Severity.SEVERE.value: (0.90, 1.00),
}
GROWTH = 0.3
NOMINAL_DURATION_S = 5.0


@dataclass(frozen=True)
class Course:
    """How severe the fault is over the record.

    Parameters
    ----------
    level : str
        Severity that the record begins with; ``"nominal"`` for a healthy bearing.
    first, last : float
        Factor of the fault's signature at the beginning and at the end.
    """

    level: str
    first: float
    last: float

    @property
    def evolves(self) -> bool:
        """Whether the fault grows while it is recorded."""
        return self.last > self.first

    @property
    def mean(self) -> float:
        """Return the mean factor."""
        return (self.first + self.last) / 2


def draw_course(
    label: str, levels: tuple[str, ...], evolution_share: float, rng: np.random.Generator
) -> Course:
    """Draw the severity of a record out of `levels`; a healthy bearing is nominal.

    Examples
    --------
    >>> draw_course("wear", ("severe",), 1.0, np.random.default_rng(0)).last
    1.0
    """
    level = levels[int(rng.integers(len(levels)))] if levels else ""
    evolves = rng.random() < evolution_share
    share = rng.random()
    if label == HEALTHY:
        return Course(Severity.NOMINAL.value, 1.0, 1.0)
    low, high = SEVERITY_FACTORS[level]
    first = low + (high - low) * share
    return Course(level, first, min(1.0, first + GROWTH) if evolves else first)


@lru_cache(maxsize=4)
def seconds(n_samples: int, sampling_rate_hz: float) -> Turns:
    """Return the times of the samples; shared, not to be written to."""
    time_s = np.arange(n_samples) / sampling_rate_hz
    time_s.flags.writeable = False
    return time_s


@dataclass(frozen=True)
class Scene:
    """Everything that a fault's signature is made of.

    Parameters
    ----------
    n_samples : int
    sampling_rate_hz : float
    conditions : DrawnConditions
    course : Course
    turns : ndarray of float64, shape (time,), optional
        Angle of the shaft; None while it turns steadily.
    speed_ratio : float or ndarray of float32, shape (time,)
        Shaft frequency over 60 Hz.
    envelope : float or ndarray of float32, shape (time,)
        Severity times what load steps and the like make of it.
    rng : numpy.random.Generator
        Of the fault alone.
    """

    n_samples: int
    sampling_rate_hz: float
    conditions: DrawnConditions
    course: Course
    turns: Turns | None
    speed_ratio: float | Wave
    envelope: float | Wave
    rng: np.random.Generator

    def tone(self, order: float, phase_turns: float) -> Wave:
        """Return a sine at `order` times the shaft's frequency."""
        if self.turns is not None:
            return tone_along(self.turns, order, phase_turns)
        per_sample = order * self.conditions.speed_hz / self.sampling_rate_hz
        return steady_tone(self.n_samples, per_sample, phase_turns)

    def occurrences(self, base: float, grown: float) -> int:
        """Return how many bursts there are: `base` and up to `grown` more in five seconds."""
        share = self.n_samples / self.sampling_rate_hz / NOMINAL_DURATION_S
        return max(1, round(int(base + grown * self.course.mean) * share))

    def envelope_at(self, start: int) -> float:
        """Return the envelope at one sample."""
        whole = self.envelope
        return whole if isinstance(whole, float) else float(whole[start])

    def samples_in(self, duration_s: float) -> int:
        """Return a duration in samples, at least two and at most the record."""
        return min(self.n_samples, max(2, round(duration_s * self.sampling_rate_hz)))
