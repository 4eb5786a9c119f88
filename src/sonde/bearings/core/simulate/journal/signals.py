"""Signals of journal bearings, by the repaired equations or by the original's."""

import numpy as np

from sonde.bearings.core.simulate.journal.conditions import draw_conditions
from sonde.bearings.core.simulate.journal.original import (
    OriginalScene,
    original_modulation,
    original_signal,
)
from sonde.bearings.core.simulate.journal.record import (
    Record,
    described,
    draw_transient,
    simulate_record,
)
from sonde.bearings.core.simulate.journal.scene import draw_course, seconds
from sonde.bearings.core.simulate.places import Place
from sonde.bearings.core.simulate.plan import ORIGINAL, GenerationConfig
from sonde.bearings.core.simulate.signals import SimulatedSignal
from sonde.bearings.core.simulate.streams import bearing_stream, stream

_UNIT = "unknown"  # the amplitudes are relative


def simulate_journal(config: GenerationConfig, place: Place, index: int) -> SimulatedSignal:
    """Make a signal of a journal bearing out of the streams of `index`.

    Parameters
    ----------
    config : GenerationConfig
    place : Place
        Class, severities and bearing.
    index : int
        Of the streams; another index gives another record of the same kind.
    """
    make = _original_record if config.equations == ORIGINAL else simulate_record
    record = make(config, place, index)
    equations = "equations of the original" if config.equations == ORIGINAL else "journal bearing"
    return SimulatedSignal(
        samples=record.samples,
        channels=config.channels,
        sampling_rate_hz=config.sampling_rate_hz,
        unit=_UNIT,
        label=place.label,
        severity=record.course.level,
        speed_rpm=60.0 * record.conditions.speed_hz,
        load=record.conditions.load,
        bearing=place.bearing,
        conditions=record.drawn,
        notes=(f"simulated: {equations}",),
    )


def _original_record(config: GenerationConfig, place: Place, index: int) -> Record:
    rng = stream(config.seed, index, "original")
    course = draw_course(place.label, place.levels, config.evolution_share, rng)
    conditions = draw_conditions(config.conditions, rng, bearing_stream(config.seed, place.bearing))
    transient = draw_transient(config.transient_share, rng)
    scene = OriginalScene(
        time_s=seconds(config.n_samples, config.sampling_rate_hz),
        sampling_rate_hz=config.sampling_rate_hz,
        conditions=conditions,
        course=course,
        severity=np.linspace(course.first, course.last, config.n_samples),
        modulation=original_modulation(transient, config.n_samples),
        rng=rng,
    )
    samples = original_signal(scene, place.label, config.noise)[None, :].astype(np.float32)
    return Record(samples, conditions, course, described(conditions, course, transient))
