"""How long a strategy remembers where its history began."""

import numpy as np
import pytest

from sonde.markets.core.backtesting.recursive import recursive
from sonde.platform.core.errors import Invalid
from tests.unit.markets.core.backtesting import planted

_WALK = planted.random_walk(400)


def _exponential(candles):
    mean = np.empty(candles.n)
    mean[0] = candles.close[0]
    for k in range(1, candles.n):
        mean[k] = mean[k - 1] + 0.1 * (candles.close[k] - mean[k - 1])
    return planted.crossing(candles.close > mean, indicators={"ema": mean})


def test_a_moving_average_forgets_after_its_length() -> None:
    report = recursive(planted.Planted("sma", planted.honest_cross, 20), _WALK, {}, (50, 133))
    assert report.is_enough
    memories = {each.column: each.bars for each in report.memories}
    assert memories["indicator slow"] == 19
    assert memories["indicator fast"] == 4


def test_an_exponential_mean_is_named_with_its_deviation() -> None:
    """The weight of the first bar falls by 0.9 a bar: below 1e-6 after 100 to 131 bars."""
    report = recursive(planted.Planted("ema", _exponential, 10), _WALK, {}, (50, 133, 201))
    (ema,) = [each for each in report.memories if each.column == "indicator ema"]
    assert 60 < ema.bars < 135
    assert 1e-4 < ema.deviation < 0.1


def test_a_short_warm_up_is_found_out() -> None:
    report = recursive(planted.Planted("sma", planted.honest_cross, 2), _WALK, {}, range(10, 60))
    assert not report.is_enough
    assert report.differences[0].column in {"enter_long", "exit_long"}
    assert report.differences[0].known_bars > 2


def test_starts_outside_the_candles_are_refused() -> None:
    with pytest.raises(Invalid, match="1 to 399"):
        recursive(planted.Planted("sma", planted.honest_cross), _WALK, {}, (400,))
