"""Novelty: strangers are told, ordinary new groups are not, and the measure is honest."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from sklearn.metrics import roc_auc_score

from sonde.learning.core.novelty import auroc, fit_novelty, measure_unseen, restore
from sonde.platform.core.errors import Invalid
from tests.unit.learning.toy_problem import toy_problem

PROBLEM = toy_problem(groups_per_class=5)
EVERY = np.arange(len(PROBLEM))
FEATURES = PROBLEM.read_features(EVERY)
SCORES = arrays(np.float64, st.integers(1, 12), elements=st.sampled_from([0.0, 1.0, 2.0, 3.0]))


@given(SCORES, SCORES)
def test_auroc_is_that_of_scikit_learn(known: np.ndarray, unseen: np.ndarray) -> None:
    truth = np.repeat([0, 1], [len(known), len(unseen)])
    expected = roc_auc_score(truth, np.concatenate([known, unseen]))
    assert auroc(known, unseen) == pytest.approx(expected)


def test_strangers_are_told_and_new_groups_are_not() -> None:
    scorer = fit_novelty(PROBLEM, EVERY, FEATURES)
    fresh = toy_problem(groups_per_class=5, seed=8)
    features = fresh.read_features(EVERY)
    told = [
        scorer.is_unlike_training(features[fresh.recordings == recording])
        for recording in np.unique(fresh.recordings)
    ]
    assert np.mean(told) < 0.25
    stranger = toy_problem(1, 2, noise=5.0).read_features(np.arange(8)) + 4.0
    assert scorer.is_unlike_training(stranger)


def test_own_group_is_no_reference_for_the_threshold() -> None:
    scorer = fit_novelty(PROBLEM, EVERY, FEATURES)
    with_own = np.array(
        [scorer.score(FEATURES[PROBLEM.recordings == r]) for r in np.unique(PROBLEM.recordings)]
    )
    assert scorer.threshold > np.quantile(with_own, 0.95)


def test_saved_and_restored_scores_are_equal() -> None:
    scorer = fit_novelty(PROBLEM, EVERY, FEATURES)
    again = restore(scorer.arrays())
    assert again.score(FEATURES[:4]) == scorer.score(FEATURES[:4])
    assert again.threshold == scorer.threshold
    with pytest.raises(ValueError, match="fit"):
        restore(scorer.arrays() | {"mean": np.zeros(99)})


def test_one_group_is_not_enough() -> None:
    one = toy_problem(1, 1, 1)
    with pytest.raises(Invalid, match="at least two bearings"):
        fit_novelty(one, np.arange(4), one.read_features(np.arange(4)))


def test_unseen_values_are_measured_for_every_attribute_that_can_be_left_out() -> None:
    seen: list[float] = []
    measured = measure_unseen(PROBLEM, FEATURES, seen.append)
    assert [row.attribute for row in measured] == ["load", "size"]
    size = measured[1]
    assert [value.value for value in size.values] == ["0", "1", "2", "3", "4"]
    assert 0.2 < size.mean_auroc < 0.8, "the toy's sizes are all alike"
    assert all(value.n_unseen == 6 for value in size.values)
    assert seen[-1] == 1.0


def test_a_value_that_really_differs_is_told() -> None:
    shifted = FEATURES + 5.0 * (PROBLEM.attributes["size"] == "3")[:, None]
    size = measure_unseen(PROBLEM, shifted, lambda fraction: None)[1]
    assert next(value.auroc for value in size.values if value.value == "3") == 1.0
