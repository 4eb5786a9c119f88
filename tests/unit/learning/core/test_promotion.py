"""Promotion: the same test, whole groups, and an interval that must lie above zero."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sonde.learning.core.evaluation import FoldPrediction, evaluate
from sonde.learning.core.held_out import HeldOut, held_out
from sonde.learning.core.promotion import judge_challenger
from sonde.platform.core.errors import Invalid
from tests.unit.learning.toy_problem import toy_problem

PROBLEM = toy_problem(groups_per_class=6)


def told(share_right: float, seed: int = 0) -> HeldOut:
    """Return a table of two folds in which that share of the windows is told right."""
    random = np.random.default_rng(seed)
    parts = []
    fold_of_group = np.array([int(name[-1]) % 2 for name in PROBLEM.groups])
    for fold in (0, 1):
        rows = np.flatnonzero(fold_of_group == fold)
        labels = PROBLEM.labels[rows]
        wrong = random.random(len(rows)) >= share_right
        said = np.where(wrong, (labels + random.integers(1, 4, len(rows))) % 4, labels)
        parts.append(FoldPrediction(f"fold {fold}", rows, np.eye(4)[said]))
    return held_out(PROBLEM, parts)


def test_a_model_beside_itself_differs_by_exactly_nothing() -> None:
    verdict = judge_challenger(told(0.7), told(0.7))
    assert (verdict.difference, verdict.low, verdict.high) == (0.0, 0.0, 0.0)
    assert not verdict.wins


def test_the_scores_are_those_of_the_evaluation() -> None:
    table = told(0.7)
    parts = [
        FoldPrediction(
            name, table.samples[table.folds == fold], table.probabilities[table.folds == fold]
        )
        for fold, name in enumerate(table.fold_names)
    ]
    judged = evaluate(PROBLEM, parts, (), n_draws=500)
    verdict = judge_challenger(table, told(0.7, 1), n_draws=500)
    assert verdict.champion == pytest.approx(judged.macro_f1)
    assert verdict.n_groups == judged.interval.n_groups == 24


def test_a_better_model_wins_and_the_worse_one_is_told_so() -> None:
    verdict = judge_challenger(told(0.5), told(0.95))
    assert verdict.wins
    assert 0.2 < verdict.low < verdict.difference < verdict.high
    assert verdict.sentence.startswith("It beats the champion on the same test: macro-F1 0.9")
    back = judge_challenger(told(0.95), told(0.5))
    assert back.difference == -verdict.difference
    assert back.sentence.startswith("It is worse than the champion")


def test_a_difference_within_chance_is_no_win() -> None:
    verdict = judge_challenger(told(0.8, 1), told(0.8, 2))
    assert not verdict.wins
    assert "not better than the champion beyond chance" in verdict.sentence


@given(st.permutations(range(96)))
def test_the_order_of_the_rows_says_nothing(order: list[int]) -> None:
    one, other = told(0.6), told(0.8)
    rows = np.array(order) % len(other)
    rows = np.concatenate([rows, np.setdiff1d(np.arange(len(other)), rows)])
    mixed = replace(
        other,
        **{
            name: getattr(other, name)[rows]
            for name in ("samples", "folds", "labels", "probabilities", "recordings", "groups")
        },
        spans=other.spans[rows],
    )
    assert judge_challenger(one, mixed, n_draws=20) == judge_challenger(one, other, n_draws=20)


def test_another_test_is_refused() -> None:
    table = told(0.7)
    fewer = replace(table, labels=(table.labels + 1) % 4)
    with pytest.raises(Invalid, match="not tested on the same samples"):
        judge_challenger(table, fewer)
