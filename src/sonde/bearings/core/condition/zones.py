"""Zones of ISO 20816-3 along a trend: from the velocity that every measurement keeps."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from sonde.bearings.core.condition.alarms import AlarmBand, BandKind
from sonde.bearings.core.condition.machines import Measurement, Node
from sonde.bearings.core.iso20816 import (
    SLOW_BELOW_RPM,
    MachineGroup,
    Support,
    Zone,
    check_recording,
    declared_boundaries,
    zone_of,
)
from sonde.platform.core.errors import Invalid

VELOCITY: Final = "VelocityRMS"
_LOW_HZ = 10.0


@dataclass(frozen=True)
class ZoneNote:
    """The zone of a measurement, or why there is none.

    Parameters
    ----------
    zone : Zone or None
    velocity_mm_s : float
        NaN where unknown.
    limits : tuple of float
        Upper ends of zones A, B and C in mm/s; empty where there is no zone.
    sentence : str
    """

    zone: Zone | None
    velocity_mm_s: float
    limits: tuple[float, ...]
    sentence: str


def said_above(way: Sequence[Node], key: str, otherwise: Any) -> Any:
    """Return what is said of the nearest place on the way from the plant to a channel."""
    return next((node.details[key] for node in reversed(way) if key in node.details), otherwise)


def zone_limits(way: Sequence[Node], measured: Measurement) -> tuple[float, float, float]:
    """Return the upper ends of zones A, B and C in mm/s for a measurement of a channel.

    Raises
    ------
    Invalid
        With the reason why the standard gives no zone here.
    """
    group, support = said_above(way, "machine_group", None), said_above(way, "support", None)
    machine = (MachineGroup(group) if group else None, Support(support) if support else None)
    limits = declared_boundaries(measured.unit, measured.speed_rpm, machine)
    if measured.speed_rpm < SLOW_BELOW_RPM:
        raise Invalid(
            f"Below {SLOW_BELOW_RPM:g} rpm the standard looks from 2 Hz on; a trend keeps the "
            "velocity from 10 Hz. Open the signal for its zone.",
            field="speed_rpm",
        )
    check_recording(measured.n_samples, measured.sampling_rate_hz, _LOW_HZ)
    return limits.velocity_mm_s


def zone_note(way: Sequence[Node], measured: Measurement | None) -> ZoneNote:
    """Return the zone of a measurement by its velocity, or the reason why there is none."""
    if measured is None:
        return ZoneNote(None, float("nan"), (), "Nothing was measured here yet.")
    velocity = float(measured.figures.get(VELOCITY, np.nan))
    try:
        limits = zone_limits(way, measured)
        if not np.isfinite(velocity):
            raise Invalid("The velocity is unknown.")
    except Invalid as error:
        return ZoneNote(None, velocity, (), error.message)
    zone = zone_of(velocity, limits)
    text = f"Zone {zone}: {velocity:.3g} mm/s RMS from 10 to 1000 Hz; {zone.meaning}."
    return ZoneNote(zone, velocity, limits, text)


def iso_band(way: Sequence[Node], newest: Measurement | None, in_a_row: int = 2) -> AlarmBand:
    """Return limits at the ends of zones B (warning) and C (alarm).

    Raises
    ------
    Invalid
        Where nothing was measured yet, or with the reason why there is no zone.
    """
    if newest is None:
        raise Invalid(
            "Measure once before: unit, speed and length decide about the zone.", field="kind"
        )
    limits = zone_limits(way, newest)
    return AlarmBand(BandKind.ISO_20816, limits[1], limits[2], in_a_row)
