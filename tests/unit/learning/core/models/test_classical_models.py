"""The plain arrays of the classical models answer as the libraries that learned them."""

from dataclasses import replace

import numpy as np
import pytest

from sonde.learning.core.fitting.specification import ModelConfig
from sonde.learning.core.models import (
    extra_trees,
    gradient_boosting,
    logistic_regression,
    nearest_neighbours,
)
from tests.unit.learning.toy_problem import toy_problem

NOISY = toy_problem(noise=6.0, windows_per_recording=8)
EVERY = np.arange(len(NOISY))
FEATURES = NOISY.read_features(EVERY)
FRESH = toy_problem(noise=6.0, seed=4)
INPUTS = FRESH.read_features(np.arange(len(FRESH)))


def _quiet(_fraction: float) -> None:
    return None


def test_extra_trees_answer_as_scikit_learn() -> None:
    from sklearn.ensemble import ExtraTreesClassifier

    values = {"n_trees": 25, "min_samples_leaf": 3, "balance": False}
    ours = extra_trees.fit(NOISY, EVERY, ModelConfig("extra-trees", 5, values), _quiet)
    theirs = ExtraTreesClassifier(25, min_samples_leaf=3, random_state=5)
    theirs.fit(FEATURES, NOISY.labels)
    assert np.allclose(ours.predict_proba(INPUTS), theirs.predict_proba(INPUTS), atol=1e-12)


@pytest.mark.parametrize("n_classes", [2, 4])
def test_logistic_regression_answers_as_scikit_learn(n_classes: int) -> None:
    from sklearn.linear_model import LogisticRegression
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import StandardScaler

    problem = toy_problem(n_classes, noise=6.0, windows_per_recording=8)
    every = np.arange(len(problem))
    config = ModelConfig("logistic-regression", 0, {"c": 0.3})
    ours = logistic_regression.fit(problem, every, config, _quiet)
    theirs = make_pipeline(
        StandardScaler(), LogisticRegression(C=0.3, class_weight="balanced", tol=1e-6)
    ).fit(problem.read_features(every), problem.labels)
    assert np.allclose(ours.predict_proba(INPUTS), theirs.predict_proba(INPUTS), atol=1e-9)


@pytest.mark.parametrize("weights", ["uniform", "distance"])
@pytest.mark.parametrize("metric", ["euclidean", "manhattan"])
def test_neighbours_answer_as_scikit_learn(weights: str, metric: str) -> None:
    from sklearn.neighbors import KNeighborsClassifier
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import StandardScaler

    values = {"n_neighbours": 7, "weights": weights, "metric": metric}
    ours = nearest_neighbours.fit(NOISY, EVERY, ModelConfig("k-nn", 0, values), _quiet)
    theirs = make_pipeline(
        StandardScaler(), KNeighborsClassifier(7, weights=weights, metric=metric)
    ).fit(FEATURES, NOISY.labels)
    asked = np.concatenate([INPUTS, FEATURES[:5]])
    assert np.allclose(ours.predict_proba(asked), theirs.predict_proba(asked), atol=1e-9)
    assert ours.predict_proba(asked[:0]).shape == (0, 4)


@pytest.mark.parametrize("n_classes", [2, 4])
@pytest.mark.parametrize("has_gaps", [False, True])
def test_boosted_trees_answer_as_lightgbm(n_classes: int, has_gaps: bool) -> None:
    import lightgbm

    problem = toy_problem(n_classes, noise=6.0, windows_per_recording=8)
    every = np.arange(len(problem))
    features = problem.read_features(every)
    if has_gaps:
        features[np.random.default_rng(0).uniform(size=features.shape) < 0.2] = np.nan
    gappy = replace(problem, read_features=lambda indices: features[indices])
    values = {"n_rounds": 20, "balance": False}
    ours = gradient_boosting.fit(gappy, every, ModelConfig("gradient-boosting", 3, values), _quiet)
    knobs = gradient_boosting._library_knobs(
        gradient_boosting.SPECIFICATION.values(values), n_classes, 3
    )
    theirs = lightgbm.train(knobs, lightgbm.Dataset(features, problem.labels), 20)
    asked = INPUTS.copy()
    asked[::3, 2] = np.nan
    asked[::4, 5] = 0.0
    told = ours.predict_proba(asked)[:, :n_classes]
    assert np.allclose(told, theirs.predict(asked), atol=1e-9)
