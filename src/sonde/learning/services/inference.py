"""Inference: registered models answer about files and arrays, and what they said is noted."""

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, cast

import numpy as np
from numpy.typing import NDArray

from sonde.learning.core.bundle import Bundle, load
from sonde.learning.core.model_inputs import InputSpecification, input_hash, input_of
from sonde.learning.core.prediction import Prediction, judge
from sonde.learning.core.problem import Upload
from sonde.learning.core.registry import ModelVersion
from sonde.learning.core.served import Answered, Way
from sonde.learning.core.sources import ProblemSource, accept_answers
from sonde.learning.services import prediction_log, registry
from sonde.platform.core.actor import Actor
from sonde.platform.core.errors import Conflict
from sonde.platform.services.work import ports

_MODELS_IN_MEMORY = 8
_BATCH = 64


@dataclass(frozen=True)
class ToldSamples:
    """What a model says about each sample of an array.

    Parameters
    ----------
    raw, probabilities : ndarray of float64, shape (sample, class)
        As the model told them, and calibrated; the same where it carries no calibration.
    sets : ndarray of bool, shape (sample, class), optional
        Which classes are in the prediction set; None without a calibration.
    rejected : ndarray of bool, shape (sample,), optional
        Which samples are too doubtful to be answered; None where nobody knows.
    """

    raw: NDArray[np.float64]
    probabilities: NDArray[np.float64]
    sets: NDArray[np.bool_] | None
    rejected: NDArray[np.bool_] | None


@dataclass(frozen=True)
class Serving:
    """A version of a registered model, ready to be asked outside of any unit of work.

    Parameters
    ----------
    model_id : str
    version : ModelVersion
    bundle : Bundle
    source : ProblemSource
        Reads recordings the way the training data was read.
    """

    model_id: str
    version: ModelVersion
    bundle: Bundle
    source: ProblemSource

    @property
    def takes(self) -> InputSpecification:
        """What the model takes from programs."""
        return input_of(self.bundle.card, self.version.eats)

    @property
    def is_calibrated(self) -> bool:
        """Whether it carries a calibration."""
        return self.bundle.card.calibration is not None


def open_version(actor: Actor, name: str, wanted: str = "") -> Serving:
    """Return a version, by number, alias, ``latest`` or as it answers; raises NotFound."""
    found = registry.find_model(actor, name)
    chosen = registry.version(actor, name, wanted)
    row = registry.version_row(actor, chosen)
    bundle = _loaded(ports().files.local_path(row.bundle_key), row.model_hash)
    source = cast(ProblemSource, ports().parts.problem_source(bundle.card.source))
    return Serving(found.id, chosen, bundle, source)


def ask_file(
    serving: Serving, path: Path, name: str, given: Mapping[str, Any]
) -> tuple[Prediction, Answered]:
    """Return what a model says about an untrusted file; opens no unit of work.

    Raises Unreadable or Invalid with what is wrong or missing in the file.
    """
    started = time.perf_counter()
    answers = accept_answers(serving.source.asks, given)
    upload = serving.source.read_upload(path, name, serving.bundle.card.source_options, answers)
    told = tell(serving, upload)
    inputs = upload.windows if serving.version.eats == "windows" else upload.features
    return told, Answered(
        name=name,
        input_hash=input_hash(inputs),
        n_samples=told.n_windows,
        verdict=told.verdict,
        probabilities={one.name: one.probability for one in told.classes},
        is_unlike_training=told.is_unlike_training,
        latency_ms=1000.0 * (time.perf_counter() - started),
    )


def tell(serving: Serving, upload: Upload) -> Prediction:
    """Return what a model says about samples that were cut as those of its training.

    Raises Conflict if features are made in another way today than when the model was trained.
    """
    version = serving.version
    lineage = version.lineage
    titled = (lineage.experiment_id, f"{version.model_name} version {version.number}")
    return judge(serving.bundle, version.eats, upload, titled)


def ask_array(
    serving: Serving, array: NDArray[Any], name: str = ""
) -> tuple[ToldSamples, Answered]:
    """Return what is said of each sample of an array that was accepted; opens no unit of work.

    Raises Conflict if a recording was sent to a model that takes something else.
    """
    started = time.perf_counter()
    if array.shape[1:] != serving.takes.shape:
        raise Conflict(f"This model takes {serving.takes.name}.", takes=serving.takes.name)
    told = np.concatenate(
        [
            serving.bundle.fitted.predict_proba(array[start : start + _BATCH])
            for start in range(0, len(array), _BATCH)
        ]
    )
    names, mean = serving.bundle.card.class_names, told.mean(axis=0)
    samples, noted = _mended(serving, told), _mended(serving, mean[None]).probabilities[0]
    return samples, Answered(
        name=name,
        input_hash=input_hash(array),
        n_samples=len(array),
        verdict=names[int(mean.argmax())],
        probabilities=dict(zip(names, noted.tolist(), strict=True)),
        is_unlike_training=_is_unlike(serving, array),
        latency_ms=1000.0 * (time.perf_counter() - started),
    )


def _mended(serving: Serving, told: NDArray[np.float64]) -> ToldSamples:
    """Mend and doubt samples, each of them a window."""
    calibration = serving.bundle.card.calibration
    if calibration is None:
        return ToldSamples(told, told, None, None)
    unit = calibration.windows
    mended = unit.mend(told)
    return ToldSamples(told, mended, unit.sets(mended), unit.rejects(mended))


def note(actor: Actor, serving: Serving, way: Way, answered: Sequence[Answered]) -> None:
    """Note what a model said, within the log's bounds."""
    prediction_log.note(actor, serving.model_id, serving.version.number, way, answered)


def _is_unlike(serving: Serving, array: NDArray[Any]) -> bool | None:
    """Say whether features are unlike those of the training; windows alone do not tell."""
    scorer = serving.bundle.novelty
    if scorer is None or serving.version.eats != "features":
        return None
    return bool(scorer.score(array) > scorer.threshold)


@lru_cache(maxsize=_MODELS_IN_MEMORY)
def _loaded(path: Path, model_hash: str) -> Bundle:
    """Return a model from its file, kept in this process while it is among the last asked."""
    bundle = load(path.read_bytes())
    if bundle.card.model_hash != model_hash:
        raise Conflict("The stored file is not the model that was registered.")
    return bundle
