"""Calibration and label errors: closed forms and laws."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from sonde.learning.core.evaluating.calibrating import (
    brier,
    by_isotonic,
    by_temperature,
    cross_fit,
    isotonic,
    log_loss,
    reliability,
)
from sonde.learning.core.evaluating.grouped import draw_groups, group_hands, interval
from sonde.learning.core.evaluating.label_errors import label_errors
from sonde.learning.core.evaluating.scoring import score

VALUES = arrays(np.float64, 20, elements=st.floats(0.0, 1.0, width=16))


def told(n: int, seed: int, sharpness: float = 1.0) -> tuple[np.ndarray, np.ndarray]:
    """Return probabilities that are right as often as they say, made sharper by a power."""
    random = np.random.default_rng(seed)
    honest = random.dirichlet((1.0, 1.0, 1.0), size=n)
    labels = np.array([random.choice(3, p=row) for row in honest])
    sharp = honest**sharpness
    return sharp / sharp.sum(axis=1, keepdims=True), labels


@settings(max_examples=25, deadline=None)
@given(VALUES, VALUES)
def test_acceptance_evaluate_isotonic_regression_never_falls_and_is_the_nearest(
    scores: np.ndarray, targets: np.ndarray
) -> None:
    from sklearn.isotonic import IsotonicRegression

    x, y = isotonic(scores, targets)
    assert (np.diff(y) >= -1e-12).all()
    reference = IsotonicRegression().fit(scores, targets).predict(x)
    assert y == pytest.approx(reference, abs=1e-9)


def test_the_temperature_of_a_model_that_is_too_sure_is_found() -> None:
    sharp, labels = told(6000, 0, sharpness=3.0)
    mend, temperature = by_temperature(sharp, labels)
    assert temperature == pytest.approx(3.0, rel=0.12)
    mended = mend(sharp)
    assert (mended.argmax(axis=1) == sharp.argmax(axis=1)).all()
    assert log_loss(mended, labels) < log_loss(sharp, labels)
    assert reliability(mended, labels).error < 0.03 < reliability(sharp, labels).error
    assert brier(mended, labels) < brier(sharp, labels)


def test_isotonic_mending_is_learned_from_other_groups_only() -> None:
    sharp, labels = told(600, 1, sharpness=3.0)
    groups = np.repeat(np.arange(30), 20).astype(str)
    hands = group_hands(groups, labels, 5)
    mended = cross_fit(sharp, labels, hands, by_isotonic)
    assert mended.sum(axis=1) == pytest.approx(np.ones(600))
    for hand in range(5):
        mine = hands == hand
        others = by_isotonic(sharp[~mine], labels[~mine])(sharp[mine])
        assert (mended[mine] == others).all()
        changed = labels.copy()
        changed[mine] = (changed[mine] + 1) % 3
        assert (cross_fit(sharp, changed, hands, by_isotonic)[mine] == mended[mine]).all()
    assert reliability(mended, labels).error < reliability(sharp, labels).error


@settings(max_examples=30)
@given(st.integers(0, 2**31), st.integers(2, 8))
def test_a_group_is_never_torn(seed: int, n_hands: int) -> None:
    random = np.random.default_rng(seed)
    groups = random.integers(0, 12, 60).astype(str)
    hands = group_hands(groups, random.integers(0, 3, 60), n_hands, seed)
    for name in np.unique(groups):
        assert len(np.unique(hands[groups == name])) == 1


def test_draws_keep_the_number_of_groups_of_each_mix() -> None:
    groups = np.array(["a", "a", "b", "c", "d"])
    labels = np.array([0, 0, 0, 1, 1])
    draws = draw_groups(groups, labels, 50)
    sums = draws.sums(np.array([[1.0, 0.0]] * 3 + [[0.0, 1.0]] * 2))
    assert draws.weights[:, :2].sum(axis=1).tolist() == [2.0] * 50
    assert (sums[:, 1] == 2.0).all()
    assert sums[:, 0].min() >= 2.0
    assert interval(np.array([1.0, np.nan, 1.0])) == (1.0, 1.0)


def test_the_score_is_that_of_an_experiment() -> None:
    from sonde.learning.core.evaluation import FoldPrediction, evaluate
    from tests.unit.learning.toy_problem import toy_problem

    problem = toy_problem()
    random = np.random.default_rng(3)
    probabilities = random.dirichlet((1.0,) * 4, size=len(problem))
    first = np.flatnonzero(problem.groups != "g1-0")
    second = np.flatnonzero(problem.groups == "g1-0")
    parts = [
        FoldPrediction(str(n), one, probabilities[one]) for n, one in enumerate((first, second))
    ]
    own = evaluate(problem, parts, ())
    rows = np.concatenate([first, second])
    found = score(
        problem.labels[rows],
        probabilities[rows].argmax(axis=1),
        np.repeat([0, 1], [len(first), len(second)]),
        4,
        draw_groups(problem.groups[rows], problem.labels[rows], 2000),
    )
    assert found.macro_f1 == pytest.approx(own.macro_f1)
    assert found.macro_f1_interval == pytest.approx((own.interval.low, own.interval.high))
    assert found.accuracy == pytest.approx(own.accuracy)


def test_turned_labels_are_found() -> None:
    random = np.random.default_rng(0)
    truth = random.integers(0, 4, 400)
    probabilities = np.full((400, 4), 0.05)
    probabilities[np.arange(400), truth] = random.uniform(0.7, 0.85, 400)
    probabilities /= probabilities.sum(axis=1, keepdims=True)
    labels = truth.copy()
    turned = random.choice(400, 20, replace=False)
    labels[turned] = (labels[turned] + 1) % 4
    found = label_errors(probabilities, labels)
    assert set(np.flatnonzero(found.is_candidate)) == set(turned)
    assert (found.suggested[turned] == truth[turned]).all()
    assert set(np.argsort(-found.margin)[:20]) == set(turned)
    assert found.joint.sum() == pytest.approx(1.0)
    assert 1.0 - np.trace(found.joint) == pytest.approx(0.05, abs=0.01)


def test_a_class_without_samples_is_no_candidate() -> None:
    found = label_errors(np.array([[0.2, 0.1, 0.7], [0.6, 0.1, 0.3]]), np.array([0, 0]))
    assert not found.is_candidate.any()
    assert found.joint.shape == (3, 3)
