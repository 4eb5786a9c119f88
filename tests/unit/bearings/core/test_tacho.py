"""Tacho pulses: closed forms, noise, several marks, refusals."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sonde.bearings.core.tacho import TachoSettings, profile_of_tacho, pulse_times
from sonde.platform.core.errors import Invalid

RATE_HZ = 20_480.0
TIME_S = np.arange(102_400) / RATE_HZ


def pulses(revolutions: np.ndarray, per_turn: int = 1, width: float = 0.1) -> np.ndarray:
    """Smooth pulses, as a probe on a keyway gives them."""
    turned = (revolutions * per_turn + 0.5) % 1 - 0.5
    return np.exp(-((turned / width) ** 2)) * 5


@pytest.mark.parametrize("per_turn", [1, 2, 12])
def test_acceptance_look_order_tacho_speed_of_a_run_up_within_a_thousandth(per_turn: int) -> None:
    revolutions = 20 * TIME_S + 4 * TIME_S**2
    settings = TachoSettings(per_turn)
    profile = profile_of_tacho(pulses(revolutions, per_turn), RATE_HZ, settings)
    inside = TIME_S[5000:-5000]
    np.testing.assert_allclose(profile.shaft_hz_at(inside), 20 + 8 * inside, rtol=1e-3)
    turned = profile.revolutions_at(inside) - revolutions[5000:-5000]
    assert np.ptp(turned) < 5e-3


def test_noise_on_the_edges_counts_no_pulse_twice() -> None:
    noisy = pulses(30 * TIME_S) + np.random.default_rng(1).normal(0, 0.2, len(TIME_S))
    times = pulse_times(noisy, RATE_HZ)
    assert len(times) == 150
    np.testing.assert_allclose(np.diff(times), 1 / 30, atol=6e-4)


def test_unevenly_spaced_marks_do_not_show_as_speed() -> None:
    revolutions = 25 * TIME_S
    errors = np.array([0, 0.01, -0.02, 0.015])
    whole = np.floor(revolutions * 4).astype(int)
    marks = ((revolutions * 4) % 1 - 0.5 - 4 * errors[whole % 4] > 0).astype(float)
    profile = profile_of_tacho(marks, RATE_HZ, TachoSettings(4))
    np.testing.assert_allclose(profile.shaft_hz_at(TIME_S[999::999]), 25, rtol=3e-3)


@given(st.floats(0.1, 100), st.floats(-50, 50))
def test_scale_and_level_of_the_channel_do_not_matter(factor: float, level: float) -> None:
    one = pulse_times(pulses(17 * TIME_S[:20_000]), RATE_HZ)
    other = pulse_times(factor * pulses(17 * TIME_S[:20_000]) + level, RATE_HZ)
    np.testing.assert_allclose(other, one, atol=1e-9)


def test_falling_edges_and_a_threshold_of_ones_own() -> None:
    ramp = (10 * TIME_S) % 1
    falling = pulse_times(ramp, RATE_HZ, TachoSettings(is_falling=True))
    np.testing.assert_allclose(falling, np.arange(1, 50) / 10, atol=1.01 / RATE_HZ)
    rising = pulse_times(ramp, RATE_HZ, TachoSettings(threshold=0.25))
    np.testing.assert_allclose(np.diff(rising), 0.1, atol=1e-6)
    assert rising[1] == pytest.approx(0.125, abs=1e-6) or rising[0] == pytest.approx(
        0.025, abs=1e-6
    )


@pytest.mark.parametrize(
    ("tacho", "settings", "match"),
    [
        (np.ones(100), TachoSettings(), "never crosses"),
        (pulses(30 * TIME_S), TachoSettings(threshold=9.0), "never crosses"),
        (pulses(0.5 * TIME_S), TachoSettings(), "Only"),
        (pulses(30 * TIME_S), TachoSettings(1000), "Only"),
        (pulses(30 * TIME_S) * (np.abs(TIME_S - 2) > 0.02), TachoSettings(), "missing or doubled"),
    ],
)
def test_a_tacho_that_cannot_be_read_is_refused(
    tacho: np.ndarray, settings: TachoSettings, match: str
) -> None:
    with pytest.raises(Invalid, match=match):
        profile_of_tacho(tacho, RATE_HZ, settings)


@pytest.mark.parametrize("wrong", [{"pulses_per_revolution": 0}, {"hysteresis": 1.0}])
def test_settings_out_of_range_are_refused(wrong: dict[str, float]) -> None:
    with pytest.raises(Invalid):
        TachoSettings(**wrong)  # type: ignore[arg-type]
