"""What no fold uses is put aside, and indices follow."""

import numpy as np

from sonde.learning.core.planning import plan_split
from sonde.learning.core.problem import Fold
from sonde.learning.core.splits.policy import SplitConfig
from tests.unit.learning.toy_problem import toy_problem


def test_a_protocol_that_leaves_samples_out() -> None:
    whole = toy_problem()
    last_groups = np.char.endswith(whole.groups, "-2")
    train = np.flatnonzero(np.char.endswith(whole.groups, "-0"))
    test = np.flatnonzero(last_groups)
    problem = toy_problem(protocols={"some": (Fold("a", train, test),)})
    planned = plan_split(problem, SplitConfig("some"))
    assert planned.split.protocol == "some"
    assert (len(planned.problem), planned.certificate.n_groups) == (64, 8)
    assert planned.certificate.detail == "some"
    fold = planned.folds[0]
    assert np.array_equal(planned.problem.groups[fold.test], problem.groups[test])
    assert np.array_equal(planned.problem.groups[fold.train], problem.groups[train])
    assert np.array_equal(planned.problem.read_windows(fold.test), problem.read_windows(test))
    assert np.array_equal(planned.problem.read_features(fold.train), problem.read_features(train))
    assert set(planned.problem.attributes["size"][fold.test]) == {"none", "2"}


def test_a_split_that_uses_everything_leaves_the_problem_alone() -> None:
    problem = toy_problem()
    assert plan_split(problem, SplitConfig("group-k-fold")).problem is problem
