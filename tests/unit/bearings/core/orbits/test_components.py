"""Ellipses and full spectra: closed forms and laws."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sonde.bearings.core.orbits.components import (
    Direction,
    ellipse_at,
    full_spectrum,
    strongest_frequency,
)
from sonde.bearings.core.orbits.probes import Probes, shaft_motion
from sonde.bearings.core.spectra import Window
from sonde.platform.core.errors import Invalid

RATE_HZ = 1000.0
TIME_S = np.arange(4000) / RATE_HZ


def _ellipse(major: float, minor: float, tilt_deg: float, frequency_hz: float) -> np.ndarray:
    """An ellipse with its long axis at `tilt_deg`; a negative minor axis turns backwards."""
    phase = 2 * np.pi * frequency_hz * TIME_S
    return (major * np.cos(phase) + 1j * minor * np.sin(phase)) * np.exp(1j * np.deg2rad(tilt_deg))


@settings(deadline=None, max_examples=40)
@given(
    st.floats(1e-3, 1e3),
    st.floats(-0.95, 0.95),
    st.floats(-89.0, 89.0),
    st.floats(20.0, 300.0),
    st.booleans(),
)
def test_an_ellipse_has_its_axes_tilt_and_direction(
    major: float, share: float, tilt_deg: float, frequency_hz: float, clockwise: bool
) -> None:
    motion = _ellipse(major, share * major, tilt_deg, frequency_hz)
    seen = motion.conj() if clockwise else motion
    found = ellipse_at(seen, RATE_HZ, frequency_hz, 25.0, clockwise)
    assert found.semi_major == pytest.approx(major, rel=1e-4)
    assert found.semi_minor == pytest.approx(abs(share) * major, abs=1e-4 * major)
    assert found.order == pytest.approx(frequency_hz / 25)
    tilt = np.deg2rad(found.inclination_deg - tilt_deg)
    assert np.sin(tilt) == pytest.approx(0, abs=0.02)
    if abs(share) > 0.03:
        forward = (share > 0) != clockwise
        assert found.direction is (Direction.FORWARD if forward else Direction.BACKWARD)
    drawn = found.points(721)
    assert np.abs(drawn).max() == pytest.approx(major, rel=1e-3)
    assert drawn[0] == pytest.approx(motion[0], abs=2e-3 * major)


def test_a_straight_motion_has_no_direction() -> None:
    found = ellipse_at(_ellipse(2.0, 0.0, 30.0, 40.0), RATE_HZ, 40.0, 40.0)
    assert found.direction is Direction.STRAIGHT


@settings(deadline=None, max_examples=20)
@given(st.floats(0.0, 360.0), st.floats(20.0, 160.0))
def test_where_the_probes_stand_does_not_matter(first_deg: float, between_deg: float) -> None:
    motion = _ellipse(3.0, 1.0, 20.0, 50.0)
    probes = Probes(first_deg, first_deg + between_deg)
    axes = np.exp(1j * np.deg2rad([probes.x_deg, probes.y_deg]))
    x, y = ((motion * axis.conj()).real for axis in axes)
    np.testing.assert_allclose(shaft_motion(x, y, probes), motion, atol=1e-9)


@settings(deadline=None, max_examples=20)
@given(st.integers(20, 480), st.booleans(), st.floats(1e-3, 1e3))
def test_a_circle_is_one_line_of_the_full_spectrum(
    frequency_hz: int, backward: bool, radius: float
) -> None:
    sign = -1 if backward else 1
    motion = _ellipse(radius, sign * radius, 0.0, frequency_hz)
    spectrum = full_spectrum(motion.real, motion.imag, RATE_HZ)
    top = spectrum.values.argmax()
    assert spectrum.frequency_hz[top] == pytest.approx(sign * frequency_hz)
    assert spectrum.values[top] == pytest.approx(radius, rel=1e-4)
    mirrored = full_spectrum(motion.real, motion.imag, RATE_HZ, Probes(clockwise=True))
    assert mirrored.frequency_hz[mirrored.values.argmax()] == pytest.approx(-sign * frequency_hz)


@pytest.mark.parametrize("count", [999, 1000])
def test_the_full_spectrum_holds_the_energy_of_both_channels(count: int) -> None:
    x, y = np.random.default_rng(0).normal(size=(2, count))
    spectrum = full_spectrum(x, y, RATE_HZ, window=Window.RECTANGULAR)
    assert (spectrum.values.astype(float) ** 2).sum() == pytest.approx(x.var() + y.var(), rel=1e-5)


def test_a_shift_in_time_leaves_the_full_spectrum() -> None:
    x, y = np.random.default_rng(1).normal(size=(2, 1000))
    one = full_spectrum(x, y, RATE_HZ, window=Window.RECTANGULAR)
    other = full_spectrum(np.roll(x, 77), np.roll(y, 77), RATE_HZ, window=Window.RECTANGULAR)
    np.testing.assert_allclose(other.values, one.values, atol=1e-6)


def test_a_part_of_it_keeps_its_highest_lines() -> None:
    motion = _ellipse(2.0, 2.0, 0.0, 60.0)
    part = full_spectrum(motion.real, motion.imag, RATE_HZ).within(100.0, points=80)
    assert len(part.values) == len(part.frequency_hz) <= 80
    top = part.values.argmax()
    assert part.values[top] == pytest.approx(2.0, rel=1e-4)
    assert part.frequency_hz[top] == pytest.approx(60.0, abs=1.5)
    assert np.abs(part.frequency_hz).max() < 102


@settings(deadline=None, max_examples=30)
@given(st.floats(20.0, 60.0), st.floats(-1.0, 1.0))
def test_the_strongest_frequency_is_finer_than_the_lines(frequency_hz: float, share: float) -> None:
    motion = _ellipse(1.0, share, 10.0, frequency_hz)
    found = strongest_frequency(motion, RATE_HZ, frequency_hz - 3, frequency_hz + 4)
    assert found == pytest.approx(frequency_hz, abs=0.003)


@pytest.mark.parametrize("probes", [(0.0, 5.0), (10.0, 190.0)])
def test_probes_along_one_line_are_refused(probes: tuple[float, float]) -> None:
    with pytest.raises(Invalid, match="one line"):
        Probes(*probes)


def test_channels_that_do_not_fit_are_refused() -> None:
    with pytest.raises(Invalid, match="one length"):
        shaft_motion(np.zeros(100), np.zeros(99))
    with pytest.raises(Invalid, match="no numbers"):
        shaft_motion(np.zeros(100), np.full(100, np.nan))


def test_too_few_turns_are_refused() -> None:
    with pytest.raises(Invalid, match="turns"):
        ellipse_at(_ellipse(1, 1, 0, 1.0)[:2000], RATE_HZ, 1.0, 1.0)
    with pytest.raises(Invalid, match="No spectral line"):
        strongest_frequency(_ellipse(1, 1, 0, 1.0)[:100], RATE_HZ, 499.0, 520.0)
