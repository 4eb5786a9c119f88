"""Results survive the way through JSON."""

import json

import numpy as np

from sonde.learning.core.certificate import certify
from sonde.learning.core.evaluation import FoldPrediction, evaluate
from sonde.learning.core.novelty import measure_unseen
from sonde.learning.core.result import (
    ExperimentResult,
    LeakyScore,
    NoveltyReport,
    from_json,
    to_json,
)
from sonde.learning.core.splits.catalogue import plan_folds
from sonde.learning.core.splits.policy import SplitConfig
from tests.unit.learning.toy_problem import toy_problem


def toy_result() -> ExperimentResult:
    """Return the result of a model that is always right."""
    problem = toy_problem(lonely_class=True, recordings_per_group=3)
    config = SplitConfig("random-windows")
    folds = plan_folds(problem, config)
    predictions = [
        FoldPrediction(fold.name, fold.test, np.eye(4)[problem.labels[fold.test]]) for fold in folds
    ]
    features = problem.read_features(np.arange(len(problem)))
    return ExperimentResult(
        evaluation=evaluate(problem, predictions, problem.class_names),
        certificate=certify(problem, folds, config),
        leaky=LeakyScore(1.0, 1.0, "Random windows", "Too good."),
        novelty=NoveltyReport(1.5, measure_unseen(problem, features, lambda fraction: None)),
        class_counts=(("healthy", 12, 1),),
        feature_recipe="toy-bands 1",
        n_features=8,
        window_shape=(1, 256),
        sampling_rate_hz=256.0,
        unit="unknown",
        data_hash="toy",
        model_hash="abc",
        model_bytes=12,
        train_seconds=0.5,
        versions=(("numpy", "2"),),
    )


def test_a_result_survives_json() -> None:
    result = toy_result()
    document = json.loads(json.dumps(to_json(result)))
    assert from_json(document) == result
    assert not from_json(document).certificate.is_honest
