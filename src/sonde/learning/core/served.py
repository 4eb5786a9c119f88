"""What registered models said, as it is kept for later: never the signal, only its hash."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Way(StrEnum):
    """Which way a question came."""

    PAGE = "page"
    REST = "rest"
    OPEN_INFERENCE = "open inference"
    TERMINAL = "terminal"
    BATCH = "batch"


@dataclass(frozen=True)
class Answered:
    """One answer of a model.

    Parameters
    ----------
    name : str
        Of the file or recording; empty for arrays.
    input_hash : str
        SHA-256 of what the model saw.
    n_samples : int
    verdict : str
        The class with the largest mean probability.
    probabilities : mapping of str to float
        Mean over the samples, by class.
    is_unlike_training : bool, optional
        None where the model cannot tell.
    latency_ms : float
        From the whole input to the answer.
    """

    name: str
    input_hash: str
    n_samples: int
    verdict: str
    probabilities: Mapping[str, float]
    is_unlike_training: bool | None
    latency_ms: float


@dataclass(frozen=True)
class LoggedAnswer:
    """One line of the log of predictions.

    Parameters
    ----------
    id : str
    version : int
    way : Way
    caller : str
        Who asked.
    answered : Answered
    at : datetime
    """

    id: str
    version: int
    way: Way
    caller: str
    answered: Answered
    at: datetime


@dataclass(frozen=True)
class VerdictCount:
    """How often a version told a class, among what is kept."""

    version: int
    verdict: str
    count: int
