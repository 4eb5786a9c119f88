"""Prediction sets: the promise, the published scores, the damage of torn groups."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sonde.learning.core.evaluating.conformal import (
    METHODS,
    SetConfig,
    prediction_sets,
    scores,
    threshold,
)
from sonde.learning.core.evaluating.grouped import group_hands


def told(n: int, seed: int) -> tuple[np.ndarray, np.ndarray]:
    random = np.random.default_rng(seed)
    honest = random.dirichlet((0.6,) * 4, size=n)
    labels = (honest.cumsum(axis=1) > random.uniform(size=(n, 1))).argmax(axis=1)
    noisy = honest**1.5 + 0.02
    return noisy / noisy.sum(axis=1, keepdims=True), labels


@settings(max_examples=20, deadline=None)
@given(st.sampled_from(METHODS), st.sampled_from([0.05, 0.1, 0.2]), st.integers(0, 10**6))
def test_acceptance_evaluate_sets_cover_as_promised_on_exchangeable_samples(
    method: str, alpha: float, seed: int
) -> None:
    probabilities, labels = told(4000, seed)
    hands = np.random.default_rng(seed + 1).integers(0, 5, 4000)
    sets, _ = prediction_sets(probabilities, labels, hands, SetConfig(method, alpha, seed=seed))
    covered = sets[np.arange(4000), labels].mean()
    assert covered >= 1.0 - alpha - 0.025
    assert sets.any(axis=1).all()


def test_the_scores_are_those_published() -> None:
    row = np.array([[0.1, 0.6, 0.3]])
    assert scores(row, SetConfig("lac")) == pytest.approx(np.array([[0.9, 0.4, 0.7]]))
    tie = np.random.default_rng(7).uniform(size=(1, 1))[0, 0]
    aps = scores(row, SetConfig("aps", seed=7))
    assert aps == pytest.approx(np.array([[1.0 - 0.1 * tie, 0.6 - 0.6 * tie, 0.9 - 0.3 * tie]]))
    raps = scores(row, SetConfig("raps", penalty=0.5, free=1, seed=7))
    assert raps - aps == pytest.approx(np.array([[1.0, 0.0, 0.5]]))


@given(st.integers(1, 200), st.floats(0.01, 0.5))
def test_a_threshold_lets_enough_of_its_own_samples_in(n: int, alpha: float) -> None:
    values = np.arange(n, dtype=float)
    found = threshold(values, alpha)
    assert (values <= found).mean() >= 1.0 - alpha - 1e-9


def test_smaller_risk_gives_larger_sets_that_hold_the_smaller_ones() -> None:
    probabilities, labels = told(600, 2)
    hands = np.arange(600) % 5
    narrow, _ = prediction_sets(probabilities, labels, hands, SetConfig(alpha=0.3))
    wide, _ = prediction_sets(probabilities, labels, hands, SetConfig(alpha=0.05))
    assert (wide | ~narrow).all()
    assert wide.sum() > narrow.sum()


def test_calibrating_on_the_same_group_promises_too_much() -> None:
    by_sample, by_group = [], []
    for seed in range(12):
        random = np.random.default_rng(seed)
        groups = np.repeat(np.arange(8), 50)
        labels = (groups % 4).astype(np.intp)
        logits = random.normal(size=(400, 4)) * 0.3
        logits[np.arange(400), labels] += random.uniform(-1.5, 3.0, 8)[groups]
        told_ = np.exp(logits) / np.exp(logits).sum(axis=1, keepdims=True)
        for hands, found in (
            (np.arange(400) % 5, by_sample),
            (group_hands(groups.astype(str), labels, 5), by_group),
        ):
            sets, _ = prediction_sets(told_, labels, hands, SetConfig(alpha=0.2))
            found.append(sets[np.arange(400), labels].mean())
    assert np.mean(by_sample) == pytest.approx(0.8, abs=0.02)
    assert np.mean(by_group) < np.mean(by_sample) - 0.02


def test_too_few_samples_promise_nothing_but_everything() -> None:
    probabilities, labels = told(6, 0)
    sets, found = prediction_sets(probabilities, labels, np.arange(6) % 2, SetConfig(alpha=0.1))
    assert np.isinf(found).all()
    assert sets.all()
