"""Operating conditions of a journal bearing, drawn for each record."""

import math
from collections.abc import Mapping
from dataclasses import asdict, dataclass

import numpy as np

from sonde.bearings.core.simulate.settings import Conditions

NOMINAL_HZ = 60.0
NOMINAL_SOMMERFELD = 0.15
SOMMERFELD_LIMITS = (0.05, 0.5)


@dataclass(frozen=True)
class DrawnConditions:
    """The conditions of one record.

    Parameters
    ----------
    speed_hz : float
        Of the shaft, in the steady state.
    load : float
        0 to 1.
    temperature_c : float
        Of the oil.
    reynolds, clearance_ratio : float
        Of the oil film, and of the bearing.
    """

    speed_hz: float
    load: float
    temperature_c: float
    reynolds: float
    clearance_ratio: float

    @property
    def load_factor(self) -> float:
        """Return 0.3 + 0.7 load."""
        return 0.3 + 0.7 * self.load

    @property
    def temperature_factor(self) -> float:
        """Return 0.9 + 0.2 (T - 40) / 40."""
        return 0.9 + 0.2 * (self.temperature_c - 40.0) / 40.0

    @property
    def operating_factor(self) -> float:
        """Return load factor times temperature factor."""
        return self.load_factor * self.temperature_factor

    @property
    def sommerfeld(self) -> float:
        """Return the Sommerfeld number, limited to 0.05 to 0.50.

        Examples
        --------
        >>> round(DrawnConditions(60.0, 1.0, 60.0, 1000.0, 0.002).sommerfeld, 6)
        0.15
        """
        viscosity = math.exp(-0.03 * (self.temperature_c - 60.0))
        number = NOMINAL_SOMMERFELD * viscosity * self.speed_hz / NOMINAL_HZ / self.load_factor
        return min(max(number, SOMMERFELD_LIMITS[0]), SOMMERFELD_LIMITS[1])

    def described(self) -> Mapping[str, float]:
        """Return the drawn values and those that follow from them, for the record's metadata."""
        return {
            **asdict(self),
            "speed_rpm": 60.0 * self.speed_hz,
            "operating_factor": self.operating_factor,
            "sommerfeld": self.sommerfeld,
        }


def draw_conditions(
    ranges: Conditions, record: np.random.Generator, bearing: np.random.Generator
) -> DrawnConditions:
    """Draw the conditions of a record; what belongs to the bearing comes from its own generator.

    Parameters
    ----------
    ranges : Conditions
    record, bearing : numpy.random.Generator
    """
    return DrawnConditions(
        speed_hz=float(record.uniform(*ranges.speed_rpm)) / 60.0,
        load=float(record.uniform(*ranges.load)),
        temperature_c=float(record.uniform(*ranges.temperature_c)),
        reynolds=float(record.uniform(500.0, 5000.0)),
        clearance_ratio=float(bearing.uniform(0.001, 0.003)),
    )
