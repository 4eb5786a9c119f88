"""The plain arrays answer as the library that learned them, and long fits can be stopped."""

import time
from dataclasses import replace

import numpy as np
import pytest

from sonde.learning.core.fitting.calibration import fit_temperature, inner_folds, subsample
from sonde.learning.core.fitting.specification import ModelConfig
from sonde.learning.core.models import minirocket, random_forest, rbf_svm
from sonde.learning.core.models.interruption import run_interruptibly
from sonde.platform.core.errors import Invalid
from tests.unit.learning.toy_problem import toy_problem

NOISY = toy_problem(noise=6.0, windows_per_recording=8)
EVERY = np.arange(len(NOISY))
FEATURES = NOISY.read_features(EVERY)


@pytest.mark.parametrize("cuts", ["best", "random"])
def test_the_forest_answers_as_scikit_learn(cuts: str) -> None:
    from sklearn.ensemble import ExtraTreesClassifier, RandomForestClassifier

    kind = RandomForestClassifier if cuts == "best" else ExtraTreesClassifier
    values = {"n_trees": 25, "min_samples_leaf": 3, "thresholds": cuts, "balance": False}
    ours = random_forest.fit(
        NOISY, EVERY, ModelConfig("random-forest", 5, values), lambda fraction: None
    )
    theirs = kind(25, min_samples_leaf=3, random_state=5).fit(FEATURES, NOISY.labels)
    fresh = toy_problem(noise=6.0, seed=4)
    inputs = fresh.read_features(np.arange(len(fresh)))
    assert np.allclose(ours.predict_proba(inputs), theirs.predict_proba(inputs), atol=1e-12)
    assert ours.predict_proba(inputs[:0]).shape == (0, 4)


@pytest.mark.parametrize("n_classes", [2, 4])
def test_the_support_vectors_decide_as_scikit_learn(n_classes: int) -> None:
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import StandardScaler
    from sklearn.svm import SVC

    problem = toy_problem(n_classes, noise=6.0, windows_per_recording=8)
    every = np.arange(len(problem))
    config = ModelConfig("rbf-svm", 0, {"c": 3.0, "gamma": 2.0})
    ours = rbf_svm.fit(problem, every, config, lambda fraction: None)
    theirs = make_pipeline(
        StandardScaler(),
        SVC(C=3.0, gamma=2.0 / 8, class_weight="balanced", break_ties=n_classes > 2),
    ).fit(problem.read_features(every), problem.labels)
    fresh = toy_problem(n_classes, noise=6.0, seed=4)
    inputs = fresh.read_features(np.arange(len(fresh)))
    decisions = ours.decisions(inputs)
    if n_classes == 2:
        assert np.array_equal(decisions.argmax(axis=1), theirs.predict(inputs))
    else:
        assert np.allclose(decisions, theirs.decision_function(inputs), atol=1e-9)
    assert np.array_equal(ours.predict_proba(inputs).argmax(axis=1), theirs.predict(inputs))
    assert ours.decisions(inputs[:0]).shape == (0, n_classes)


def test_a_rocket_refuses_windows_of_another_shape() -> None:
    problem = toy_problem(recordings_per_group=1)
    rocket = minirocket.fit(
        problem,
        np.arange(len(problem)),
        ModelConfig("minirocket", 0, {"n_kernels": 84, "standardise": False}),
        lambda fraction: None,
    )
    with pytest.raises(Invalid, match=r"windows of \(channel, sample\) \(1, 256\)"):
        rocket.predict_proba(np.zeros((1, 1, 100), dtype=np.float32))


def test_a_rocket_hears_several_channels() -> None:
    single = toy_problem(recordings_per_group=1)
    pair = replace(
        single,
        read_windows=lambda indices: np.repeat(single.read_windows(indices), 2, axis=1),
    )
    every = np.arange(len(pair))
    config = ModelConfig("minirocket", 0, {"n_kernels": 336})
    rocket = minirocket.fit(pair, every, config, lambda fraction: None)
    told = rocket.predict_proba(pair.read_windows(every)).argmax(axis=1)
    assert (told == pair.labels).all()


def test_long_fits_can_be_stopped_and_errors_come_through() -> None:
    class Stop(Exception):
        pass

    def stop() -> None:
        raise Stop

    started = time.monotonic()
    with pytest.raises(Stop):
        run_interruptibly(lambda: time.sleep(1.5), stop)
    assert time.monotonic() - started < 1.0
    with pytest.raises(ZeroDivisionError):
        run_interruptibly(lambda: 1 // 0, lambda: None)


def test_the_temperature_fits_how_often_the_decisions_are_right() -> None:
    random = np.random.default_rng(0)
    truth = random.integers(0, 2, 4000)
    said = np.where(random.uniform(size=4000) < 0.8, truth, 1 - truth)
    decisions = np.where(said[:, None] == np.arange(2), 5.0, 0.0)
    temperature = fit_temperature(decisions, truth)
    assert 1.0 / (1.0 + np.exp(-5.0 / temperature)) == pytest.approx(0.8, abs=0.02)
    assert fit_temperature(decisions[:0], truth[:0]) == 1.0


def test_inner_folds_keep_groups_and_classes() -> None:
    problem = toy_problem(lonely_class=True, recordings_per_group=1)
    every = np.arange(len(problem))
    assert inner_folds(problem, every, 3, 0), "some fold still trains on every class"
    for train, test in inner_folds(problem, every, 3, 0):
        assert set(problem.labels[train]) == {0, 1, 2, 3}
        assert not set(problem.groups[train]) & set(problem.groups[test])


def test_subsampling_thins_every_class_alike() -> None:
    chosen = subsample(NOISY, EVERY, 48, 0)
    assert np.bincount(NOISY.labels[chosen]).tolist() == [12, 12, 12, 12]
    assert np.array_equal(subsample(NOISY, EVERY, 1000, 0), EVERY)
