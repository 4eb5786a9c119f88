"""Order tracking: a chirp becomes a line, nothing folds, laws, refusals."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sonde.bearings.core.order_tracking import order_spectrum, resampled_by_angle
from sonde.bearings.core.spectra import Window
from sonde.bearings.core.spectrum_settings import Scaling, SpectrumSettings, measured_spectrum
from sonde.bearings.core.speed_profile import SpeedProfile, profile_of_speeds, stated_profile
from sonde.bearings.core.tacho import profile_of_tacho
from sonde.platform.core.errors import Invalid

RATE_HZ = 20_480.0
TIME_S = np.arange(102_400) / RATE_HZ


def run_up(start_hz: float = 20.0, end_hz: float = 60.0) -> tuple[SpeedProfile, np.ndarray]:
    knots = np.linspace(0, 5, 50)
    profile = profile_of_speeds(knots, start_hz + (end_hz - start_hz) * knots / 5)
    return profile, start_hz * TIME_S + (end_hz - start_hz) / 10 * TIME_S**2


def at_order(spectrum: object, order: float) -> float:
    return float(spectrum.values[round(order / spectrum.resolution)])  # type: ignore[attr-defined]


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_acceptance_look_order_a_chirp_is_a_line(dtype: type) -> None:
    """Run-up of 20 to 60 Hz: three orders, two of them close, one of them high."""
    profile, turned = run_up()
    parts = {1.0: 1.0, 3.5848: 0.5, 5.4152: 0.3, 30.0: 0.2}
    signal = sum(height * np.sin(2 * np.pi * k * turned) for k, height in parts.items())
    spectrum = order_spectrum(resampled_by_angle(signal.astype(dtype), RATE_HZ, profile))
    assert spectrum.values.dtype == dtype
    for k, height in parts.items():
        near = slice(*(round((k + d) / spectrum.resolution) for d in (-0.1, 0.1)))
        place = spectrum.order[near][spectrum.values[near].argmax()]
        assert place == pytest.approx(k, abs=spectrum.resolution / 2)
        loss = 1 - spectrum.values[near].max() / height
        assert -0.002 < loss < (0.002 if k == int(k) else 0.15)  # Hann between two lines: 1.4 dB
    smeared = measured_spectrum(signal, RATE_HZ).spectrum
    assert smeared.values.max() < 0.2  # the same signal over time


def test_between_the_lines_of_a_chirp_there_is_nothing() -> None:
    profile, turned = run_up()
    spectrum = order_spectrum(
        resampled_by_angle(np.sin(2 * np.pi * 8 * turned), RATE_HZ, profile, 20)
    )
    away = np.abs(spectrum.order - 8) > 0.1
    assert spectrum.values[away].max() < 2e-3


def test_acceptance_look_order_nothing_folds() -> None:
    """A tone of order 70 and a fixed one of 9 kHz, looked at up to order 20."""
    profile, turned = run_up()
    signal = np.sin(2 * np.pi * 70 * turned) + np.sin(2 * np.pi * 9000 * TIME_S)
    spectrum = order_spectrum(resampled_by_angle(signal, RATE_HZ, profile, 20))
    assert spectrum.values.max() < 1e-3
    assert spectrum.order[-1] == pytest.approx(20)


def test_a_swinging_speed_from_its_tacho_gives_sharp_orders() -> None:
    turned = 30 * TIME_S + 1.5 * np.sin(2 * np.pi * 0.5 * TIME_S)
    tacho = ((turned + 0.05) % 1 < 0.1).astype(float)
    profile = profile_of_tacho(tacho, RATE_HZ)
    spectrum = order_spectrum(resampled_by_angle(np.sin(2 * np.pi * 10 * turned), RATE_HZ, profile))
    assert at_order(spectrum, 10) == pytest.approx(1, abs=0.02)


@settings(max_examples=20, deadline=None)
@given(st.floats(0.01, 100), st.integers(0, 2**20))
def test_orders_scale_with_the_signal(factor: float, seed: int) -> None:
    noise = np.random.default_rng(seed).normal(size=4096)
    profile = profile_of_speeds(np.linspace(0, 4, 9), np.linspace(8, 12, 9))
    one = resampled_by_angle(noise, 1024.0, profile, 20).samples
    more = resampled_by_angle(factor * noise, 1024.0, profile, 20).samples
    np.testing.assert_allclose(more, factor * one, rtol=1e-6, atol=1e-9 * factor)


@settings(max_examples=20, deadline=None)
@given(st.integers(1, 20), st.floats(0, 6.28))
def test_at_constant_speed_orders_are_frequencies(order: int, phase: float) -> None:
    seconds = np.arange(8192) / 2048
    tone = np.cos(2 * np.pi * order * 16 * seconds + phase)
    turned = resampled_by_angle(tone, 2048.0, stated_profile(16.0, 4.0), 25)
    expected = np.cos(2 * np.pi * order * turned.revolutions + phase)
    inner = slice(turned.samples_per_revolution, -turned.samples_per_revolution)
    np.testing.assert_allclose(turned.samples[inner], expected[inner], atol=2e-3)


def test_the_energy_is_kept() -> None:
    """Parseval over the angle: the density sums to the mean square."""
    profile, turned = run_up(30, 33)
    signal = sum(np.sin(2 * np.pi * k * turned + k) for k in (1, 2, 5, 9))
    density = order_spectrum(
        resampled_by_angle(signal, RATE_HZ, profile, 25),
        SpectrumSettings(Window.RECTANGULAR, Scaling.PSD),
    )
    assert density.unit == "u^2/order"
    assert density.values.sum() * density.resolution == pytest.approx(2.0, rel=5e-3)


def test_averages_are_whole_revolutions() -> None:
    profile, turned = run_up(30, 40)
    angular = resampled_by_angle(np.sin(2 * np.pi * turned), RATE_HZ, profile, 10)
    spectrum = order_spectrum(angular, SpectrumSettings(averages=8))
    assert spectrum.averages >= 8
    assert 1 / spectrum.resolution == pytest.approx(round(1 / spectrum.resolution))
    assert at_order(spectrum, 1) == pytest.approx(1, abs=1e-3)


def test_what_cannot_be_tracked_is_refused() -> None:
    with pytest.raises(Invalid, match="whole revolutions"):
        resampled_by_angle(TIME_S[:2000], RATE_HZ, stated_profile(20.0, 5.0))
    with pytest.raises(Invalid, match="first order"):
        resampled_by_angle(np.ones(1000), 100.0, stated_profile(48.0, 10.0))
