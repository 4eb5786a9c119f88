"""Predictions: what a trained model says about a recording that somebody brings."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

from sonde.learning.core.bundle import Bundle, load
from sonde.learning.core.models.catalogue import model
from sonde.learning.core.prediction import Prediction, judge
from sonde.learning.core.problem import Upload
from sonde.learning.core.sources import ProblemSource, accept_answers
from sonde.learning.services import experiments
from sonde.platform.core.actor import Actor
from sonde.platform.core.errors import Conflict
from sonde.platform.services.work import ports


@dataclass(frozen=True)
class OpenModel:
    """A trained model, ready to be asked outside of any unit of work.

    Parameters
    ----------
    experiment_id, experiment_title : str
    bundle : Bundle
    source : ProblemSource
        Reads recordings the way the training data was read.
    """

    experiment_id: str
    experiment_title: str
    bundle: Bundle
    source: ProblemSource


def open_model(actor: Actor, experiment_id: str) -> OpenModel:
    """Return the model of an experiment.

    Raises NotFound for what is not the actor's to see, and Conflict while it is not trained.
    """
    row, _ = experiments.find(actor, experiment_id)
    if not row.bundle_key:
        raise Conflict("This experiment has no trained model yet.", experiment_id=experiment_id)
    bundle = load(ports().files.read(row.bundle_key))
    source = cast(ProblemSource, ports().parts.problem_source(bundle.card.source))
    return OpenModel(row.id, row.title, bundle, source)


def ask(opened: OpenModel, path: Path, name: str, given: Mapping[str, Any]) -> Prediction:
    """Return what the model says about an untrusted file; opens no unit of work.

    Raises Unreadable or Invalid with what is wrong or missing in the file.
    """
    answers = accept_answers(opened.source.asks, given)
    upload = opened.source.read_upload(path, name, opened.bundle.card.source_options, answers)
    return tell(opened, upload)


def tell(opened: OpenModel, upload: Upload) -> Prediction:
    """Return what the model says about samples that were cut as those of its training.

    Raises Conflict if features are made in another way today than when the model was trained.
    """
    eats = model(opened.bundle.card.model).eats
    return judge(opened.bundle, eats, upload, (opened.experiment_id, opened.experiment_title))
