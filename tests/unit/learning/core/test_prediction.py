"""What a deployed model says of a recording: mended, doubted, and never another verdict."""

from dataclasses import replace

import numpy as np
import pytest

from sonde.learning.core.bundle import Bundle
from sonde.learning.core.calibrated import NEVER, OLDER, Calibration, UnitCalibration
from sonde.learning.core.prediction import Prediction, judge, judge_mean
from sonde.learning.core.problem import Upload
from tests.unit.learning.core.test_bundle import FEATURES, PROBLEM, bundle

UNIT = UnitCalibration(40, 2.0, 0.12, 0.03, 0.8, 0.91, 0.6, 0.9, 0.04)
CALIBRATION = Calibration(UNIT, UNIT, 12, "bearing")
UNCALIBRATED = bundle()
CALIBRATED = replace(UNCALIBRATED, card=replace(UNCALIBRATED.card, calibration=CALIBRATION))


def asked(model: Bundle) -> Prediction:
    windows = PROBLEM.read_windows(np.arange(4))
    upload = Upload("machine.npy", windows, FEATURES[:4], {}, {})
    return judge(model, "features", upload, ("id", "Toys"))


def test_an_older_bundle_answers_as_it_did_and_says_that_it_is_uncalibrated() -> None:
    told = asked(UNCALIBRATED)
    raw = UNCALIBRATED.fitted.predict_proba(FEATURES[:4]).mean(axis=0)
    said = {one.name: one.probability for one in told.classes}
    assert [said[name] for name in PROBLEM.class_names] == pytest.approx(raw)
    assert not told.is_calibrated
    assert told.calibration == OLDER
    assert told.prediction_set is None
    assert told.set_words == ""
    assert {one.told for one in told.classes} == {None}


def test_a_calibrated_bundle_tells_mended_probabilities_and_the_same_verdict() -> None:
    raw, told = asked(UNCALIBRATED), asked(CALIBRATED)
    assert told.is_calibrated
    assert told.verdict == raw.verdict
    assert [one.told for one in told.classes] == [one.probability for one in raw.classes]
    assert sum(one.probability for one in told.classes) == pytest.approx(1.0)
    assert told.classes[0].probability < raw.classes[0].probability
    assert "Calibrated on 40 held-out recordings of 12 bearings" in told.calibration
    assert "12.0% as told, 3.0% calibrated" in told.calibration


def test_a_prediction_tells_titles_beside_the_keys() -> None:
    titles = {"healthy": "Healthy", "inner": "Inner race", "outer": "Outer race", "ball": "Ball"}
    certificate = {**CALIBRATED.card.certificate, "class_titles": titles}
    card = replace(CALIBRATED.card, certificate=certificate)
    told, plain = asked(replace(CALIBRATED, card=card)), asked(CALIBRATED)
    assert (told.verdict, told.prediction_set) == (plain.verdict, plain.prediction_set)
    assert (told.verdict_title, plain.verdict_title) == (titles[told.verdict], plain.verdict)
    assert [one.title for one in told.classes] == [titles[one.name] for one in told.classes]
    judged = judge_mean(card, np.array([0.10, 0.45, 0.40, 0.05]), is_unlike_training=False)
    assert judged.prediction_set == ("inner", "outer")
    assert judged.set_words == "one of: Inner race, Outer race"


@pytest.mark.parametrize(
    ("mean", "names", "words", "rejected"),
    [
        ([0.97, 0.01, 0.01, 0.01], ("healthy",), "healthy alone", False),
        ([0.10, 0.45, 0.40, 0.05], ("inner", "outer"), "one of: inner, outer", True),
        ([0.27, 0.24, 0.25, 0.24], None, "any of its 4 classes", True),
    ],
)
def test_the_set_and_the_rejection_in_plain_words(
    mean: list[float], names: tuple[str, ...] | None, words: str, rejected: bool
) -> None:
    judged = judge_mean(CALIBRATED.card, np.array(mean), is_unlike_training=False)
    assert judged.set_words == words
    assert names is None or judged.prediction_set == names
    assert judged.is_rejected is rejected
    if rejected:
        (reason,) = judged.reject_reasons
        assert reason.startswith("It is sure to ")
        assert "It answers from 60.0% on, where 4.0% of its answers about bearings" in reason


def test_what_is_unlike_training_is_rejected_however_sure_the_model_is() -> None:
    sure = np.array([0.97, 0.01, 0.01, 0.01])
    judged = judge_mean(CALIBRATED.card, sure, is_unlike_training=True)
    assert judged.is_rejected
    assert judged.reject_reasons == ("It is unlike anything in training.",)
    assert judged.prediction_set is None
    assert judged.set_words.startswith("No set is promised")
    older = judge_mean(UNCALIBRATED.card, sure, is_unlike_training=True)
    assert older.is_rejected
    assert judge_mean(UNCALIBRATED.card, sure, is_unlike_training=False).is_rejected is None


def test_too_few_recordings_promise_nothing_and_a_guesser_never_answers() -> None:
    sure = np.array([0.97, 0.01, 0.01, 0.01])
    few = replace(UNIT, n=8, set_limit=None, answer_from=None)
    card = replace(UNCALIBRATED.card, calibration=Calibration(UNIT, few, 4, "bearing"))
    judged = judge_mean(card, sure, is_unlike_training=None)
    assert (judged.prediction_set, judged.is_rejected) == (None, None)
    assert "With 8 held-out recordings no set can be promised" in judged.set_words
    never = replace(UNIT, answer_from=NEVER)
    card = replace(card, calibration=Calibration(UNIT, never, 4, "bearing"))
    judged = judge_mean(card, sure, is_unlike_training=False)
    assert judged.is_rejected
    assert "Not even this model's surest answers" in judged.reject_reasons[0]
