"""Intervals of single classes come from whole groups, and are not there where one group stands."""

import numpy as np
import pytest

from sonde.learning.core.evaluating.class_intervals import score_intervals
from sonde.learning.core.evaluation import FoldPrediction
from sonde.learning.core.held_out import HeldOut, held_out
from tests.unit.learning.toy_problem import toy_problem


def table(*, lonely: bool = False) -> HeldOut:
    """Return what was told: every group is told wholly rightly or wholly wrongly."""
    problem = toy_problem(2, 4, lonely_class=lonely)
    wrong = np.char.endswith(problem.groups, "-1")
    told = np.where(wrong, 1 - problem.labels, problem.labels)
    every = np.arange(len(problem))
    return held_out(problem, [FoldPrediction("all", every, np.eye(2)[told])])


def test_whole_groups_are_drawn_so_the_interval_is_as_wide_as_the_groups_differ() -> None:
    sure = score_intervals(table())
    recall = sure.classes[1].recall
    assert recall is not None
    # Of four groups one is wrong: a draw of four has 0 to 4 wrong ones, each in a quarter.
    assert recall == pytest.approx((0.25, 1.0))
    assert sure.accuracy is not None
    assert sure.accuracy[0] < 0.75 < sure.accuracy[1]


def test_a_class_with_a_single_group_has_no_interval() -> None:
    healthy, inner = score_intervals(table(lonely=True)).classes
    assert (healthy.recall, healthy.f1) == (None, None)
    assert inner.recall is not None
