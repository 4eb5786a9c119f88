"""Samples worth a look: of every class the surest, the most doubtful, the worst mistake."""

import numpy as np

from sonde.learning.core.embedding.examples import examples
from sonde.learning.core.held_out import HeldOut


def test_the_surest_the_most_doubtful_and_the_worst_of_every_class() -> None:
    labels = np.array([0, 0, 0, 0, 1])
    probabilities = np.array([[0.9, 0.1], [0.6, 0.4], [0.2, 0.8], [0.4, 0.6], [0.3, 0.7]])
    table = HeldOut(
        class_names=("healthy", "inner"),
        fold_names=("1",),
        group_noun="bearing",
        data_hash="",
        samples=np.array([10, 11, 12, 13, 14]),
        folds=np.zeros(5, dtype=np.int64),
        labels=labels,
        probabilities=probabilities,
        recordings=np.array(["a", "b", "c", "d", "e"]),
        groups=np.array(["a", "b", "c", "d", "e"]),
        spans=np.zeros((5, 2), dtype=np.int64),
        attributes={},
    )
    found = [(one.sample, one.class_name, one.words) for one in examples(table)]
    assert found == [
        (10, "healthy", "surest right, 90% · a"),
        (11, "healthy", "least sure right, 60% · b"),
        (12, "healthy", "told inner, 80% · c"),
        (14, "inner", "surest right, 70% · e"),
    ]
