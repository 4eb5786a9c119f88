"""The synchronous average: noise falls by the root, energy is shared, refusals."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sonde.bearings.core.order_tracking import AngularSignal, order_spectrum, resampled_by_angle
from sonde.bearings.core.speed_profile import profile_of_speeds
from sonde.bearings.core.synchronous_average import residual, synchronous_average
from sonde.platform.core.errors import Invalid


def turns(samples: np.ndarray, per_turn: int) -> AngularSignal:
    return AngularSignal(samples, per_turn, 0.0, per_turn / 2.5)


@pytest.mark.parametrize("count", [4, 64, 400])
def test_acceptance_look_synchronous_noise_falls_by_the_root(count: int) -> None:
    pattern = np.sin(2 * np.pi * 5 * np.arange(256) / 256)
    noise = np.random.default_rng(count).normal(size=256 * count)
    average = synchronous_average(turns(np.tile(pattern, count) + noise, 256))
    left = average.values - pattern
    assert left.std() == pytest.approx(1 / np.sqrt(count), rel=0.15)
    assert average.n_averages == count


@given(st.integers(2, 40), st.integers(1, 3), st.integers(0, 2**20))
def test_average_and_residual_share_the_variance(count: int, length: int, seed: int) -> None:
    """Parseval: what the average explains and what is left add up."""
    noise = np.random.default_rng(seed).normal(size=32 * count * length)
    signal = turns(noise, 32)
    average = synchronous_average(signal, length)
    left = residual(signal, average)
    whole = average.values.var() + np.mean(left.samples**2)
    assert whole == pytest.approx(noise.var())
    assert average.share == pytest.approx(average.values.var() / noise.var())
    again = synchronous_average(left, length)
    np.testing.assert_allclose(again.values, 0, atol=1e-12)


def test_over_a_run_up_shaft_orders_go_and_the_bearing_stays() -> None:
    seconds = np.arange(102_400) / 20_480
    knots = np.linspace(0, 5, 50)
    profile = profile_of_speeds(knots, 20 + 8 * knots)
    turned = 20 * seconds + 4 * seconds**2
    shaft = sum(np.sin(2 * np.pi * k * turned) for k in (1, 2, 7))
    signal = shaft + 0.3 * np.sin(2 * np.pi * 3.5848 * turned)
    angular = resampled_by_angle(signal, 20_480.0, profile, 20)
    average = synchronous_average(angular)
    heights = average.spectrum()
    np.testing.assert_allclose(heights.values[[1, 2, 7]], 1, atol=0.01)
    left = order_spectrum(residual(angular, average))
    assert left.order[left.values.argmax()] == pytest.approx(3.5848, abs=left.resolution)
    assert left.values[round(1 / left.resolution)] < 0.01


def test_a_pattern_of_two_turns_needs_two_turns() -> None:
    half_order = np.cos(np.pi * np.arange(64 * 20) / 64)
    signal = turns(half_order, 64)
    assert synchronous_average(signal, 1).share < 1e-6
    two = synchronous_average(signal, 2)
    assert two.share == pytest.approx(1)
    assert two.angle_deg[-1] == pytest.approx(720 * 127 / 128)
    assert two.spectrum().order[1] == 0.5
    assert two.spectrum().values[1] == pytest.approx(1)


def test_what_cannot_be_averaged_is_refused() -> None:
    signal = turns(np.ones(64 * 5), 64)
    for wrong in (0, 3):
        with pytest.raises(Invalid):
            synchronous_average(signal, wrong)
    with pytest.raises(Invalid, match="another signal"):
        residual(turns(np.ones(60), 30), synchronous_average(signal))
