"""The rolling-element simulator: reproducible, and true to what it says it draws."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import numpy as np
import pytest

from sonde.bearings.core.catalogue import find_bearing
from sonde.bearings.core.diagnosis import diagnose, excess_kurtosis
from sonde.bearings.core.simulate.impacts import Fault, Slip, impact_angles, impact_forces
from sonde.bearings.core.simulate.rolling import (
    PlannedRecording,
    SimulationConfig,
    simulate_recording,
)
from sonde.bearings.core.simulate.sample import sample_plan
from sonde.platform.core.errors import Invalid

GEOMETRY = find_bearing("6205").geometry


def _config(
    *recordings: PlannedRecording, rate_hz: float = 12_000.0, seed: int = 3
) -> SimulationConfig:
    return SimulationConfig(seed, "6205", GEOMETRY, rate_hz, 4.0, recordings)


def test_recordings_are_bit_identical_in_any_order_and_on_any_number_of_workers() -> None:
    plan = sample_plan()
    indices = list(range(0, len(plan.recordings), 7))
    alone = [simulate_recording(plan, index).samples for index in indices]
    with ThreadPoolExecutor(4) as workers:
        together = list(
            workers.map(lambda index: simulate_recording(plan, index).samples, reversed(indices))
        )
    for one, other in zip(alone, reversed(together), strict=True):
        assert one.tobytes() == other.tobytes()


def test_another_seed_or_recording_is_another_signal() -> None:
    plan = sample_plan()
    first = simulate_recording(plan, 0).samples
    assert not np.array_equal(first, simulate_recording(plan, 1).samples)
    assert not np.array_equal(first, simulate_recording(replace(plan, seed=1), 0).samples)


def test_recordings_of_one_bearing_share_their_machine() -> None:
    plan = sample_plan()
    machines = [simulate_recording(plan, index) for index in range(5)]
    assert machines[0].structure == machines[1].structure == machines[3].structure
    assert machines[0].structure != machines[4].structure


def test_intervals_have_the_slip_and_jitter_that_were_asked_for() -> None:
    slip = Slip(steady=0.012, jitter=0.01)
    angles = impact_angles(3.58, 20_000.0, slip, np.random.default_rng(0))
    steps = np.diff(angles)
    assert steps.mean() == pytest.approx(1 / (3.58 * 1.012), rel=1e-3)
    assert steps.std() / steps.mean() == pytest.approx(0.01, rel=0.03)
    assert angles[-1] < 20_000.0


@pytest.mark.parametrize(("fault", "period"), [(Fault.INNER, 1.0), (Fault.BALL, 1 / GEOMETRY.ftf)])
def test_the_load_zone_is_passed_once_a_turn_of_shaft_or_cage(fault: Fault, period: float) -> None:
    angles = np.arange(0, 50, 0.01)
    forces = impact_forces(fault, angles, GEOMETRY, 0.5)
    shifted = impact_forces(fault, angles + period, GEOMETRY, 0.5)
    np.testing.assert_allclose(forces, shifted, atol=1e-9)
    assert forces.max() == pytest.approx(1.0, abs=1e-3)
    assert forces.min() < 0.3


def test_severity_makes_it_more_impulsive_and_health_stays_gaussian() -> None:
    plans = [PlannedRecording("B", Fault.OUTER, severity, 1800.0, 0.8) for severity in (0.1, 1.0)]
    healthy = PlannedRecording("B", Fault.HEALTHY, 1.0, 1800.0, 0.8)
    config = replace(_config(*plans, healthy), noise=0.1)
    weak, strong, none = (
        excess_kurtosis(simulate_recording(config, index).samples) for index in range(3)
    )
    assert strong > weak > none
    assert -1.5 < none < 0.3  # tones make it flatter than noise


@pytest.mark.parametrize(
    ("designation", "rate_hz", "speed_rpm"),
    [
        ("6205", 12_000.0, 1800.0),
        ("6203", 48_000.0, 1500.0),
        ("NICE", 97_656.0, 1500.0),
        ("UER204", 25_600.0, 2400.0),
        ("6308", 64_000.0, 900.0),
        ("ZA-2115", 12_000.0, 3000.0),
        ("6205", 25_600.0, 600.0),
    ],
)
def test_the_diagnosis_names_severe_faults_of_any_bearing_at_any_rate(
    designation: str, rate_hz: float, speed_rpm: float
) -> None:
    geometry = find_bearing(designation).geometry
    plans = tuple(PlannedRecording(fault.value, fault, 1.0, speed_rpm, 0.7) for fault in Fault)
    config = SimulationConfig(11, designation, geometry, rate_hz, 5.0, plans, noise=0.08)
    found = [
        diagnose(
            simulate_recording(config, index).samples, rate_hz, speed_rpm * 1.003, geometry
        ).verdict.value
        for index in range(len(plans))
    ]
    assert found == [plan.fault.value for plan in plans]


def test_the_sample_plan_has_enough_bearings_to_split_by() -> None:
    plan = sample_plan()
    for fault in Fault:
        bearings = {each.bearing for each in plan.recordings if each.fault is fault}
        assert len(bearings) >= 4
    assert len({each.speed_rpm for each in plan.recordings}) > 1
    assert len({each.load for each in plan.recordings}) > 1


def test_impossible_settings_are_refused() -> None:
    with pytest.raises(Invalid):
        replace(sample_plan(), duration_s=0.0)
    with pytest.raises(Invalid):
        simulate_recording(sample_plan(), 64)
