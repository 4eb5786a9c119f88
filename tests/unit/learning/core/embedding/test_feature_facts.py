"""What features tell: known shares, known correlations, known losses."""

import numpy as np
import pytest
from scipy.stats import spearmanr

from sonde.learning.core.embedding.feature_facts import (
    alike_together,
    lost_by_shuffling,
    rank_correlation,
    variance_shares,
)


def test_acceptance_embeddings_shares_tell_the_class_from_the_group() -> None:
    random = np.random.default_rng(0)
    labels = np.repeat([0, 1], 60)
    groups = np.array([f"g{number}" for number in np.repeat(np.arange(12), 10)])
    own = np.repeat(random.normal(size=12), 10)
    values = np.stack([labels + 0.01 * random.normal(size=120), own, np.full(120, 3.0)], axis=1)
    between_classes, between_groups = variance_shares(values, labels, groups)
    assert between_classes[0] == pytest.approx(0.75, abs=0.01)  # two blocks of ranks
    assert between_groups[1] > 0.6
    assert between_classes[2] == between_groups[2] == 0.0
    assert (between_classes + between_groups <= 1.0 + 1e-12).all()
    bent = variance_shares(np.exp(values), labels, groups)
    assert bent[0] == pytest.approx(between_classes)


def test_acceptance_embeddings_correlation_is_spearmans() -> None:
    values = np.random.default_rng(1).normal(size=(40, 4))
    values[:, 3] = -np.exp(values[:, 0])
    found = rank_correlation(values)
    assert found == pytest.approx(spearmanr(values).statistic)
    assert found[0, 3] == -1.0
    order = alike_together(found).tolist()
    assert abs(order.index(0) - order.index(3)) == 1
    assert rank_correlation(np.ones((5, 2))).tolist() == [[1.0, 0.0], [0.0, 1.0]]


def test_acceptance_embeddings_only_what_a_model_uses_is_missed() -> None:
    random = np.random.default_rng(2)
    labels = random.integers(0, 2, 200)
    features = np.stack([labels.astype(float), random.normal(size=200)], axis=1)
    shuffles = np.stack([random.permutation(200) for _ in range(20)])

    def told_of(asked: np.ndarray) -> np.ndarray:
        return (asked[:, 0] > 0.5).astype(int)

    used, unused = (lost_by_shuffling(told_of, features, labels, at, shuffles) for at in (0, 1))
    assert used.mean() == pytest.approx(0.5, abs=0.05)
    assert not unused.any()
