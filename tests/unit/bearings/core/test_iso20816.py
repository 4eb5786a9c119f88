"""ISO 20816-3: published boundaries, closed forms, every refusal with its reason."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sonde.bearings.core.iso20816 import (
    BOUNDARIES,
    MachineGroup,
    Support,
    Zone,
    severity_zone,
    zone_of,
)
from sonde.platform.core.errors import Invalid

RATE_HZ = 10_240.0
TIME_S = np.arange(20_480) / RATE_HZ
MEDIUM_RIGID = (MachineGroup.MEDIUM, Support.RIGID)


@pytest.mark.parametrize(
    ("group", "support", "velocity", "displacement"),
    [
        ("1", "rigid", (2.3, 4.5, 7.1), (29, 57, 90)),
        ("1", "flexible", (3.5, 7.1, 11.0), (45, 90, 140)),
        ("2", "rigid", (1.4, 2.8, 4.5), (22, 45, 71)),
        ("2", "flexible", (2.3, 4.5, 7.1), (37, 71, 113)),
    ],
)
def test_acceptance_look_iso_boundaries_are_the_published_ones(
    group: str, support: str, velocity: tuple[float, ...], displacement: tuple[float, ...]
) -> None:
    limits = BOUNDARIES[MachineGroup(group), Support(support)]
    assert limits.velocity_mm_s == velocity
    assert limits.displacement_um == displacement
    for limit, better, worse in zip(velocity, "ABC", "BCD", strict=True):
        machine = (MachineGroup(group), Support(support))
        for factor, zone in ((0.99, better), (1.01, worse)):
            shake = factor * limit * np.sqrt(2) * np.sin(2 * np.pi * 100 * TIME_S)
            seen = severity_zone(shake, RATE_HZ, "mm/s", 3000.0, machine)
            assert seen.zone == zone
            assert seen.velocity_mm_s == pytest.approx(factor * limit, rel=1e-3)
            assert seen.zone.meaning


def test_acceptance_look_iso_from_acceleration_in_g() -> None:
    """0.1 g peak at 80 Hz is 1.3796 mm/s RMS."""
    shake = (0.1 * np.sin(2 * np.pi * 80 * TIME_S)).astype(np.float32)
    seen = severity_zone(shake, RATE_HZ, "g", 4800.0, MEDIUM_RIGID)
    exact = 0.1 * 9806.65 / (2 * np.pi * 80) / np.sqrt(2)
    assert seen.velocity_mm_s == pytest.approx(exact, rel=1e-3)
    assert seen.displacement_um == pytest.approx(1e3 * exact / (2 * np.pi * 80), rel=2e-3)
    assert seen.zone is Zone.A


def test_what_is_outside_the_band_does_not_count() -> None:
    shake = 20 * np.sin(2 * np.pi * 4 * TIME_S) + 20 * np.sin(2 * np.pi * 2500 * TIME_S)
    assert severity_zone(shake, RATE_HZ, "mm/s", 3000.0, MEDIUM_RIGID).zone is Zone.A


def test_slow_machines_are_judged_from_two_hertz_and_by_displacement() -> None:
    seconds = np.arange(61_440) / RATE_HZ
    shake = 2.0 * np.sin(2 * np.pi * 4 * seconds)
    seen = severity_zone(shake, RATE_HZ, "mm/s", 240.0, MEDIUM_RIGID)
    assert seen.band_hz == (2.0, 1000.0)
    assert seen.velocity_zone is Zone.B
    assert seen.displacement_um == pytest.approx(2e3 / (8 * np.pi) / np.sqrt(2), rel=0.01)
    assert seen.zone is seen.displacement_zone is Zone.C
    assert "um)" in seen.sentence


@given(st.floats(0.01, 100))
def test_a_stronger_vibration_is_never_in_a_better_zone(value: float) -> None:
    limits = BOUNDARIES[MEDIUM_RIGID].velocity_mm_s
    assert zone_of(value, limits) <= zone_of(value * 1.1, limits)


@pytest.mark.parametrize(
    ("change", "match"),
    [
        ({"unit": "unknown"}, "declare the unit"),
        ({"unit": ""}, "declare the unit"),
        ({"unit": "um"}, "shaft probes"),
        ({"machine": (None, Support.RIGID)}, "group is not declared"),
        ({"machine": (MachineGroup.LARGE, None)}, "support is not declared"),
        ({"speed_rpm": 119.0}, "covers 120 to 30,000 rpm"),
        ({"speed_rpm": 31_000.0}, "covers 120 to 30,000 rpm"),
        ({"speed_rpm": float("nan")}, "covers 120 to 30,000 rpm"),
        ({"sampling_rate_hz": 2048.0}, "sampling rate of at least"),
        ({"samples": TIME_S[:5000]}, "at least 1 s"),
        ({"speed_rpm": 300.0}, "at least 5 s"),
    ],
)
def test_acceptance_look_iso_is_refused_with_the_reason(
    change: dict[str, object], match: str
) -> None:
    asked: dict[str, object] = {
        "samples": TIME_S,
        "sampling_rate_hz": RATE_HZ,
        "unit": "g",
        "speed_rpm": 3000.0,
        "machine": MEDIUM_RIGID,
    }
    with pytest.raises(Invalid, match=match):
        severity_zone(**(asked | change))  # type: ignore[arg-type]


def test_groups_say_what_belongs_to_them() -> None:
    assert "300 kW" in MachineGroup.LARGE.scope
    assert "15 to 300 kW" in MachineGroup.MEDIUM.scope
