"""Speed profiles: closed forms, inverse, refusals."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sonde.bearings.core.speed_profile import SpeedProfile, profile_of_speeds, stated_profile
from sonde.platform.core.errors import Invalid


@given(st.floats(5, 50), st.floats(5, 50), st.floats(1, 10))
def test_a_run_up_turns_by_the_closed_form(start: float, end: float, duration: float) -> None:
    times = np.linspace(0, duration, 20)
    profile = profile_of_speeds(times, start + (end - start) * times / duration)
    seen = profile.revolutions_at(times)
    np.testing.assert_allclose(
        seen, start * times + (end - start) / duration * times**2 / 2, atol=1e-9
    )
    assert profile.mean_hz == pytest.approx((start + end) / 2)
    assert profile.slowest_hz == pytest.approx(min(start, end))
    assert profile.fastest_hz == pytest.approx(max(start, end))


@given(st.floats(3, 40), st.floats(0, 0.4), st.floats(0.1, 2))
def test_time_and_angle_are_inverse(mean: float, depth: float, swing_hz: float) -> None:
    times = np.linspace(0, 4, 200)
    profile = profile_of_speeds(times, mean * (1 + depth * np.sin(2 * np.pi * swing_hz * times)))
    asked = np.linspace(-0.5, 4.5, 333)
    np.testing.assert_allclose(profile.time_at(profile.revolutions_at(asked)), asked, atol=1e-6)


def test_a_stated_speed_goes_on_beyond_its_ends() -> None:
    profile = stated_profile(20.0, 3.0)
    np.testing.assert_allclose(profile.revolutions_at(np.array([-1.0, 5.0])), [-20, 100])
    np.testing.assert_allclose(profile.shaft_hz_at(np.array([-1.0, 5.0])), 20)
    assert profile.source == "stated"


def test_what_no_shaft_does_is_refused() -> None:
    times = np.linspace(0, 1, 5)
    for turned in ([0, 1, 0.5, 2, 3], [0, 1, 1, 1, 2], [0, 0.1, 1, 20, 60]):
        with pytest.raises(Invalid):
            SpeedProfile(times, np.array(turned, dtype=float), "tacho")
    with pytest.raises(Invalid):
        SpeedProfile(times[:1], times[:1], "tacho")
    with pytest.raises(Invalid):
        SpeedProfile(times[::-1], times, "tacho")
    with pytest.raises(Invalid):
        stated_profile(0.0, 1.0)
    with pytest.raises(Invalid):
        profile_of_speeds(times, times - 0.5)
