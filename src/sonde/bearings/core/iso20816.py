"""Severity zones of ISO 20816-3:2022 for industrial machines above 15 kW.

Vibration of non-rotating parts (bearing housings): root mean square of velocity, and of
displacement, over a broad band; the worse of the two decides. The boundaries are those published in
ISO 20816-3, tables A.1 and A.2 (unchanged from ISO 10816-3:2009). A zone is only given where
everything it rests on is declared; else the answer says what is missing.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

from sonde.bearings.core.integration import band_rms
from sonde.bearings.core.units import Quantity, unit_named
from sonde.platform.core.errors import Invalid

SLOWEST_RPM, FASTEST_RPM = 120.0, 30_000.0
SLOW_BELOW_RPM = 600.0
HIGHEST_HZ = 1000.0
LEAST_RATE_HZ = 2.56 * HIGHEST_HZ
LEAST_PERIODS = 10


class MachineGroup(StrEnum):
    """Size of the machine."""

    LARGE = "1"
    MEDIUM = "2"

    @property
    def scope(self) -> str:
        """Return what belongs to it."""
        if self is MachineGroup.LARGE:
            return "Group 1: above 300 kW, or shaft height 315 mm and more"
        return "Group 2: 15 to 300 kW, or shaft height 160 to below 315 mm"


class Support(StrEnum):
    """How the machine stands: rigid if its lowest natural frequency is 25 % above the speed."""

    RIGID = "rigid"
    FLEXIBLE = "flexible"


class Zone(StrEnum):
    """How severe a vibration is."""

    A = "A"
    B = "B"
    C = "C"
    D = "D"

    @property
    def meaning(self) -> str:
        """Return what the standard says of it, in short."""
        return _MEANINGS[self]


_MEANINGS: Mapping[Zone, str] = MappingProxyType(
    {
        Zone.A: "as of a newly commissioned machine",
        Zone.B: "acceptable for unrestricted long-term operation",
        Zone.C: "unsatisfactory for long-term operation: act at the next opportunity",
        Zone.D: "severe enough to damage the machine",
    }
)


@dataclass(frozen=True)
class Boundaries:
    """Upper limits of zones A, B and C.

    Parameters
    ----------
    velocity_mm_s, displacement_um : tuple of float
        Root mean square.
    """

    velocity_mm_s: tuple[float, float, float]
    displacement_um: tuple[float, float, float]


BOUNDARIES: Mapping[tuple[MachineGroup, Support], Boundaries] = MappingProxyType(
    {
        (MachineGroup.LARGE, Support.RIGID): Boundaries((2.3, 4.5, 7.1), (29, 57, 90)),
        (MachineGroup.LARGE, Support.FLEXIBLE): Boundaries((3.5, 7.1, 11.0), (45, 90, 140)),
        (MachineGroup.MEDIUM, Support.RIGID): Boundaries((1.4, 2.8, 4.5), (22, 45, 71)),
        (MachineGroup.MEDIUM, Support.FLEXIBLE): Boundaries((2.3, 4.5, 7.1), (37, 71, 113)),
    }
)


@dataclass(frozen=True)
class ZoneReading:
    """A zone and what it rests on.

    Parameters
    ----------
    zone : Zone
        The worse of the two below.
    velocity_mm_s, displacement_um : float
        Root mean square within the band.
    velocity_zone, displacement_zone : Zone
    band_hz : (float, float)
    boundaries : Boundaries
    sentence : str
    """

    zone: Zone
    velocity_mm_s: float
    displacement_um: float
    velocity_zone: Zone
    displacement_zone: Zone
    band_hz: tuple[float, float]
    boundaries: Boundaries
    sentence: str


def zone_of(value: float, limits: tuple[float, float, float]) -> Zone:
    """Return the zone of a value; a boundary still belongs to the better zone.

    Examples
    --------
    >>> [zone_of(value, (2.3, 4.5, 7.1)).value for value in (2.3, 2.31, 7.0, 7.2)]
    ['A', 'B', 'C', 'D']
    """
    return list(Zone)[sum(value > limit for limit in limits)]


def severity_zone(
    samples: NDArray[np.floating],
    sampling_rate_hz: float,
    unit: str,
    speed_rpm: float,
    machine: tuple[MachineGroup | None, Support | None],
) -> ZoneReading:
    """Return the zone of a vibration measured on a bearing housing.

    Parameters
    ----------
    samples : ndarray of float, shape (time,)
    sampling_rate_hz : float
    unit : str
        Of acceleration or velocity, such as ``"g"`` or ``"mm/s"``.
    speed_rpm : float
    machine : (MachineGroup, Support)
        None where nobody declared it.

    Raises
    ------
    Invalid
        With the reason: unit, group or support undeclared; a channel of displacement (a shaft
        probe); speed outside 120 to 30,000 rpm; rate below 2,560 Hz; fewer than ten periods of
        the lowest frequency.

    Examples
    --------
    >>> seconds = np.arange(20_480) / 10_240
    >>> shake = 4.0 * np.sin(2 * np.pi * 50 * seconds)
    >>> machine = (MachineGroup.MEDIUM, Support.RIGID)
    >>> print(severity_zone(shake, 10_240.0, "mm/s", 3000.0, machine).sentence)
    Zone C: 2.83 mm/s and 9 um RMS from 10 to 1000 Hz (A to 1.4, B to 2.8, C to 4.5 mm/s).
    """
    limits = declared_boundaries(unit, speed_rpm, machine)
    low_hz = 2.0 if speed_rpm < SLOW_BELOW_RPM else 10.0
    check_recording(len(samples), sampling_rate_hz, low_hz)
    band = (low_hz, HIGHEST_HZ)
    velocity = band_rms(samples, sampling_rate_hz, unit, Quantity.VELOCITY, band)
    displacement = band_rms(samples, sampling_rate_hz, unit, Quantity.DISPLACEMENT, band)
    zones = zone_of(velocity, limits.velocity_mm_s), zone_of(displacement, limits.displacement_um)
    worse = max(zones)
    by_way = zones[1] > zones[0]
    steps = limits.displacement_um if by_way else limits.velocity_mm_s
    sentence = (
        f"Zone {worse}: {velocity:.3g} mm/s and {displacement:.3g} um RMS from {low_hz:g} to "
        f"{HIGHEST_HZ:g} Hz (A to {steps[0]:g}, B to {steps[1]:g}, C to {steps[2]:g} "
        f"{'um' if by_way else 'mm/s'})."
    )
    return ZoneReading(worse, velocity, displacement, *zones, band, limits, sentence)


def declared_boundaries(
    unit: str, speed_rpm: float, machine: tuple[MachineGroup | None, Support | None]
) -> Boundaries:
    """Return the boundaries for what was declared; raises Invalid for what is missing."""
    if unit_named(unit).quantity is Quantity.DISPLACEMENT:
        raise Invalid(
            "This channel measures displacement, as shaft probes do; these zones are for "
            "acceleration or velocity of the bearing housing.",
            field="unit",
        )
    group, support = machine
    if group is None:
        raise Invalid(
            "The machine group is not declared: choose group 1 (above 300 kW) or group 2 (15 to "
            "300 kW) for an ISO 20816-3 zone.",
            field="group",
        )
    if support is None:
        raise Invalid(
            "The support is not declared: choose rigid or flexible for an ISO 20816-3 zone.",
            field="support",
        )
    if not SLOWEST_RPM <= speed_rpm <= FASTEST_RPM:
        raise Invalid(
            f"ISO 20816-3 covers {SLOWEST_RPM:,.0f} to {FASTEST_RPM:,.0f} rpm; this recording was "
            f"taken at {speed_rpm:,.0f} rpm.",
            field="speed_rpm",
        )
    return BOUNDARIES[group, support]


def check_recording(n_samples: int, sampling_rate_hz: float, low_hz: float) -> None:
    """Refuse a recording that is too slow or too short for a zone; raises Invalid."""
    if not sampling_rate_hz >= LEAST_RATE_HZ:
        raise Invalid(
            f"A zone needs the band up to {HIGHEST_HZ:,.0f} Hz, so a sampling rate of at least "
            f"{LEAST_RATE_HZ:,.0f} Hz; this is {sampling_rate_hz:,.0f} Hz.",
            field="sampling_rate_hz",
        )
    needed_s = LEAST_PERIODS / low_hz
    if n_samples < needed_s * sampling_rate_hz * (1 - 1e-6):
        raise Invalid(
            f"A zone needs at least {needed_s:g} s of signal (ten periods of {low_hz:g} Hz); this "
            f"recording has {n_samples / sampling_rate_hz:.3g} s.",
            field="samples",
        )
