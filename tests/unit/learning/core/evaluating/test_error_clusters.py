"""Kinds of errors: clusters that are there are found, and none where there is none."""

import numpy as np

from sonde.learning.core.evaluating.error_clusters import (
    cluster_errors,
    standardise,
    telling_features,
)


def test_kinds_of_errors_that_stand_apart_are_found() -> None:
    random = np.random.default_rng(0)
    right = random.normal(size=(60, 6))
    one = random.normal(size=(30, 6)) + np.array([9.0, 0, 0, 0, 0, 0])
    other = random.normal(size=(12, 6)) + np.array([0, -9.0, 0, 0, 0, 0])
    features = np.concatenate([right, one, other])
    is_error = np.repeat([False, True, True], [60, 30, 12])
    found = cluster_errors(features, is_error)
    assert found.silhouette is not None
    assert found.cluster.tolist() == [0] * 30 + [1] * 12
    assert 0.3 < found.explained <= 1.0
    again = cluster_errors(features, is_error)
    assert (again.cluster == found.cluster).all()
    scaled = standardise(features)
    mine = np.zeros(102, dtype=bool)
    mine[60:90] = True
    assert telling_features(scaled, mine, ~is_error)[0][0] == 0


def test_few_errors_are_one_kind() -> None:
    features = np.random.default_rng(0).normal(size=(20, 3))
    found = cluster_errors(features, np.arange(20) < 5)
    assert found.cluster.tolist() == [0] * 5
    assert found.silhouette is None


def test_equal_errors_are_one_kind() -> None:
    features = np.zeros((30, 4))
    features[10:] = 1.0
    found = cluster_errors(features, np.arange(30) >= 10)
    assert set(found.cluster.tolist()) == {0}
    assert telling_features(features, np.zeros(30, bool), np.ones(30, bool)) == []
