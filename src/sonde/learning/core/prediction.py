"""What a model says about one recording, with all that is needed to doubt it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from sonde.learning.core.bundle import Bundle, ModelCard
from sonde.learning.core.calibrated import COVERAGE, MOST_RISK, NEVER, UnitCalibration, set_words
from sonde.learning.core.problem import Upload
from sonde.platform.core.errors import Conflict

_UNLIKE_SET: Final = "No set is promised for a recording that is unlike the training."


@dataclass(frozen=True)
class ClassProbability:
    """One class of a recording.

    Parameters
    ----------
    name : str
    probability : float
        Calibrated where the model carries a calibration; else the mean over windows.
    window_share : float
        Share of the windows told as it.
    told : float, optional
        The mean over windows as the model told it; None where nothing is calibrated.
    title : str
        What people call it.
    """

    name: str
    probability: float
    window_share: float
    told: float | None = None
    title: str = ""


@dataclass(frozen=True)
class Judged:
    """A recording's mean probabilities, mended and doubted by what the model carries.

    Parameters
    ----------
    probabilities : ndarray of float64, shape (class,)
    is_calibrated : bool
    prediction_set : tuple of str, optional
        Classes that hold the true one with a promised chance, most probable first; None where
        nothing is promised.
    set_words : str
        The set in plain words, or why there is none.
    is_rejected : bool, optional
        Whether a person should look instead; None where the model cannot tell.
    reject_reasons : tuple of str
        Sentences.
    """

    probabilities: NDArray[np.float64]
    is_calibrated: bool
    prediction_set: tuple[str, ...] | None
    set_words: str
    is_rejected: bool | None
    reject_reasons: tuple[str, ...]


@dataclass(frozen=True)
class Prediction:
    """What a model says about one recording.

    Parameters
    ----------
    experiment_id, experiment_title : str
    file_name : str
    verdict : str
        The most probable class.
    classes : tuple of ClassProbability
        Most probable first.
    n_windows : int
    is_unlike_training : bool, optional
        None where the model cannot tell.
    novelty, novelty_threshold : float, optional
    assumptions : mapping of str to str
        What was taken as given about the file.
    evidence : mapping
        The domain's verdict from first principles, beside the model's.
    macro_f1 : float
        What the model is worth by its own split.
    is_honest : bool
        Whether that split was honest.
    model_hash : str
    is_calibrated : bool
    calibration : str
        What the calibration rests on, or why there is none; a sentence.
    prediction_set, set_words, is_rejected, reject_reasons
        See `Judged`.
    verdict_title : str
        What people call the verdict.
    """

    experiment_id: str
    experiment_title: str
    file_name: str
    verdict: str
    classes: tuple[ClassProbability, ...]
    n_windows: int
    is_unlike_training: bool | None
    novelty: float | None
    novelty_threshold: float | None
    assumptions: Mapping[str, str]
    evidence: Mapping[str, Any]
    macro_f1: float
    is_honest: bool
    model_hash: str
    is_calibrated: bool = False
    calibration: str = ""
    prediction_set: tuple[str, ...] | None = None
    set_words: str = ""
    is_rejected: bool | None = None
    reject_reasons: tuple[str, ...] = ()
    verdict_title: str = ""


def judge(bundle: Bundle, eats: str, upload: Upload, experiment: tuple[str, str]) -> Prediction:
    """Ask a model about an uploaded recording.

    Parameters
    ----------
    bundle : Bundle
    eats : {"windows", "features"}
    upload : Upload
    experiment : (str, str)
        Id and title of the experiment behind the model.

    Raises
    ------
    Conflict
        If features are made in another way today than when the model was trained.
    """
    card = bundle.card
    _check_recipe(card, upload)
    inputs = upload.windows if eats == "windows" else upload.features
    told = bundle.fitted.predict_proba(inputs)
    mean = told.mean(axis=0)
    novelty = bundle.novelty.score(upload.features) if bundle.novelty else None
    threshold = bundle.novelty.threshold if bundle.novelty else None
    is_unlike = None if novelty is None or threshold is None else novelty > threshold
    judged = judge_mean(card, mean, is_unlike)
    classes = _classes(card, told, judged)
    return Prediction(
        experiment_id=experiment[0],
        experiment_title=experiment[1],
        file_name=upload.name,
        verdict=classes[0].name,
        verdict_title=classes[0].title,
        classes=classes,
        n_windows=len(told),
        is_unlike_training=is_unlike,
        novelty=novelty,
        novelty_threshold=threshold,
        assumptions=dict(upload.assumptions),
        evidence=dict(upload.evidence),
        macro_f1=card.macro_f1,
        is_honest=not card.certificate.get("leaks"),
        model_hash=card.model_hash,
        is_calibrated=judged.is_calibrated,
        calibration=card.calibration_words,
        prediction_set=judged.prediction_set,
        set_words=judged.set_words,
        is_rejected=judged.is_rejected,
        reject_reasons=judged.reject_reasons,
    )


def _check_recipe(card: ModelCard, upload: Upload) -> None:
    if upload.features.shape[1:] != (len(card.feature_names),):
        raise Conflict(
            f"This model was trained with the feature recipe {card.feature_recipe}, which is not "
            "made any more. Train it again.",
            recipe=card.feature_recipe,
        )


def judge_mean(
    card: ModelCard, mean: NDArray[np.float64], is_unlike_training: bool | None
) -> Judged:
    """Mend and doubt the mean probabilities of a recording; the verdict stays what it was.

    Parameters
    ----------
    card : ModelCard
    mean : ndarray of float64, shape (class,)
        Over the recording's windows, as the model told them.
    is_unlike_training : bool, optional
        What novelty says.
    """
    unlike = ("It is unlike anything in training.",) if is_unlike_training else ()
    if card.calibration is None:
        return Judged(mean, False, None, "", True if unlike else None, unlike)
    unit = card.calibration.recordings
    mended = unit.mend(mean[None])
    names, words = (None, _UNLIKE_SET) if unlike else _set(card, unit, mended)
    doubtful = unit.rejects(mended)
    noun = card.calibration.group_noun
    doubts = (_doubt(unit, mended, noun),) if doubtful is not None and doubtful[0] else ()
    known = doubtful is not None or is_unlike_training is not None
    return Judged(
        probabilities=mended[0],
        is_calibrated=True,
        prediction_set=names,
        set_words=words,
        is_rejected=bool(unlike or doubts) if known else None,
        reject_reasons=unlike + doubts,
    )


def _set(
    card: ModelCard, unit: UnitCalibration, mended: NDArray[np.float64]
) -> tuple[tuple[str, ...] | None, str]:
    if unit.set_limit is None:
        return None, (
            f"With {unit.n} held-out recordings no set can be promised to hold the true class in "
            f"{COVERAGE:.0%} of the cases."
        )
    inside = unit.sets(mended)[0]
    order = np.argsort(-mended[0], kind="stable")
    names = tuple(card.class_names[label] for label in order if inside[label])
    return names, set_words([card.title_of(name) for name in names], len(card.class_names))


def _doubt(unit: UnitCalibration, mended: NDArray[np.float64], noun: str) -> str:
    if unit.answer_from == NEVER:
        return (
            f"Not even this model's surest answers were right in {1 - MOST_RISK:.0%} of the "
            "held-out recordings."
        )
    return (
        f"It is sure to {mended.max():.1%} only. It answers from {unit.answer_from:.1%} on, where "
        f"{unit.risk:.1%} of its answers about {noun}s that had no part in that were wrong."
    )


def _classes(
    card: ModelCard, told: NDArray[np.float64], judged: Judged
) -> tuple[ClassProbability, ...]:
    """Return the classes, the most probable as told first."""
    mean, votes = told.mean(axis=0), told.argmax(axis=1)
    return tuple(
        ClassProbability(
            card.class_names[label],
            float(judged.probabilities[label]),
            float((votes == label).mean()),
            float(mean[label]) if judged.is_calibrated else None,
            card.title_of(card.class_names[label]),
        )
        for label in np.argsort(-mean, kind="stable")
    )
