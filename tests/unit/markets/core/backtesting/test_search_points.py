"""What a search tries."""

import numpy as np
import pytest

from sonde.markets.core.backtesting.search_points import grid_points, random_points
from sonde.markets.core.strategies.catalogue import strategy_named
from sonde.platform.core.errors import Invalid

_CROSS = strategy_named("sma-cross")


def test_a_grid_is_every_combination_that_the_strategy_accepts() -> None:
    points = grid_points(_CROSS, {"fast": [10, "20", 20, 60], "slow": [50]}, {"sides": "both"})
    assert points.axes == {"fast": (10, 20, 60), "slow": (50,)}
    assert [each["fast"] for each in points.accepted] == [10, 20]
    assert all(each["sides"] == "both" for each in points.accepted)
    ((refused, words),) = points.refused
    assert refused["fast"] == 60
    assert words


def test_draws_lie_within_bounds_and_repeat_with_the_seed() -> None:
    bounds = {"fast": (5, 15), "slow": (20, 60), "sides": None}
    first, again = (
        random_points(_CROSS, bounds, 40, {}, np.random.default_rng(3)) for _ in range(2)
    )
    assert first == again
    assert len({tuple(each.items()) for each in first.accepted}) == len(first.accepted)
    assert all(5 <= each["fast"] <= 15 and 20 <= each["slow"] <= 60 for each in first.accepted)
    assert set(first.axes["sides"]) == {"long", "short", "both"}


@pytest.mark.parametrize(
    ("axes", "words"),
    [
        ({}, "at least one setting"),
        ({"fast": []}, "at least one value"),
        ({"faster": [3]}, "no setting 'faster'"),
        ({"fast": ["many"]}, "whole number"),
        ({"fast": [60], "slow": [50]}, "None of the 1 combinations"),
        ({"fast": range(1, 200), "slow": range(200, 300)}, "19900 combinations"),
    ],
)
def test_what_cannot_be_searched_is_refused(axes: dict, words: str) -> None:
    with pytest.raises(Invalid, match=words):
        grid_points(_CROSS, axes, {})


def test_no_draw_is_refused() -> None:
    with pytest.raises(Invalid, match="Draw 1 to"):
        random_points(_CROSS, {"fast": None}, 0, {}, np.random.default_rng(1))
