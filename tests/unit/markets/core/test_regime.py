"""The regime: seen where it was made, never from the future, and told with its numbers."""

import numpy as np
import pytest

from sonde.markets.core.regime import RegimeSettings, regimes, rolling_rank
from sonde.platform.core.errors import Invalid
from tests.unit.markets.core.candle_making import candles_of, random_walk


def drifting(drift, n=300, seed=2, sigma=0.002):
    generator = np.random.default_rng(seed)
    close = 100 * np.exp(np.cumsum(drift + generator.normal(0, sigma, n)))
    opened = np.concatenate(([100.0], close[:-1]))
    high, low = np.maximum(opened, close) * 1.001, np.minimum(opened, close) * 0.999
    return candles_of(opened, high, low, close, np.ones(n))


def swinging(n=300):
    close = 100 + np.sin(np.arange(n) * 1.3)
    opened = np.concatenate(([100.0], close[:-1]))
    high, low = np.maximum(opened, close), np.minimum(opened, close)
    return candles_of(opened, high, low, close, np.ones(n))


@pytest.mark.parametrize(
    ("candles", "direction"),
    [(drifting(0.004), "up"), (drifting(-0.004), "down"), (swinging(), "range")],
)
def test_the_regime_is_the_one_that_was_made(candles, direction):
    found = regimes(candles)
    seen = [found.at(row).direction for row in range(60, candles.n)]
    assert seen.count(direction) > 0.9 * len(seen)


def test_wild_bars_are_volatile_and_quiet_ones_calm():
    quiet, wild = random_walk(260, seed=4, sigma=0.002), random_walk(30, seed=5, sigma=0.05)
    columns = [
        np.concatenate((getattr(quiet, name), getattr(wild, name) * quiet.close[-1] / 100))
        for name in ("open", "high", "low", "close", "volume")
    ]
    found = regimes(candles_of(*columns))
    before = [found.at(row).volatility for row in range(215, 260)]
    assert before.count("calm") > before.count("volatile") > 0
    assert found.at(-1).volatility == "volatile"
    assert found.at(-1).rank > 0.95


def test_it_says_its_numbers_and_thresholds():
    now = regimes(drifting(0.004)).at(-1)
    assert f"ADX {now.adx:.1f} is at least 25" in now.words
    assert f"+DI {now.plus_di:.1f} lies above -DI {now.minus_di:.1f}" in now.words
    assert f"{now.range_percent:.2f} % of the price" in now.words
    assert "(volatile from 80 %)" in now.words


def test_too_few_bars_are_said_to_be_too_few():
    found = regimes(random_walk(20))
    assert found.at(-1).direction is None
    assert found.at(-1).volatility is None
    assert found.at(-1).adx is None
    assert found.at(-1).words == (
        "Trend not known yet: it needs 28 bars. Volatility not known yet: it needs 215 bars."
    )
    assert regimes(random_walk(28)).at(-1).direction is not None
    assert regimes(random_walk(214)).at(-1).volatility is None
    assert regimes(random_walk(215)).at(-1).volatility is not None


def test_no_regime_knows_a_later_bar():
    candles, settings = random_walk(120, seed=9), RegimeSettings(window=20)
    whole = regimes(candles, settings)
    for k in range(1, candles.n + 1):
        assert regimes(candles.until(k), settings).at(-1) == whole.at(k - 1)


def test_the_rank_by_hand():
    generator = np.random.default_rng(0)
    values = np.concatenate(([np.nan] * 3, generator.normal(size=50)))
    found = rolling_rank(values, 7)
    assert np.isnan(found[:10]).all()
    for k in range(10, 53):
        assert found[k] == pytest.approx(sum(values[k - 7 : k] < values[k]) / 7)


def test_settings_and_rows_out_of_range_are_refused():
    with pytest.raises(Invalid, match=r"volatile_from must lie between 0.01 and 0.99, not 1.5"):
        RegimeSettings(volatile_from=1.5)
    with pytest.raises(Invalid, match="There are 5 bars; there is no bar 5"):
        regimes(random_walk(5)).at(5)
