"""What a model says about one recording, with all that is needed to doubt it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sonde.learning.core.bundle import Bundle
from sonde.learning.core.problem import Upload
from sonde.platform.core.errors import Conflict


@dataclass(frozen=True)
class ClassProbability:
    """One class: its probability (mean over windows) and the share of windows told as it."""

    name: str
    probability: float
    window_share: float


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


def judge(bundle: Bundle, eats: str, upload: Upload, experiment: tuple[str, str]) -> Prediction:
    """Ask a model about an uploaded recording.

    Parameters
    ----------
    bundle : Bundle
    eats : {"windows", "features"}
    upload : Upload
    experiment : (str, str)
        Id and title of the experiment behind the model.

    Returns
    -------
    Prediction

    Raises
    ------
    Conflict
        If features are made in another way today than when the model was trained.
    """
    card = bundle.card
    if upload.features.shape[1:] != (len(card.feature_names),):
        raise Conflict(
            f"This model was trained with the feature recipe {card.feature_recipe}, which is not "
            "made any more. Train it again.",
            recipe=card.feature_recipe,
        )
    inputs = upload.windows if eats == "windows" else upload.features
    told = bundle.fitted.predict_proba(inputs)
    mean, votes = told.mean(axis=0), told.argmax(axis=1)
    classes = sorted(
        (
            ClassProbability(name, float(mean[label]), float((votes == label).mean()))
            for label, name in enumerate(card.class_names)
        ),
        key=lambda row: -row.probability,
    )
    novelty = bundle.novelty.score(upload.features) if bundle.novelty else None
    threshold = bundle.novelty.threshold if bundle.novelty else None
    return Prediction(
        experiment_id=experiment[0],
        experiment_title=experiment[1],
        file_name=upload.name,
        verdict=classes[0].name,
        classes=tuple(classes),
        n_windows=len(told),
        is_unlike_training=None if novelty is None or threshold is None else novelty > threshold,
        novelty=novelty,
        novelty_threshold=threshold,
        assumptions=dict(upload.assumptions),
        evidence=dict(upload.evidence),
        macro_f1=card.macro_f1,
        is_honest=not card.certificate.get("leaks"),
        model_hash=card.model_hash,
    )
