"""What the terminal says about results and predictions."""

import json
from dataclasses import replace
from datetime import UTC, datetime

from sonde.learning.api.report import as_json, prediction_text, result_text
from sonde.learning.core.experiments import Experiment, ExperimentSummary
from sonde.learning.core.fitting.specification import ModelConfig
from sonde.learning.core.prediction import ClassProbability, Prediction
from sonde.learning.core.splits.policy import SplitConfig
from sonde.platform.core.jobs import JobState
from tests.unit.learning.core.test_result import toy_result


def toy_experiment() -> Experiment:
    """Return a finished experiment."""
    moment = datetime(2026, 1, 1, tzinfo=UTC)
    result = toy_result()
    summary = ExperimentSummary(
        id="01ARZ3NDEKTSV4RRFFQ69G5FAV",
        title="Forest",
        source="tones",
        ref="tones",
        ref_title="Tones",
        model="random-forest",
        model_title="Random forest",
        policy=result.certificate.policy,
        policy_title=result.certificate.policy_title,
        split_detail="",
        seed=0,
        owner_id="u",
        created_at=moment,
        finished_at=moment,
        job_id="j",
        state=JobState.SUCCEEDED,
        phase="",
        fraction=1.0,
        error="",
        macro_f1=1.0,
        interval_low=1.0,
        interval_high=1.0,
        is_honest=False,
        leaky_macro_f1=1.0,
        n_groups=10,
    )
    return Experiment(summary, ModelConfig("random-forest"), SplitConfig(""), {}, result)


TOLD = Prediction(
    experiment_id="e",
    experiment_title="Forest",
    file_name="105.mat",
    verdict="inner",
    classes=(ClassProbability("inner", 0.875, 1.0), ClassProbability("healthy", 0.125, 0.0)),
    n_windows=8,
    is_unlike_training=True,
    novelty=3.0,
    novelty_threshold=2.0,
    assumptions={"unit": "unknown"},
    evidence={"verdict": "inner", "strength": 12.5, "lines": [1, 2]},
    macro_f1=0.8,
    is_honest=True,
    model_hash="abc",
)


def test_a_result_names_score_split_and_leak() -> None:
    text = result_text(toy_experiment())
    assert "Macro-F1 1.000  LEAKY" in text
    assert "bearings" in text
    assert "not to be believed" in text
    assert "Novelty  AUROC" in text
    assert "healthy" in text
    assert result_text(replace(toy_experiment(), result=None)) == ""


def test_classes_divided_by_record_score_beside() -> None:
    whole = toy_experiment()
    assert whole.result is not None
    evaluation = replace(whole.result.evaluation, named_classes=("inner", "outer"))
    text = result_text(replace(whole, result=replace(whole.result, evaluation=evaluation)))
    assert "over inner, outer" in text


def test_a_prediction_names_doubts_first() -> None:
    text = prediction_text(TOLD)
    assert text.splitlines()[1].startswith("Unlike anything in training")
    assert "inner           87.5%" in text
    assert "Physics  verdict inner, strength 12.5" in text
    assert "Assumed  unit: unknown" in text
    assert "Possible" not in text
    sure = replace(
        TOLD,
        is_calibrated=True,
        calibration="Calibrated on 40 held-out recordings.",
        prediction_set=("inner", "ball"),
        set_words="one of: inner, ball",
        is_rejected=True,
        reject_reasons=("It is unlike anything in training.", "It is sure to 50.0% only."),
    )
    calibrated = prediction_text(sure)
    assert "Possible one of: inner, ball (90% of such sets are right)" in calibrated
    assert "Have a person look: It is sure to 50.0% only.\n" in calibrated
    assert "Sureness Calibrated on 40 held-out recordings." in calibrated
    older = prediction_text(replace(TOLD, calibration="It is older."))
    assert "Sureness Uncalibrated. It is older." in older
    known = prediction_text(replace(TOLD, is_unlike_training=False, evidence={}))
    assert "Unlike" not in known
    assert "Physics" not in known


def test_both_come_as_one_json_object() -> None:
    assert json.loads(as_json(TOLD))["classes"][0]["name"] == "inner"
    assert json.loads(as_json(toy_experiment()))["summary"]["state"] == "succeeded"
