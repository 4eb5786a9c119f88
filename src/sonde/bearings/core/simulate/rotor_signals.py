"""Signals of a rotor on its oil film: conditions are drawn, whirl and whip appear by themselves."""

import math
from dataclasses import replace
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from sonde.bearings.core.fault_classes import HEALTHY, Severity
from sonde.bearings.core.simulate.journal.scene import SEVERITY_FACTORS
from sonde.bearings.core.simulate.noise import add_noise, quantise
from sonde.bearings.core.simulate.places import Place
from sonde.bearings.core.simulate.plan import GenerationConfig
from sonde.bearings.core.simulate.rotor.config import GRAVITY_M_S2, Rotor, RotorConfig
from sonde.bearings.core.simulate.rotor.signals import simulate_rotor
from sonde.bearings.core.simulate.rotor.stability import threshold_rpm
from sonde.bearings.core.simulate.signals import SimulatedSignal
from sonde.bearings.core.simulate.streams import stream
from sonde.platform.core.errors import Invalid

CHANNELS = ("x", "y")
_UNIT = "µm"
_SETTLE_S = 2.0
_AWAY_FROM_CRITICAL = 0.15
_BELOW_THRESHOLD, _ABOVE_THRESHOLD = 0.92, 1.03
_WHIRL_UP_TO, _WHIP_FROM = 1.95, 2.15
_HEAVIER = 4.0  # how many times more unbalance the severest has
_STANDSTILL = 0.2
Spans = tuple[tuple[float, float], ...]


def simulate_rotor_signal(config: GenerationConfig, place: Place, index: int) -> SimulatedSignal:
    """Integrate a rotor under drawn conditions that bring the wanted condition about.

    Healthy and unbalanced rotors run below their stability threshold and away from the critical
    speed; for oil whirl the speed is drawn above the threshold, for oil whip above twice the
    critical speed. The whirl itself is not drawn, it grows out of the equations.

    Parameters
    ----------
    config : GenerationConfig
    place : Place
    index : int
        Of the streams.

    Raises
    ------
    Invalid
        If the range of speeds holds none at which this rotor shows the condition, or the film
        cannot carry it.
    """
    rng = stream(config.seed, index, "conditions")
    ranges = config.conditions
    load, temperature_c = (
        float(rng.uniform(*ranges.load)),
        float(rng.uniform(*ranges.temperature_c)),
    )
    level, factor = _severity(place, rng)
    rotor = _rotor_of(config.rotor, place.label, factor)
    side_load_n = load * rotor.mass_kg * GRAVITY_M_S2
    spans = _spans(place.label, rotor, threshold_of(rotor, temperature_c, side_load_n))
    speed_rpm = _draw_speed(_within(spans, ranges.speed_rpm, place.label), rng)
    runs_up = config.effects.run_up
    wanted = RotorConfig(
        rotor,
        speed_rpm=max(60.0, _STANDSTILL * speed_rpm) if runs_up else speed_rpm,
        final_speed_rpm=speed_rpm if runs_up else 0.0,
        side_load_n=side_load_n,
        oil_temperature_c=temperature_c,
        sampling_rate_hz=config.sampling_rate_hz,
        duration_s=config.duration_s,
        settle_s=_SETTLE_S,
    )
    return SimulatedSignal(
        samples=_seen(config, wanted, index),
        channels=config.channels,
        sampling_rate_hz=config.sampling_rate_hz,
        unit=_UNIT,
        label=place.label,
        severity=level,
        speed_rpm=speed_rpm,
        load=load,
        bearing=place.bearing,
        conditions={
            "speed_rpm": speed_rpm,
            "load": load,
            "temperature_c": temperature_c,
            "severity_factor": factor,
            "unbalance_um": rotor.unbalance_um,
            "threshold_rpm": threshold_of(rotor, temperature_c, side_load_n),
            "manoeuvre": "run-up" if runs_up else "",
        },
        notes=("simulated: rotor on two short journal bearings",),
    )


@lru_cache(maxsize=256)
def threshold_of(rotor: Rotor, temperature_c: float, side_load_n: float) -> float:
    """Return the stability threshold in rpm; a very large number where there is none."""
    at = RotorConfig(rotor, oil_temperature_c=temperature_c, side_load_n=side_load_n)
    return min(threshold_rpm(at), 1e9)


def _severity(place: Place, rng: np.random.Generator) -> tuple[str, float]:
    level = place.levels[int(rng.integers(len(place.levels)))] if place.levels else ""
    share = rng.random()
    if place.label == HEALTHY:
        return Severity.NOMINAL.value, 0.0
    low, high = SEVERITY_FACTORS[level]
    return level, float(low + (high - low) * share)


def _rotor_of(rotor: Rotor, label: str, factor: float) -> Rotor:
    if label != "imbalance":
        return rotor
    return replace(rotor, unbalance_um=rotor.unbalance_um * (1 + _HEAVIER * factor))


def _spans(label: str, rotor: Rotor, threshold: float) -> Spans:
    """Return the speeds at which a rotor shows a condition."""
    critical = rotor.critical_speed_rpm if rotor.flexible else math.inf
    if label == "oil_whirl":
        return ((_ABOVE_THRESHOLD * threshold, _WHIRL_UP_TO * critical),)
    if label == "oil_whip":
        return ((max(_WHIP_FROM * critical, _ABOVE_THRESHOLD * threshold), math.inf),)
    below = (0.0, (1 - _AWAY_FROM_CRITICAL) * critical)
    above = ((1 + _AWAY_FROM_CRITICAL) * critical, _BELOW_THRESHOLD * threshold)
    return (below, above) if rotor.flexible else ((0.0, _BELOW_THRESHOLD * threshold),)


def _within(spans: Spans, speeds: tuple[float, float], label: str) -> Spans:
    found = [(max(low, speeds[0]), min(high, speeds[1])) for low, high in spans]
    kept = tuple((low, high) for low, high in found if low <= high)
    if kept:
        return kept
    wanted = " or ".join(f"{low:,.0f} to {high:,.0f}" for low, high in spans if low < high)
    raise Invalid(
        f"Between {speeds[0]:,.0f} and {speeds[1]:,.0f} rpm this rotor shows no {label}; "
        + (f"it would at {wanted} rpm." if wanted else "it never would."),
        field="conditions.speed_rpm",
    )


def _draw_speed(spans: Spans, rng: np.random.Generator) -> float:
    lengths = [high - low for low, high in spans]
    place = rng.random() * sum(lengths)
    for (low, high), length in zip(spans, lengths, strict=True):
        if place <= length:
            return float(min(low + place, high))
        place -= length
    return float(spans[-1][1])


def _seen(config: GenerationConfig, wanted: RotorConfig, index: int) -> NDArray[np.float32]:
    moved = simulate_rotor(wanted, stream(config.seed, index, "rotor"))
    samples = np.stack([moved[CHANNELS.index(name)] for name in config.channels])
    for wave, name in zip(samples, config.channels, strict=True):
        number = CHANNELS.index(name)

        def streams(layer: str, number: int = number) -> np.random.Generator:
            return stream(config.seed, index, layer, number)

        add_noise(wave, config.noise, config.sampling_rate_hz, streams)
        quantise(wave, config.noise)
    return samples
