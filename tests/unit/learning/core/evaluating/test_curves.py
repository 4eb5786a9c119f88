"""Curves over every threshold: closed forms, published values, laws."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from sonde.learning.core.evaluating.curves import (
    area_under_roc,
    average_precision,
    class_curves,
    count_thresholds,
    precision_recall,
    roc,
)
from sonde.learning.core.evaluating.pareto import pareto_front
from sonde.learning.core.evaluating.rejecting import (
    answered_by_others,
    risk_coverage,
    risk_over_coverage,
)
from sonde.learning.core.novelty import auroc

SCORES = arrays(np.float64, 24, elements=st.sampled_from(np.linspace(0.0, 1.0, 9).tolist()))
SIDES = arrays(np.bool_, 24).filter(lambda sides: sides.any() and not sides.all())


@settings(max_examples=60, deadline=None)
@given(SIDES, SCORES)
def test_acceptance_evaluate_the_area_is_the_rank_statistic(
    is_positive: np.ndarray, scores: np.ndarray
) -> None:
    area = area_under_roc(count_thresholds(is_positive, scores))
    assert area == pytest.approx(auroc(scores[~is_positive], scores[is_positive]))


@settings(max_examples=25, deadline=None)
@given(SIDES, SCORES)
def test_areas_are_those_of_the_reference(is_positive: np.ndarray, scores: np.ndarray) -> None:
    from sklearn.metrics import average_precision_score, roc_auc_score

    counts = count_thresholds(is_positive, scores)
    assert area_under_roc(counts) == pytest.approx(roc_auc_score(is_positive, scores))
    assert average_precision(counts) == pytest.approx(average_precision_score(is_positive, scores))


@settings(max_examples=40, deadline=None)
@given(SIDES, SCORES)
def test_turning_the_order_round_turns_the_area_round(
    is_positive: np.ndarray, scores: np.ndarray
) -> None:
    area = area_under_roc(count_thresholds(is_positive, scores))
    turned = area_under_roc(count_thresholds(is_positive, -scores))
    stretched = area_under_roc(count_thresholds(is_positive, np.exp(3.0 * scores)))
    assert turned == pytest.approx(1.0 - area)
    assert stretched == pytest.approx(area)


@settings(max_examples=40, deadline=None)
@given(SIDES, SCORES, arrays(np.int64, 24, elements=st.integers(0, 3)))
def test_a_weight_counts_a_sample_so_often(
    is_positive: np.ndarray, scores: np.ndarray, weights: np.ndarray
) -> None:
    place = np.repeat(np.arange(24), weights)
    if not is_positive[place].any() or is_positive[place].all():
        return
    weighted = count_thresholds(is_positive, scores, weights.astype(float))
    repeated = count_thresholds(is_positive[place], scores[place])
    assert area_under_roc(weighted) == pytest.approx(area_under_roc(repeated))
    assert average_precision(weighted) == pytest.approx(average_precision(repeated))


def test_curves_rise_from_corner_to_corner() -> None:
    counts = count_thresholds(np.array([True, False, True]), np.array([0.9, 0.5, 0.1]))
    x, y = roc(counts)
    assert x.tolist() == [0.0, 0.0, 1.0, 1.0]
    assert y.tolist() == [0.0, 0.5, 0.5, 1.0]
    recall, precision = precision_recall(counts)
    assert recall.tolist() == [0.5, 0.5, 1.0]
    assert precision == pytest.approx([1.0, 0.5, 2 / 3])


def test_bands_hold_the_curve_and_are_wider_over_groups_than_over_samples() -> None:
    random = np.random.default_rng(0)
    groups = np.repeat(np.arange(12), 20)
    is_positive = groups % 2 == 0
    scores = is_positive + random.normal(size=12)[groups] + 0.2 * random.normal(size=240)
    over_groups = class_curves(is_positive, scores, groups.astype(str), 200)
    over_samples = class_curves(is_positive, scores, np.arange(240).astype(str), 200)
    assert over_groups is not None
    assert over_samples is not None
    assert over_groups.auc == over_samples.auc
    assert over_groups.auc_interval is not None
    assert over_samples.auc_interval is not None
    wide, narrow = (
        high - low for low, high in (over_groups.auc_interval, over_samples.auc_interval)
    )
    assert wide > 2.0 * narrow
    assert (over_groups.hit_low <= over_groups.hit_high + 1e-12).all()
    assert over_groups.hit_rate[-1] == 1.0
    assert (np.diff(over_groups.precision) <= 1e-12).all()


def test_one_side_alone_has_no_curve() -> None:
    assert class_curves(np.ones(3, bool), np.arange(3.0), np.array(["a", "b", "c"])) is None


@given(arrays(np.float64, (9, 3), elements=st.sampled_from([0.0, 1.0, 2.0, 3.0])))
def test_everything_off_the_front_is_beaten_by_something_on_it(costs: np.ndarray) -> None:
    front = pareto_front(costs)
    assert front.any()
    for thing in np.flatnonzero(~front):
        no_worse = (costs[front] <= costs[thing]).all(axis=1)
        assert (no_worse & (costs[front] < costs[thing]).any(axis=1)).any()


@given(arrays(np.bool_, 24), SCORES)
def test_risk_at_full_coverage_is_the_error_rate(wrong: np.ndarray, doubt: np.ndarray) -> None:
    curve = risk_coverage(wrong, doubt)
    assert curve.risk[-1] == pytest.approx(wrong.mean())
    assert curve.best_area <= curve.area + 1e-12
    on_grid = risk_over_coverage(wrong, doubt, curve.coverage, np.ones(24))
    assert on_grid == pytest.approx(curve.risk)


def test_a_perfect_doubt_answers_everything_that_is_right() -> None:
    wrong = np.array([False, True, False, True, False])
    curve = risk_coverage(wrong, wrong.astype(float))
    assert curve.area == pytest.approx(curve.best_area)


def test_a_limit_of_doubt_is_never_judged_on_the_group_that_taught_it() -> None:
    random = np.random.default_rng(0)
    hands = np.repeat(np.arange(4), 50)
    doubt = random.uniform(size=200)
    wrong = random.uniform(size=200) < doubt
    answered = answered_by_others(wrong, doubt, hands, 0.2)
    for hand in range(4):
        mine = hands == hand
        turned = np.where(mine, ~wrong, wrong)
        assert (answered_by_others(turned, doubt, hands, 0.2)[mine] == answered[mine]).all()
    assert 0.05 < answered.mean() < 0.8
    assert not answered_by_others(wrong, doubt, np.zeros(200, dtype=np.intp), 0.2).any()
