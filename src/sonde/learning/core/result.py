"""The result of an experiment: everything that its page, its API and a colleague need."""

from dataclasses import dataclass
from functools import cache
from typing import Any

from sonde.learning.core.certificate import SplitCertificate
from sonde.learning.core.evaluation import Evaluation
from sonde.learning.core.novelty import UnseenAttribute
from sonde.learning.core.provenance import Provenance


@dataclass(frozen=True)
class LeakyScore:
    """What the same model seems to be worth when windows of one recording are on both sides.

    Parameters
    ----------
    macro_f1, accuracy : float
    policy_title : str
    warning : str
        Why it must not be believed.
    """

    macro_f1: float
    accuracy: float
    policy_title: str
    warning: str


@dataclass(frozen=True)
class NoveltyReport:
    """How the model tells what it has never seen.

    Parameters
    ----------
    threshold : float
    unseen : tuple of UnseenAttribute
        Measured by leaving each value out.
    """

    threshold: float
    unseen: tuple[UnseenAttribute, ...]


@dataclass(frozen=True)
class ExperimentResult:
    """All that a finished experiment knows.

    Parameters
    ----------
    evaluation : Evaluation
        Of the chosen split.
    certificate : SplitCertificate
        Of the chosen split.
    leaky : LeakyScore, optional
        Absent where the chosen split is the leaky one.
    novelty : NoveltyReport, optional
        Absent where there are too few groups.
    class_counts : tuple of (str, int, int)
        Class, its samples, its groups.
    feature_recipe : str
    n_features : int
    window_shape : tuple of int
        Channels and samples.
    sampling_rate_hz : float
    unit : str
    data_hash : str
    model_hash : str
        SHA-256 of the stored model's arrays.
    model_bytes : int
    train_seconds : float
    versions : tuple of (str, str)
        Libraries behind the numbers.
    provenance : Provenance, optional
        Where the result comes from; absent in results of before it was kept.
    stopped : str
        Why not all folds were trained, for people; empty for most.
    """

    evaluation: Evaluation
    certificate: SplitCertificate
    leaky: LeakyScore | None
    novelty: NoveltyReport | None
    class_counts: tuple[tuple[str, int, int], ...]
    feature_recipe: str
    n_features: int
    window_shape: tuple[int, int]
    sampling_rate_hz: float
    unit: str
    data_hash: str
    model_hash: str
    model_bytes: int
    train_seconds: float
    versions: tuple[tuple[str, str], ...]
    provenance: Provenance | None = None
    stopped: str = ""


@cache
def _adapter() -> Any:
    from pydantic import TypeAdapter

    return TypeAdapter(ExperimentResult)


def to_json(result: ExperimentResult) -> dict[str, Any]:
    """Return the result as one JSON-ready document.

    Parameters
    ----------
    result : ExperimentResult
    """
    document: dict[str, Any] = _adapter().dump_python(result, mode="json")
    return document


def from_json(document: Any) -> ExperimentResult:
    """Return the result that `to_json` wrote.

    Parameters
    ----------
    document : dict
    """
    result: ExperimentResult = _adapter().validate_python(document, strict=False)
    return result
