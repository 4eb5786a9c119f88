"""Signals of rolling bearings, drawn from the ranges of a configuration."""

import numpy as np
from numpy.typing import NDArray

from sonde.bearings.core.catalogue import find_bearing
from sonde.bearings.core.geometry import Geometry, parse_geometry
from sonde.bearings.core.simulate.impacts import Fault
from sonde.bearings.core.simulate.journal.scene import Course, draw_course
from sonde.bearings.core.simulate.noise import add_noise, quantise
from sonde.bearings.core.simulate.places import Place
from sonde.bearings.core.simulate.plan import GenerationConfig
from sonde.bearings.core.simulate.rolling import (
    PlannedRecording,
    SimulationConfig,
    simulate_planned,
)
from sonde.bearings.core.simulate.settings import Rolling
from sonde.bearings.core.simulate.signals import SimulatedSignal
from sonde.bearings.core.simulate.streams import stream

_SENSORS = {"DE": ("", 1.0), "FE": ("@FE", 0.6)}
_UNIT = "g"


def simulate_rolling(config: GenerationConfig, place: Place, index: int) -> SimulatedSignal:
    """Make a signal of a rolling bearing out of the streams of `index`.

    Parameters
    ----------
    config : GenerationConfig
    place : Place
        Class, severities and bearing.
    index : int
        Of the streams; another index gives another record of the same kind.

    Raises
    ------
    NotFound
        If the catalogue knows no such designation.
    """
    rng = stream(config.seed, index, "conditions")
    course = draw_course(place.label, place.levels, config.evolution_share, rng)
    plan = PlannedRecording(
        bearing=place.bearing,
        fault=Fault(place.label),
        severity=course.first if place.label != Fault.HEALTHY else 0.0,
        speed_rpm=float(rng.uniform(*config.conditions.speed_rpm)),
        load=float(rng.uniform(*config.conditions.load)),
        growth=course.last - course.first,
    )
    made = [_heard(config, plan, index, channel) for channel in config.channels]
    return SimulatedSignal(
        samples=np.stack([samples for samples, _ in made]),
        channels=config.channels,
        sampling_rate_hz=config.sampling_rate_hz,
        unit=_UNIT,
        label=place.label,
        severity=course.level,
        speed_rpm=plan.speed_rpm,
        load=plan.load,
        bearing=place.bearing,
        conditions=_drawn(plan, course, made[0][1], config.rolling),
        notes=(f"simulated: rolling bearing {bearing_name(config.rolling)}",),
    )


def geometry_of(rolling: Rolling) -> Geometry:
    """Return the own geometry or that of the designation; raises Invalid and NotFound."""
    if rolling.geometry:
        return parse_geometry(rolling.geometry)
    return find_bearing(rolling.designation).geometry


def bearing_name(rolling: Rolling) -> str:
    """Return what a data set says about its bearing: own geometry or designation."""
    return rolling.geometry or rolling.designation


def _heard(
    config: GenerationConfig, plan: PlannedRecording, index: int, channel: str
) -> tuple[NDArray[np.float32], float]:
    """Return what one sensor hears of a plan, and the slip that was drawn."""
    rolling = config.rolling
    sensor, size = _SENSORS[channel]
    wanted = SimulationConfig(
        seed=config.seed,
        designation=rolling.designation,
        geometry=geometry_of(rolling),
        sampling_rate_hz=config.sampling_rate_hz,
        duration_s=config.duration_s,
        recordings=(plan,),
        jitter=rolling.jitter,
        largest_slip=rolling.largest_slip,
        noise=rolling.background,
        mains_hz=0.0,
    )
    made = simulate_planned(wanted, plan, stream(config.seed, index, "impacts"), sensor)
    samples = made.samples * np.float32(size)
    number = config.channels.index(channel)

    def streams(layer: str) -> np.random.Generator:
        return stream(config.seed, index, layer, number)

    add_noise(samples, config.noise, config.sampling_rate_hz, streams)
    quantise(samples, config.noise)
    return samples, made.slip


def _drawn(
    plan: PlannedRecording, course: Course, slip: float, rolling: Rolling
) -> dict[str, float | str | bool]:
    is_healthy = plan.fault is Fault.HEALTHY
    return {
        "speed_rpm": plan.speed_rpm,
        "load": plan.load,
        "slip": slip,
        "severity_factor": 0.0 if is_healthy else course.first,
        "severity_factor_end": 0.0 if is_healthy else course.last,
        "evolves": course.evolves,
        "bearing_type": bearing_name(rolling),
    }
