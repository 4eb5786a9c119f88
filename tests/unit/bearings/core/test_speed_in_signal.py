"""The speed found in the signal: run-ups, swings, noise; refusals."""

from pathlib import Path

import numpy as np
import pytest

from sonde.bearings.core.order_tracking import order_spectrum, resampled_by_angle
from sonde.bearings.core.readers import mat5
from sonde.bearings.core.speed_in_signal import LEAST_CLARITY, profile_in_signal
from sonde.bearings.core.speed_ridge import RidgeSettings
from sonde.platform.core.errors import Invalid

RATE_HZ = 20_480.0
TIME_S = np.arange(102_400) / RATE_HZ
COURSES = {
    "three per cent above what is stated": (61.8 * TIME_S, 61.8 + 0 * TIME_S, 60.0, 0.2),
    "run-up": (20 * TIME_S + 4 * TIME_S**2, 20 + 8 * TIME_S, 40.0, 0.6),
    "coast-down": (60 * TIME_S - 4 * TIME_S**2, 60 - 8 * TIME_S, 40.0, 0.6),
    "swinging by five per cent": (
        30 * TIME_S + 0.5 * np.sin(np.pi * TIME_S),
        30 + 0.5 * np.pi * np.cos(np.pi * TIME_S),
        30.0,
        0.2,
    ),
}


def machine(turned: np.ndarray, noise: float, seed: int = 0) -> np.ndarray:
    random = np.random.default_rng(seed)
    tones = (
        height * np.sin(2 * np.pi * k * turned + random.uniform(0, 6))
        for k, height in enumerate((1, 0.6, 0.4, 0.3, 0.2, 0.2, 0.1, 0.1), start=1)
    )
    return (sum(tones) + noise * random.normal(size=len(turned))).astype(np.float32)


@pytest.mark.parametrize("course", list(COURSES))
@pytest.mark.parametrize("noise", [0.0, 1.0])
def test_acceptance_look_order_speed_is_found_in_the_signal(course: str, noise: float) -> None:
    turned, shaft_hz, nominal_hz, reach = COURSES[course]
    profile = profile_in_signal(machine(turned, noise), RATE_HZ, RidgeSettings(nominal_hz, reach))
    inside = slice(8000, -8000)
    np.testing.assert_allclose(profile.shaft_hz_at(TIME_S)[inside], shaft_hz[inside], rtol=0.004)
    error = profile.revolutions_at(TIME_S) - turned
    assert np.ptp(error) < 0.15  # revolutions, from the first to the last sample
    assert profile.source == "signal"
    assert profile.clarity > 10


def test_what_was_smeared_over_time_is_sharp_over_the_angle_found() -> None:
    turned, _, nominal_hz, reach = COURSES["run-up"]
    signal = machine(turned, 1.0)
    profile = profile_in_signal(signal, RATE_HZ, RidgeSettings(nominal_hz, reach))
    spectrum = order_spectrum(resampled_by_angle(signal, RATE_HZ, profile, 10))
    for order, height in ((1, 1.0), (2, 0.6), (3, 0.4)):
        near = np.abs(spectrum.order - order) < 0.03
        assert spectrum.values[near].max() == pytest.approx(height, rel=0.1)


def test_a_signal_twelve_decibels_under_the_noise_is_still_followed() -> None:
    turned, shaft_hz, nominal_hz, reach = COURSES["swinging by five per cent"]
    profile = profile_in_signal(machine(turned, 4.0), RATE_HZ, RidgeSettings(nominal_hz, reach))
    inside = slice(8000, -8000)
    np.testing.assert_allclose(profile.shaft_hz_at(TIME_S)[inside], shaft_hz[inside], rtol=0.01)


def test_strong_lines_of_something_else_do_not_decide() -> None:
    """A bearing's family and a tone of the mains, as high as the shaft's harmonics or higher."""
    turned, shaft_hz, nominal_hz, reach = COURSES["swinging by five per cent"]
    strange = sum(np.sin(2 * np.pi * k * 3.5848 * turned) for k in (1, 2, 3))
    strange = strange + 2 * np.sin(2 * np.pi * 50 * TIME_S)
    signal = machine(turned, 0.3) + strange.astype(np.float32)
    profile = profile_in_signal(signal, RATE_HZ, RidgeSettings(nominal_hz, reach))
    np.testing.assert_allclose(profile.shaft_hz_at(TIME_S), shaft_hz, rtol=0.02)


@pytest.mark.real_data
@pytest.mark.parametrize("record", [105, 121, 130, 170, 197, 236, 259])
def test_acceptance_look_order_speed_of_measured_records_within_one_per_cent(
    real_data: Path, record: int
) -> None:
    path = real_data / "bearings" / "cwru" / "12k_drive_end" / f"{record}.mat"
    with path.open("rb") as stream:
        (found,) = mat5.read(stream, 100_000_000).records
    samples = next(one for one in found.channels if one.name == "DE").samples[:60_000]
    assert found.speed_rpm
    profile = profile_in_signal(samples, 12_000.0, RidgeSettings(29.5, 0.1))
    assert profile.mean_hz * 60 == pytest.approx(found.speed_rpm, rel=0.01)


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("reach", [0.2, 0.6])
def test_in_noise_no_speed_is_made_up(seed: int, reach: float) -> None:
    noise = np.random.default_rng(seed).normal(size=60_000)
    with pytest.raises(Invalid, match="tacho"):
        profile_in_signal(noise, RATE_HZ, RidgeSettings(40.0, reach))


def test_scale_does_not_matter() -> None:
    turned, _, nominal_hz, reach = COURSES["coast-down"]
    signal = machine(turned, 1.0)
    settings = RidgeSettings(nominal_hz, reach)
    one = profile_in_signal(signal, RATE_HZ, settings)
    other = profile_in_signal(np.float32(1e-3) * signal, RATE_HZ, settings)
    np.testing.assert_allclose(other.revolutions_at(TIME_S), one.revolutions_at(TIME_S), atol=1e-2)
    assert one.clarity > LEAST_CLARITY


@pytest.mark.parametrize(
    "wrong",
    [
        {"nominal_hz": 0.0},
        {"nominal_hz": 30.0, "reach": 1.0},
        {"nominal_hz": 30.0, "harmonics": 1},
        {"nominal_hz": 30.0, "revolutions": 1.0},
    ],
)
def test_settings_out_of_range_are_refused(wrong: dict[str, float]) -> None:
    with pytest.raises(Invalid):
        RidgeSettings(**wrong)  # type: ignore[arg-type]


def test_what_is_too_short_or_too_slow_is_refused() -> None:
    with pytest.raises(Invalid, match="too short"):
        profile_in_signal(TIME_S[:4000], RATE_HZ, RidgeSettings(30.0))
    with pytest.raises(Invalid, match="two harmonics"):
        profile_in_signal(TIME_S, 100.0, RidgeSettings(30.0))
    with pytest.raises(Invalid, match="no numbers"):
        profile_in_signal(np.full(50_000, np.nan), RATE_HZ, RidgeSettings(30.0))
    with pytest.raises(Invalid, match="constant"):
        profile_in_signal(np.zeros(50_000), RATE_HZ, RidgeSettings(30.0))
