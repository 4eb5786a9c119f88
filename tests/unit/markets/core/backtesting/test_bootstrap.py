"""Redrawn series: blocks, their length, and the law of large numbers."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sonde.markets.core.backtesting.bootstrap import Bootstrap, best_block, stationary_indices
from sonde.platform.core.errors import Invalid


def test_mean_length_of_blocks_is_the_asked_one() -> None:
    drawn = stationary_indices(2000, 50, 20.0, np.random.default_rng(1))
    goes_on = (np.diff(drawn, axis=1) % 2000) == 1
    assert 1 / (1 - goes_on.mean()) == pytest.approx(20.0, rel=0.05)


@given(st.integers(1, 60), st.floats(1.0, 30.0), st.integers(0, 9))
def test_indices_lie_inside_the_series(n: int, block: float, seed: int) -> None:
    drawn = stationary_indices(n, 5, block, np.random.default_rng(seed))
    assert drawn.shape == (5, n)
    assert drawn.min() >= 0
    assert drawn.max() < n


def test_block_of_an_autoregressive_series_is_the_published_one() -> None:
    """For AR(1) the best block is (2 phi / (1 - phi^2))^(2/3) n^(1/3): Patton et al. (2009)."""
    generator, phi, n = np.random.default_rng(3), 0.6, 4000
    chosen = []
    for _ in range(8):
        noise = generator.standard_normal(n)
        series = np.zeros(n)
        for i in range(1, n):
            series[i] = phi * series[i - 1] + noise[i]
        chosen.append(best_block(series))
    assert np.median(chosen) == pytest.approx(
        (2 * phi / (1 - phi**2)) ** (2 / 3) * n ** (1 / 3), rel=0.2
    )


def test_a_series_without_memory_gets_short_blocks() -> None:
    assert best_block(np.random.default_rng(1).standard_normal(2000)) < 3
    assert best_block(np.ones(50)) == 1.0


def test_the_same_seed_draws_the_same() -> None:
    values = np.random.default_rng(1).standard_normal(100)
    assert np.array_equal(Bootstrap(7, 20).draw(values), Bootstrap(7, 20).draw(values))
    assert not np.array_equal(Bootstrap(7, 20).draw(values), Bootstrap(8, 20).draw(values))


@pytest.mark.parametrize(("n", "draws", "block"), [(0, 1, 2.0), (5, 0, 2.0), (5, 1, 0.5)])
def test_what_cannot_be_redrawn_is_refused(n: int, draws: int, block: float) -> None:
    with pytest.raises(Invalid, match="blocks of at least 1"):
        stationary_indices(n, draws, block, np.random.default_rng(1))
