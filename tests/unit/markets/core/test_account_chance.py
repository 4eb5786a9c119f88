"""Luck and redrawn trades, on results of which the answer is known."""

import numpy as np
import pytest

from sonde.markets.core.account_chance import chance


def test_a_sure_gain_is_no_luck_and_noise_may_be():
    generator = np.random.default_rng(7)
    sure = chance(5 + generator.normal(size=200), 1_000.0)
    assert sure.t_test.value < 1e-9
    assert sure.bootstrap.value == pytest.approx(1 / 1001)
    noise = chance(generator.normal(size=200), 1_000.0)
    assert 0.01 < noise.t_test.value < 0.99
    assert abs(noise.t_test.value - noise.bootstrap.value) < 0.1


def test_falls_of_redrawn_trades_are_in_order_and_ruin_is_their_share():
    found = chance(np.array([60.0, -50.0] * 20), 1_000.0)
    falls = [found.fall(percentile).value for percentile in (50, 95, 99)]
    assert falls == sorted(falls)
    assert 0 <= found.redrawn.ruin <= 1


def test_ten_thousand_trades_are_drawn_less_often():
    assert chance(np.tile([1.0, -1.0], 5_000), 1e6).redrawn.draws == 100


def test_too_few_results_say_so():
    nothing = chance(np.zeros(0), 1_000.0)
    assert nothing.fall(95).reason == "needs 2 trades"
    assert nothing.t_test.reason.startswith("needs")
