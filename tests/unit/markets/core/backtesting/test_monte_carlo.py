"""Redrawn trades."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sonde.markets.core.backtesting.monte_carlo import monte_carlo
from sonde.platform.core.errors import Invalid

_RESULTS = np.random.default_rng(1).normal(5.0, 60.0, 80)


@given(st.lists(st.floats(-50, 50), min_size=2, max_size=30), st.integers(0, 99))
def test_a_shuffle_ends_where_the_trades_end(results: list[float], seed: int) -> None:
    values = np.array(results)
    found = monte_carlo(values, 10_000.0, "shuffle", 20, np.random.default_rng(seed))
    assert found.final == pytest.approx(10_000.0 + values.sum())


def test_two_trades_have_two_orders() -> None:
    """+50, -50 on 100 falls by 50/150 in this order and by 50/100 in the other."""
    found = monte_carlo(np.array([50.0, -50.0]), 100.0, "shuffle", 500, np.random.default_rng(1))
    assert found.max_drawdown[0] == pytest.approx(1 / 3)
    assert found.max_drawdown[-1] == pytest.approx(1 / 2)
    assert found.observed_drawdown == pytest.approx(1 / 3)


def test_resampling_spreads_around_the_sum() -> None:
    found = monte_carlo(_RESULTS, 10_000.0, "resample", 2000, np.random.default_rng(2))
    assert found.final[2] == pytest.approx(10_000 + _RESULTS.sum(), abs=60.0)
    assert found.final[0] < found.final[2] < found.final[4]
    assert found.bands.shape == (6, 80)


def test_drawdown_percentiles_rise_and_the_seed_repeats_them() -> None:
    first = monte_carlo(_RESULTS, 10_000.0, "shuffle", 300, np.random.default_rng(3))
    again = monte_carlo(_RESULTS, 10_000.0, "shuffle", 300, np.random.default_rng(3))
    assert (np.diff(first.max_drawdown) >= 0).all()
    assert np.array_equal(first.max_drawdown, again.max_drawdown)


def test_ruin_is_counted() -> None:
    found = monte_carlo(np.full(8, -10.0), 100.0, "shuffle", 10, np.random.default_rng(1))
    assert found.ruin == 1.0


@pytest.mark.parametrize(
    ("results", "initial", "method", "draws", "words"),
    [
        ([1.0], 100.0, "shuffle", 10, "at least 2 trades"),
        ([1.0, 2.0], 100.0, "bootstrap", 10, "shuffle or resample"),
        ([1.0, 2.0], 0.0, "shuffle", 10, "more than 0"),
        ([1.0, 2.0], 100.0, "shuffle", 0, "draws are possible"),
    ],
)
def test_what_cannot_be_redrawn_is_refused(results, initial, method, draws, words) -> None:
    with pytest.raises(Invalid, match=words):
        monte_carlo(np.array(results), initial, method, draws, np.random.default_rng(1))
