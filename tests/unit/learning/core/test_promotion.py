"""Promotion says what the comparison of the same two held-out tables says."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sonde.learning.core.comparison import agreement
from sonde.learning.core.comparison.comparison import NotComparable, compare
from sonde.learning.core.comparison.pairs import Outcome
from sonde.learning.core.evaluation import FoldPrediction, evaluate
from sonde.learning.core.held_out import HeldOut, held_out
from sonde.learning.core.promotion import judge_challenger
from tests.unit.learning.core.comparison_tables import certificate, experiments, with_table
from tests.unit.learning.toy_problem import toy_problem

PROBLEM = toy_problem(groups_per_class=6)


def told(share_right: float, seed: int = 0) -> agreement.Tested:
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
    return agreement.Tested("id", "version 1", held_out(PROBLEM, parts), certificate())


def test_a_model_beside_itself_differs_by_exactly_nothing() -> None:
    verdict = judge_challenger(told(0.7), told(0.7))
    assert (verdict.difference, verdict.low, verdict.high) == (0.0, 0.0, 0.0)
    assert not verdict.wins


def test_the_scores_are_those_of_the_evaluation() -> None:
    table = told(0.7).table
    parts = [
        FoldPrediction(
            name, table.samples[table.folds == fold], table.probabilities[table.folds == fold]
        )
        for fold, name in enumerate(table.fold_names)
    ]
    judged = evaluate(PROBLEM, parts, (), n_draws=500)
    verdict = judge_challenger(told(0.7), told(0.7, 1))
    assert verdict.champion == pytest.approx(judged.macro_f1)
    assert verdict.n_groups == judged.interval.n_groups == 24


def test_a_better_model_wins_and_the_worse_one_is_told_so() -> None:
    strong = replace(told(0.95), title="version 2")
    verdict = judge_challenger(told(0.5), strong)
    assert verdict.wins
    assert 0.2 < verdict.low < verdict.difference < verdict.high
    assert verdict.sentence.startswith("version 2 is better than version 1 on these 24 bearings")
    back = judge_challenger(strong, told(0.5))
    assert not back.wins
    assert back.difference == -verdict.difference
    assert back.sentence.startswith("version 2 is better than version 1 on these 24 bearings")


def test_a_difference_within_chance_is_no_win() -> None:
    verdict = judge_challenger(told(0.8, 1), replace(told(0.8, 2), title="version 2"))
    assert not verdict.wins
    assert "Cannot tell version 2 and version 1 apart" in verdict.sentence


def test_too_few_groups_promote_nothing_and_the_sentence_says_how_many_are_needed() -> None:
    champion, challenger = experiments(-3.0, 3.0, n_units=4)
    verdict = judge_challenger(champion, challenger)
    assert verdict.few_groups
    assert not verdict.wins
    assert "at least 6 are needed for any test" in verdict.sentence


@settings(max_examples=25, deadline=None)
@given(
    skills=st.tuples(st.floats(-1.0, 2.5), st.floats(-1.0, 2.5)),
    n_units=st.sampled_from([5, 6, 8, 12, 24]),
    seed=st.integers(0, 1000),
)
def test_contract_the_same_two_tables_give_the_same_verdict(
    skills: tuple[float, float], n_units: int, seed: int
) -> None:
    champion, challenger = experiments(*skills, n_units=n_units, n_windows=12, seed=seed)
    verdict = judge_challenger(champion, challenger)
    for order in ((champion, challenger), (challenger, champion)):
        page = compare(order)
        (pair,), (sentence,) = page.pairs, page.sentences
        sign = 1.0 if order[0] is challenger else -1.0
        better = Outcome.FIRST if order[0] is challenger else Outcome.SECOND
        assert sign * pair.difference.value == pytest.approx(verdict.difference)
        edges = sorted((sign * pair.difference.low, sign * pair.difference.high))
        assert edges == pytest.approx([verdict.low, verdict.high])
        assert verdict.wins == (pair.outcome is better and verdict.difference > 0.0)
        says_so = page.sentence.startswith(f"{challenger.title} has the highest macro-F1")
        assert verdict.wins == (says_so and " and is better than " in page.sentence)
        if verdict.wins:
            assert sentence == verdict.sentence


@settings(max_examples=20, deadline=None)
@given(st.permutations(range(96)))
def test_the_order_of_the_rows_says_nothing(order: list[int]) -> None:
    one, other = told(0.6), told(0.8)
    rows = np.array(order) % len(other.table)
    rows = np.concatenate([rows, np.setdiff1d(np.arange(len(other.table)), rows)])
    mixed = replace(other, table=_mixed(other.table, rows))
    assert judge_challenger(one, mixed) == judge_challenger(one, other)


def _mixed(table: HeldOut, rows: np.ndarray) -> HeldOut:
    names = ("samples", "folds", "labels", "probabilities", "recordings", "groups", "spans")
    changed = {name: getattr(table, name)[rows] for name in names}
    attributes = {name: values[rows] for name, values in table.attributes.items()}
    return replace(table, **changed, attributes=attributes)


def test_another_test_is_refused_in_the_words_of_the_comparison() -> None:
    champion = told(0.7)
    other = with_table(champion, labels=(champion.table.labels + 1) % 4)
    with pytest.raises(NotComparable, match="same windows under different classes"):
        judge_challenger(champion, other)
