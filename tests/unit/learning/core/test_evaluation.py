"""Scores against scikit-learn and closed forms, and intervals that move with the groups."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.metrics import f1_score, precision_recall_fscore_support

from sonde.learning.core.evaluation import (
    Evaluation,
    FoldPrediction,
    confusion_matrix,
    evaluate,
    macro_f1,
)
from sonde.learning.core.problem import Problem
from tests.unit.learning.toy_problem import toy_problem


def told(problem: Problem, name: str, indices: np.ndarray, answers: np.ndarray) -> FoldPrediction:
    return FoldPrediction(name, indices, np.eye(len(problem.class_names))[answers])


def judged(problem: Problem, answers: np.ndarray, n_folds: int = 1) -> Evaluation:
    """Judge `answers`, dealt to folds by the last digit of the group."""
    fold = np.array([int(group[-1]) % n_folds for group in problem.groups])
    folds = [np.flatnonzero(fold == number) for number in range(n_folds)]
    return evaluate(
        problem,
        [told(problem, f"f{i}", mine, answers[mine]) for i, mine in enumerate(folds)],
        problem.class_names[1:],
        n_draws=400,
    )


@settings(max_examples=40, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 2), st.integers(0, 2)), min_size=1, max_size=60))
def test_macro_f1_is_that_of_scikit_learn(pairs: list[tuple[int, int]]) -> None:
    truth, answers = (np.array(side, dtype=np.intp) for side in zip(*pairs, strict=True))
    expected = f1_score(truth, answers, labels=np.unique(truth), average="macro", zero_division=0)
    found = macro_f1(confusion_matrix(truth, answers, 3))
    assert float(found) == pytest.approx(expected)


def test_class_rows_and_confusion_matrix() -> None:
    problem = toy_problem()
    answers = problem.labels.copy()
    answers[problem.groups == "g1-0"] = 2
    result = judged(problem, answers)
    precision, recall, f1, support = precision_recall_fscore_support(problem.labels, answers)
    assert [row.precision for row in result.classes] == pytest.approx(precision)
    assert [row.recall for row in result.classes] == pytest.approx(recall)
    assert [row.f1 for row in result.classes] == pytest.approx(f1)
    assert [row.n_samples for row in result.classes] == support.tolist()
    assert [row.n_groups for row in result.classes] == [3, 3, 3, 3]
    assert result.confusion[1] == (0, 16, 8, 0)
    assert result.macro_f1 == pytest.approx(f1.mean())
    assert result.named_macro_f1 == pytest.approx(f1[1:].mean())
    assert result.accuracy == pytest.approx(1 - 8 / 96)


def test_folds_that_test_every_class_are_averaged_and_others_pooled() -> None:
    problem = toy_problem()
    answers = problem.labels.copy()
    answers[problem.groups == "g1-0"] = 2
    mean = judged(problem, answers, n_folds=3)
    assert mean.aggregation == "mean of folds"
    assert mean.macro_f1 == pytest.approx(np.mean([fold.macro_f1 for fold in mean.folds]))
    by_class = evaluate(
        problem,
        [
            told(problem, str(label), mine, answers[mine])
            for label in range(4)
            for mine in [np.flatnonzero(problem.labels == label)]
        ],
        problem.class_names,
    )
    assert by_class.aggregation == "pooled over folds"
    assert by_class.macro_f1 == pytest.approx(judged(problem, answers).macro_f1)


def test_the_interval_holds_the_score_and_widens_with_fewer_groups() -> None:
    widths = []
    for groups in (4, 16):
        problem = toy_problem(groups_per_class=groups)
        answers = problem.labels.copy()
        wrong = np.array([int(group.split("-")[1]) % 4 == 0 for group in problem.groups])
        answers[wrong] = (answers[wrong] + 1) % 4
        result = judged(problem, answers)
        assert result.interval.low < result.macro_f1 < result.interval.high
        assert result.interval.n_groups == 4 * groups
        widths.append(result.interval.high - result.interval.low)
    assert widths[1] < 0.7 * widths[0]


def test_windows_of_one_group_do_not_make_it_surer() -> None:
    few = toy_problem(windows_per_recording=2)
    many = toy_problem(windows_per_recording=20)
    widths = []
    for problem in (few, many):
        answers = np.where(problem.groups == "g1-0", 2, problem.labels)
        interval = judged(problem, answers).interval
        widths.append(interval.high - interval.low)
    assert widths[0] == pytest.approx(widths[1], abs=0.02)


def test_few_groups_are_marked() -> None:
    small, large = toy_problem(2, 3), toy_problem(2, 4)
    assert judged(small, small.labels).interval.few_groups
    assert not judged(large, large.labels).interval.few_groups


def test_one_group_of_every_class_says_nothing_of_another_one() -> None:
    problem = toy_problem(3, 1, 4)
    interval = judged(problem, problem.labels).interval
    assert (interval.low, interval.high, interval.few_groups) == (0.0, 1.0, True)


def test_a_perfect_score_has_no_width_and_classes_without_samples_do_not_count() -> None:
    problem = replace(toy_problem(3), class_names=("healthy", "inner", "outer", "ball"))
    result = judged(problem, problem.labels)
    assert (result.macro_f1, result.interval.low, result.interval.high) == (1.0, 1.0, 1.0)
    assert result.classes[3].recall == result.classes[3].precision == 0.0
