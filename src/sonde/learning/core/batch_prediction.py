"""Predictions of many recordings: one row each, their table, and what they come to."""

import csv
import io
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sonde.learning.core.bundle import Bundle
from sonde.learning.core.learned import LearnedFrom
from sonde.learning.core.problem import Problem
from sonde.learning.core.spreadsheets import harmless
from sonde.platform.core.errors import Invalid
from sonde.platform.core.jobs import Job


@dataclass(frozen=True)
class BatchRow:
    """What a model said about one recording.

    Parameters
    ----------
    recording : str
    group, known_class : str
        As the data set has them; empty for files.
    verdict : str
        Empty where the recording could not be read.
    probabilities : mapping of str to float
        Of the whole recording, by class; calibrated where the model carries a calibration.
    n_samples : int
    is_unlike_training : bool, optional
    novelty : float, optional
    input_hash : str
    latency_ms : float
    error : str
        Why it could not be read, for people.
    prediction_set : sequence of str, optional
        None where nothing is promised.
    is_rejected : bool, optional
        Whether a person should look instead; None where the model cannot tell.
    learned_from : {"", "recording", "group"}
        What of it the model has seen while it was trained; see `LearnedFrom`.
    """

    recording: str
    group: str = ""
    known_class: str = ""
    verdict: str = ""
    probabilities: Mapping[str, float] | None = None
    n_samples: int = 0
    is_unlike_training: bool | None = None
    novelty: float | None = None
    input_hash: str = ""
    latency_ms: float = 0.0
    error: str = ""
    prediction_set: Sequence[str] | None = None
    is_rejected: bool | None = None
    learned_from: str = ""


@dataclass(frozen=True)
class BatchSummary:
    """What the rows of a batch come to.

    Parameters
    ----------
    n_recordings, n_unreadable, n_unlike : int
    verdicts : mapping of str to int
        Recordings of each verdict, the most frequent first.
    n_known, n_right : int
        Recordings whose class the data set tells, and those that the model told right.
    is_training_data : bool
        The model was trained on this data or a part of it: `n_right` says nothing about new
        recordings.
    n_rejected : int
        Recordings that a person should look at instead.
    n_learned : int
        Recordings that the model was trained on.
    n_same_group : int
        Other recordings, of a group that it was trained on.
    class_titles : mapping of str to str
        What people call the verdicts; empty for older batches.
    """

    n_recordings: int
    n_unreadable: int
    n_unlike: int
    verdicts: Mapping[str, int]
    n_known: int
    n_right: int
    is_training_data: bool
    n_rejected: int = 0
    n_learned: int = 0
    n_same_group: int = 0
    class_titles: Mapping[str, str] = field(default_factory=dict)

    @property
    def told(self) -> str:
        """The verdicts with how many recordings got each, by their titles."""
        pairs = ((self.class_titles.get(one, one), n) for one, n in self.verdicts.items())
        return ", ".join(f"{n:,} {title}" for title, n in pairs) or "no verdict"


@dataclass(frozen=True)
class Batch:
    """A prediction of many recordings, as people see it.

    Parameters
    ----------
    id, model_name, title : str
    version : int
    job : Job, optional
        None where it is not there any more.
    summary : BatchSummary, optional
        None until it is finished.
    owner_name : str
    created_at : datetime
    finished_at : datetime, optional
    """

    id: str
    model_name: str
    title: str
    version: int
    job: Job | None
    summary: BatchSummary | None
    owner_name: str
    created_at: datetime
    finished_at: datetime | None


def summarise(rows: Sequence[BatchRow]) -> BatchSummary:
    """Return what rows come to.

    Parameters
    ----------
    rows : sequence of BatchRow

    Examples
    --------
    >>> rows = [BatchRow("a", known_class="x", verdict="x"), BatchRow("b", error="broken")]
    >>> summary = summarise(rows)
    >>> summary.n_right, summary.n_known, summary.n_unreadable, dict(summary.verdicts)
    (1, 1, 1, {'x': 1})
    """
    told = [row for row in rows if not row.error]
    known = [row for row in told if row.known_class]
    seen = Counter(row.learned_from for row in told)
    return BatchSummary(
        n_recordings=len(rows),
        n_unreadable=len(rows) - len(told),
        n_unlike=sum(bool(row.is_unlike_training) for row in told),
        verdicts=dict(Counter(row.verdict for row in told).most_common()),
        n_known=len(known),
        n_right=sum(row.known_class == row.verdict for row in known),
        is_training_data=seen[LearnedFrom.RECORDING] > 0,
        n_rejected=sum(bool(row.is_rejected) for row in told),
        n_learned=seen[LearnedFrom.RECORDING],
        n_same_group=seen[LearnedFrom.GROUP],
    )


def as_csv(rows: Sequence[BatchRow], class_names: Sequence[str], group_noun: str) -> str:
    """Return the rows as a table of comma-separated values, a head first.

    A text that a spreadsheet would take for a formula is written with an apostrophe before it.

    Parameters
    ----------
    rows : sequence of BatchRow
    class_names : sequence of str
    group_noun : str
        What a group is, in the words of the field.

    Examples
    --------
    >>> row = BatchRow("a", verdict="x", probabilities={"x": 1.0}, prediction_set=["x"])
    >>> head, line = as_csv([row], ["x"], "bearing").splitlines()
    >>> head.split(",")[4:7]
    ['p(x)', 'set', 'reject']
    >>> line
    'a,,,x,1.000000,x,,0,,,,,'
    """
    target = io.StringIO()
    table = csv.writer(target, lineterminator="\n")
    table.writerow(
        [
            *("recording", "group", "known_class", "verdict"),
            *(f"p({name})" for name in class_names),
            *("set", "reject", "windows", "unlike_training", "novelty", "learned_from"),
            *("input_hash", "error"),
        ]
    )
    for row in rows:
        told = row.probabilities or {}
        table.writerow(
            [
                *map(harmless, (row.recording, row.group, row.known_class, row.verdict)),
                *(f"{told[name]:.6f}" if name in told else "" for name in class_names),
                harmless(" | ".join(row.prediction_set or ())),
                _yes_or_no(row.is_rejected),
                row.n_samples,
                _yes_or_no(row.is_unlike_training),
                "" if row.novelty is None else f"{row.novelty:.4f}",
                LearnedFrom(row.learned_from).told(group_noun),
                row.input_hash,
                harmless(row.error),
            ]
        )
    return target.getvalue()


def _yes_or_no(value: bool | None) -> str:
    return "" if value is None else "yes" if value else "no"


def check_fits(bundle: Bundle, problem: Problem) -> None:
    """Check that a problem's samples are made as those that a model was trained on.

    Parameters
    ----------
    bundle : Bundle
    problem : Problem

    Raises
    ------
    Invalid
        With what differs.
    """
    card = bundle.card
    if not len(problem):
        raise Invalid(f"{problem.title} has no windows of {card.window_shape[1]:,} samples.")
    shape = problem.read_windows(np.array([0])).shape[1:]
    pairs: list[tuple[str, Any, Any]] = [
        ("sampling rate", f"{card.sampling_rate_hz:g} Hz", f"{problem.sampling_rate_hz:g} Hz"),
        ("window", tuple(card.window_shape), tuple(shape)),
        ("features", card.feature_names, problem.feature_names),
        ("feature recipe", card.feature_recipe, problem.feature_recipe),
    ]
    for noun, wanted, found in pairs:
        if wanted != found:
            told = f"{found} instead of {wanted}" if noun != "features" else "others"
            raise Invalid(
                f"{problem.title} does not fit this model: its {noun} would be {told}.",
                differs=noun,
            )


def recordings_of(problem: Problem) -> list[tuple[str, NDArray[np.intp]]]:
    """Return every recording with the indices of its samples, in the order of the data.

    Parameters
    ----------
    problem : Problem
    """
    names, first, place = np.unique(problem.recordings, return_index=True, return_inverse=True)
    by_name = np.argsort(place.ravel(), kind="stable")
    pieces = np.split(by_name, np.cumsum(np.bincount(place.ravel()))[:-1])
    return [(str(names[number]), pieces[number]) for number in np.argsort(first)]
