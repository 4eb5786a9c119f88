"""The probability of backtest overfitting: certain skill, no skill, and the plain definition."""

from itertools import combinations

import numpy as np
import pytest

from sonde.markets.core.backtesting.overfitting import probability_of_overfitting
from sonde.platform.core.errors import Invalid


def test_one_cell_with_skill_is_no_overfitting() -> None:
    returns = np.random.default_rng(1).normal(0.0, 1.0, (400, 20))
    returns[:, 7] += 0.8
    found = probability_of_overfitting(returns)
    assert found.probability == 0.0
    assert found.loss_probability == 0.0


def test_no_skill_is_a_coin() -> None:
    generator = np.random.default_rng(2)
    told = [
        probability_of_overfitting(generator.normal(0.0, 1.0, (200, 20))).probability
        for _ in range(30)
    ]
    assert np.mean(told) == pytest.approx(0.5, abs=0.12)


def test_agrees_with_the_definition_done_by_hand() -> None:
    returns = np.random.default_rng(3).normal(0.0, 1.0, (24, 5))
    blocks = np.split(returns, 4)
    logits = []
    for half in combinations(range(4), 2):
        inside = np.concatenate([blocks[i] for i in half])
        outside = np.concatenate([blocks[i] for i in range(4) if i not in half])
        best = np.argmax(inside.mean(0) / inside.std(0, ddof=1))
        there = outside.mean(0) / outside.std(0, ddof=1)
        rank = (np.sum(there <= there[best])) / 6
        logits.append(np.log(rank / (1 - rank)))
    assert probability_of_overfitting(returns, 4).logits == pytest.approx(logits)


@pytest.mark.parametrize(
    ("shape", "blocks", "words"),
    [((40, 1), 4, "two cells"), ((40, 2), 5, "even"), ((6, 2), 4, "at least 8 periods")],
)
def test_what_cannot_be_judged_is_refused(shape: tuple[int, int], blocks: int, words: str) -> None:
    with pytest.raises(Invalid, match=words):
        probability_of_overfitting(np.ones(shape), blocks)
