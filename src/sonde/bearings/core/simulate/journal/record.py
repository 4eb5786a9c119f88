"""One record of a journal bearing: conditions, fault, effects, floor, noise, converter."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sonde.bearings.core.fault_classes import HEALTHY
from sonde.bearings.core.simulate.journal import rotor_effects
from sonde.bearings.core.simulate.journal.conditions import DrawnConditions, draw_conditions
from sonde.bearings.core.simulate.journal.faults.catalogue import SIGNATURES
from sonde.bearings.core.simulate.journal.motion import Motion, X, Y
from sonde.bearings.core.simulate.journal.scene import Course, Scene, draw_course
from sonde.bearings.core.simulate.journal.turning import (
    TRANSIENTS,
    draw_turning,
    strength,
)
from sonde.bearings.core.simulate.noise import add_noise, quantise
from sonde.bearings.core.simulate.places import Place
from sonde.bearings.core.simulate.plan import GenerationConfig
from sonde.bearings.core.simulate.streams import bearing_stream, stream
from sonde.bearings.core.simulate.structure import draw_structure
from sonde.bearings.core.simulate.waves import Wave

FLOOR = 0.05


@dataclass(frozen=True)
class Record:
    """One simulated record.

    Parameters
    ----------
    samples : ndarray of float32, shape (channel, time)
    conditions : DrawnConditions
    course : Course
    drawn : mapping
        Everything that was drawn, JSON-ready.
    """

    samples: NDArray[np.float32]
    conditions: DrawnConditions
    course: Course
    drawn: Mapping[str, Any]


def simulate_record(config: GenerationConfig, place: Place, index: int) -> Record:
    """Make one record out of the streams of signal `index`.

    Parameters
    ----------
    config : GenerationConfig
    place : Place
        Class, severities to draw from, and the bearing whose clearance and housing it has.
    index : int
    """
    rng = stream(config.seed, index, "conditions")
    own = bearing_stream(config.seed, place.bearing)
    conditions = draw_conditions(config.conditions, rng, own)
    course = draw_course(place.label, place.levels, config.evolution_share, rng)
    transient = draw_transient(config.transient_share, rng)
    floor = FLOOR * rng.uniform(0.2, 0.3) * conditions.operating_factor
    shape = (config.n_samples, config.sampling_rate_hz)
    turning = draw_turning(
        shape, conditions.speed_hz, config.effects, transient, stream(config.seed, index, "shaft")
    )
    swell = strength(config.n_samples, transient)
    scene = Scene(
        *shape,
        conditions,
        course,
        turning.turns,
        turning.speed_ratio,
        _envelope(course, swell, config.n_samples),
        stream(config.seed, index, "fault"),
    )
    motion = _moved(config, scene, place.label, index)
    samples = _measured(config, motion, floor * swell, index)
    if config.effects.transfer_path:
        modes = draw_structure(own, config.sampling_rate_hz / 2)
        for wave in samples:
            rotor_effects.through_path(wave, config.sampling_rate_hz, modes)
    _disturb(config, samples, index)
    drawn = described(conditions, course, transient, turning.manoeuvre)
    return Record(samples, conditions, course, drawn)


def draw_transient(share: float, rng: np.random.Generator) -> str:
    """Draw which transient a record has; empty for none."""
    which = TRANSIENTS[int(rng.integers(len(TRANSIENTS)))]
    return which if rng.random() < share else ""


def _envelope(course: Course, swell: float | Wave, n_samples: int) -> float | Wave:
    if not course.evolves:
        return np.float32(course.first) * swell if isinstance(swell, np.ndarray) else course.first
    return np.linspace(course.first, course.last, n_samples, dtype=np.float32) * swell


def _moved(config: GenerationConfig, scene: Scene, label: str, index: int) -> Motion:
    """Return the motion of the fault, with what the rotor makes of it."""
    effects = config.effects
    needed = (X, Y) if effects.cross_coupling else ()
    channels = tuple(dict.fromkeys((*config.channels, *needed)))
    motion = Motion(scene, channels, effects.axial_ratio)
    SIGNATURES[label](motion)
    if label == HEALTHY:
        return motion
    if effects.cross_coupling:
        rotor_effects.cross_couple(motion, effects.cross_coupling_ratio)
    if effects.resonance:
        rotor_effects.resonate(motion, effects)
    if effects.thermal_growth:
        warmth = stream(config.seed, index, "warmth")
        rotor_effects.grow(motion, effects, scene.conditions.temperature_c, warmth)
    return motion


def _measured(
    config: GenerationConfig, motion: Motion, floor: float | Wave, index: int
) -> NDArray[np.float32]:
    """Return the fault's motion on the floor of a running machine."""
    samples = np.empty((len(config.channels), config.n_samples), dtype=np.float32)
    size = np.float32(floor) if isinstance(floor, float) else floor
    for row, channel in enumerate(config.channels):
        place = _place(channel)
        rng = stream(config.seed, index, "floor", place)
        rng.standard_normal(dtype=np.float32, out=samples[row])
        samples[row] *= size
        samples[row] += motion.waves[channel]
    return samples


def _disturb(config: GenerationConfig, samples: NDArray[np.float32], index: int) -> None:
    for wave, channel in zip(samples, config.channels, strict=True):
        place = _place(channel)

        def streams(layer: str, place: int = place) -> np.random.Generator:
            return stream(config.seed, index, layer, place)

        add_noise(wave, config.noise, config.sampling_rate_hz, streams)
        quantise(wave, config.noise)


def _place(channel: str) -> int:
    return (X, Y).index(channel) if channel in (X, Y) else 2


def described(
    conditions: DrawnConditions, course: Course, transient: str, manoeuvre: str = ""
) -> Mapping[str, Any]:
    """Return everything that was drawn, JSON-ready."""
    return {
        **conditions.described(),
        "severity_factor": course.first,
        "severity_factor_end": course.last,
        "evolves": course.evolves,
        "transient": transient,
        "manoeuvre": manoeuvre,
    }
