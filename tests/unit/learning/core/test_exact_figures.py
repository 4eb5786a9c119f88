"""Our figures beside those of scikit-learn, and beside their definitions, on random cases."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sonde.learning.core.comparison.holm import holm
from sonde.learning.core.evaluating.calibrating import brier, isotonic, log_loss, reliability
from sonde.learning.core.evaluating.curves import (
    area_under_roc,
    average_precision,
    count_thresholds,
)
from sonde.learning.core.evaluation import confusion_matrix, f1_scores, macro_f1

SEEDS = st.integers(0, 10_000)


def told(seed: int, n: int = 60, classes: int = 4) -> tuple[np.ndarray, np.ndarray]:
    random = np.random.default_rng(seed)
    probabilities = random.dirichlet(np.ones(classes), n).round(1 if seed % 2 else 6)
    probabilities = np.maximum(probabilities, 1e-3)
    return probabilities / probabilities.sum(axis=1, keepdims=True), random.integers(0, classes, n)


@settings(max_examples=40)
@given(seed=SEEDS)
def test_areas_under_both_curves_are_those_of_scikit_learn(seed: int) -> None:
    from sklearn.metrics import average_precision_score, roc_auc_score

    probabilities, labels = told(seed)
    for label in np.unique(labels):
        positive, scores = labels == label, probabilities[:, label]
        if positive.all():
            continue
        weights = np.random.default_rng(seed).integers(1, 4, len(labels)).astype(float)
        for heavy in (None, weights):
            counts = count_thresholds(positive, scores, heavy)
            roc = roc_auc_score(positive, scores, sample_weight=heavy)
            ap = average_precision_score(positive, scores, sample_weight=heavy)
            assert area_under_roc(counts) == pytest.approx(roc, abs=1e-12)
            assert average_precision(counts) == pytest.approx(ap, abs=1e-12)


@settings(max_examples=40)
@given(seed=SEEDS, classes=st.integers(2, 5))
def test_macro_f1_is_that_of_scikit_learn_over_the_classes_that_were_tested(seed, classes) -> None:
    from sklearn.metrics import f1_score

    random = np.random.default_rng(seed)
    labels = random.integers(0, max(1, classes - 1), 40).astype(np.intp)  # the last one is absent
    answers = random.integers(0, classes, 40).astype(np.intp)
    tested = np.unique(labels)
    matrix = confusion_matrix(labels, answers, classes)
    each = f1_score(labels, answers, labels=tested, average=None, zero_division=0.0)
    assert f1_scores(matrix)[tested] == pytest.approx(each)
    assert float(macro_f1(matrix)) == pytest.approx(each.mean())


@settings(max_examples=40)
@given(seed=SEEDS)
def test_losses_and_calibration_error_are_those_by_definition(seed: int) -> None:
    from sklearn.metrics import log_loss as their_log_loss

    probabilities, labels = told(seed)
    theirs = their_log_loss(labels, probabilities, labels=range(4))
    assert log_loss(probabilities, labels) == pytest.approx(theirs, rel=1e-9)
    truth = np.eye(4)[labels]
    assert brier(probabilities, labels) == pytest.approx(((probabilities - truth) ** 2).sum() / 60)
    most, right = probabilities.max(axis=1), probabilities.argmax(axis=1) == labels
    error = 0.0
    for low in np.arange(10) / 10:
        mine = (most > low + 1e-12) & (most <= low + 0.1 + 1e-12)
        if mine.any():
            error += mine.mean() * abs(right[mine].mean() - most[mine].mean())
    assert reliability(probabilities, labels).error == pytest.approx(error, abs=1e-9)


@settings(max_examples=40)
@given(seed=SEEDS)
def test_isotonic_is_that_of_scikit_learn(seed: int) -> None:
    from sklearn.isotonic import IsotonicRegression

    random = np.random.default_rng(seed)
    scores = random.uniform(size=50).round(1 if seed % 2 else 6)
    targets = (random.uniform(size=50) < scores).astype(float)
    x, y = isotonic(scores, targets)
    theirs = IsotonicRegression().fit(scores, targets)
    assert y == pytest.approx(theirs.predict(x), abs=1e-9)


@settings(max_examples=40)
@given(p_values=st.lists(st.floats(0.0, 1.0), min_size=1, max_size=20))
def test_holm_rejects_what_its_step_down_rule_rejects(p_values: list[float]) -> None:
    adjusted = holm(p_values)
    order = np.argsort(p_values, kind="stable")
    rejected = set()
    for rank, place in enumerate(order):
        if p_values[place] * (len(p_values) - rank) > 0.05:
            break
        rejected.add(int(place))
    assert {place for place, p in enumerate(adjusted) if p <= 0.05} == rejected
