"""Orbits: drawn stretches, marks, filters, and the rotor simulated from first principles."""

import numpy as np
import pytest

from sonde.bearings.core.orbits.components import Direction
from sonde.bearings.core.orbits.orbit import OrbitSettings, orbit
from sonde.bearings.core.orbits.probes import Probes
from sonde.bearings.core.simulate.rotor.config import Rotor, RotorConfig
from sonde.bearings.core.simulate.rotor.signals import simulate_rotor
from sonde.bearings.core.simulate.rotor.stability import threshold_rpm
from sonde.platform.core.errors import Invalid

RATE_HZ = 5120.0
SHAFT_HZ = 40.0
PHASE = 2 * np.pi * SHAFT_HZ * np.arange(10_240) / RATE_HZ


def _motion() -> np.ndarray:
    """1X forward (30 by 10), half order backward (8, a circle), 2X noise, and an offset."""
    noise = np.random.default_rng(0).normal(size=(2, 10_240)) * 0.2
    return (
        30 * np.cos(PHASE)
        + 10j * np.sin(PHASE)
        + 8 * np.exp(-0.5j * PHASE)
        + noise[0]
        + 1j * noise[1]
        + (100 - 50j)
    )


def test_acceptance_look_the_orbit_shows_what_both_probes_saw() -> None:
    motion = _motion()
    seen = orbit(motion.real, motion.imag, RATE_HZ, SHAFT_HZ)
    assert seen.centre == pytest.approx(100 - 50j, abs=0.3)
    assert len(seen.times_s) == 8 * 128 + 1
    first = round(seen.times_s[0] * RATE_HZ)
    np.testing.assert_allclose(
        seen.right + 1j * seen.up, motion[first : first + 1025] - seen.centre, atol=1e-3
    )
    assert seen.direction is Direction.FORWARD
    assert seen.ellipse is None
    assert seen.largest == pytest.approx(np.abs(seen.right + 1j * seen.up).max(), rel=1e-5)
    assert len(seen.mark_right) == 9
    assert not seen.marks_measured


def test_acceptance_look_the_first_order_alone_is_its_ellipse() -> None:
    motion = _motion()
    seen = orbit(motion.real, motion.imag, RATE_HZ, SHAFT_HZ, OrbitSettings(order=1))
    assert seen.ellipse is not None
    assert seen.ellipse.semi_major == pytest.approx(30, abs=0.1)
    assert seen.ellipse.semi_minor == pytest.approx(10, abs=0.1)
    assert seen.ellipse.inclination_deg == pytest.approx(0, abs=1)
    assert seen.ellipse.direction is seen.direction is Direction.FORWARD
    assert seen.right.max() == pytest.approx(30, abs=0.6)
    assert seen.up.max() == pytest.approx(10, abs=0.6)


def test_acceptance_look_the_half_order_alone_turns_backwards() -> None:
    motion = _motion()
    seen = orbit(motion.real, motion.imag, RATE_HZ, SHAFT_HZ, OrbitSettings(order=0.5))
    assert seen.direction is Direction.BACKWARD
    assert seen.ellipse is not None
    assert seen.ellipse.semi_minor == pytest.approx(8, abs=0.1)
    assert seen.ellipse.frequency_hz == pytest.approx(20, abs=0.05)
    assert seen.largest == pytest.approx(8, abs=0.5)
    assert seen.times_s[-1] - seen.times_s[0] == pytest.approx(16 / SHAFT_HZ, abs=1e-3)


def test_a_shaft_that_turns_clockwise_turns_forward_clockwise() -> None:
    motion = _motion()
    probes = Probes(clockwise=True)
    seen = orbit(motion.real, motion.imag, RATE_HZ, SHAFT_HZ, OrbitSettings(1, probes=probes))
    assert seen.direction is Direction.BACKWARD
    whole = orbit(motion.real, motion.imag, RATE_HZ, SHAFT_HZ, OrbitSettings(probes=probes))
    assert whole.direction is Direction.BACKWARD


def test_a_keyphasor_marks_the_same_angle_every_time() -> None:
    motion = 5 * np.exp(1j * PHASE)
    pulses_s = (np.arange(80) + 0.25) / SHAFT_HZ
    choice = OrbitSettings(revolutions=5, start_s=0.5)
    seen = orbit(motion.real, motion.imag, RATE_HZ, SHAFT_HZ, choice, pulses_s)
    assert seen.marks_measured
    assert seen.times_s[0] == 0.5
    assert len(seen.mark_right) == 5
    np.testing.assert_allclose(seen.mark_right, 0, atol=0.01)
    np.testing.assert_allclose(seen.mark_up, 5, atol=0.01)


def test_a_straight_motion_is_straight() -> None:
    seen = orbit(np.cos(PHASE), np.cos(PHASE), RATE_HZ, SHAFT_HZ)
    assert seen.direction is Direction.STRAIGHT


def test_many_revolutions_are_thinned_for_sending() -> None:
    motion = _motion()
    seen = orbit(motion.real, motion.imag, RATE_HZ, SHAFT_HZ, OrbitSettings(revolutions=70))
    assert len(seen.times_s) <= 2000


def _rotor(of_threshold: float) -> tuple[RotorConfig, np.ndarray, np.ndarray]:
    """A rigid rotor in micrometres, at a share of the speed at which its oil film gives way."""
    base = RotorConfig(Rotor(flexible=False), duration_s=1.5, sampling_rate_hz=RATE_HZ)
    speed_rpm = of_threshold * threshold_rpm(base)
    config = RotorConfig(
        base.rotor, speed_rpm, duration_s=1.5, sampling_rate_hz=max(RATE_HZ, speed_rpm / 60 * 16)
    )
    return config, *simulate_rotor(config, np.random.default_rng(4))


def test_acceptance_look_orbit_of_the_simulated_rotor_below_its_threshold() -> None:
    config, x, y = _rotor(0.6)
    shaft_hz = config.speed_rpm / 60
    seen = orbit(x, y, config.sampling_rate_hz, shaft_hz, OrbitSettings(order=1))
    assert seen.direction is Direction.FORWARD
    assert seen.centre.imag < 0
    assert seen.ellipse is not None
    assert 1 < seen.ellipse.semi_major < config.rotor.clearance_um


def test_acceptance_look_orbit_of_the_simulated_rotor_whirls_above_its_threshold() -> None:
    config, x, y = _rotor(1.15)
    shaft_hz = config.speed_rpm / 60
    choice = OrbitSettings(order=0.46, search=0.06)
    whirl = orbit(x, y, config.sampling_rate_hz, shaft_hz, choice).ellipse
    own = orbit(x, y, config.sampling_rate_hz, shaft_hz, OrbitSettings(order=1)).ellipse
    assert whirl is not None
    assert own is not None
    assert whirl.direction is Direction.FORWARD
    assert 0.43 < whirl.order < 0.51
    assert whirl.semi_major > 3 * own.semi_major


@pytest.mark.parametrize("shaft_hz", [0.0, -5.0, 2560.0])
def test_an_impossible_speed_is_refused(shaft_hz: float) -> None:
    with pytest.raises(Invalid, match="shaft speed"):
        orbit(np.cos(PHASE), np.sin(PHASE), RATE_HZ, shaft_hz)


@pytest.mark.parametrize(
    "choice", [{"order": 0.0}, {"search": 0.9}, {"revolutions": 0}, {"revolutions": 500}]
)
def test_impossible_settings_are_refused(choice: dict[str, float]) -> None:
    with pytest.raises(Invalid):
        OrbitSettings(**choice)
