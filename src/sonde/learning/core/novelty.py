"""Is this recording unlike anything in training? Distance to the nearest training windows.

The score of a recording is the median over its windows of the mean distance to the nearest training
windows in standardised features: all of them, for what is new may lie in a direction in which
training does not vary. The threshold comes from training recordings judged without their own
group: what a new but ordinary group looks like.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sonde.learning.core.problem import Problem
from sonde.learning.core.splits.leave_one_attribute_out import samples_with_a_choice
from sonde.learning.core.splits.policy import indivisible_units
from sonde.platform.core.errors import Invalid

_NEIGHBOURS = 3
_MOST_REFERENCES = 3000
_THRESHOLD_QUANTILE = 0.95
_MOST_VALUES = 12
_BATCH = 256

Poll = Callable[[float], None]


@dataclass(frozen=True)
class NoveltyScorer:
    """Knows what training looked like.

    Parameters
    ----------
    mean, scale : ndarray of float64, shape (feature,)
    references : ndarray of float64, shape (reference, feature)
        Standardised.
    units : ndarray of int64, shape (reference,)
        Number of the group (or recording, in a class with one group) of each reference.
    threshold : float
        Recordings beyond it are unlike anything in training.
    """

    mean: NDArray[np.float64]
    scale: NDArray[np.float64]
    references: NDArray[np.float64]
    units: NDArray[np.int64]
    threshold: float

    def distances(
        self, features: NDArray[np.float64], without: NDArray[np.int64] | None = None
    ) -> NDArray[np.float64]:
        """Return the mean distance of samples to their nearest references.

        Parameters
        ----------
        features : ndarray of float64, shape (sample, feature)
        without : ndarray of int64, shape (sample,), optional
            Unit that may not serve as reference for each sample: its own.

        Returns
        -------
        ndarray of float64, shape (sample,)
        """
        samples = (features - self.mean) / self.scale
        norms = (self.references**2).sum(axis=1)
        answer = np.zeros(len(samples))
        for start in range(0, len(samples), _BATCH):
            batch = samples[start : start + _BATCH]
            squared = (batch**2).sum(axis=1)[:, None] + norms - 2.0 * batch @ self.references.T
            if without is not None:
                squared[without[start : start + _BATCH, None] == self.units[None, :]] = np.inf
            count = min(_NEIGHBOURS, squared.shape[1])
            nearest = np.partition(squared, count - 1, axis=1)[:, :count]
            answer[start : start + _BATCH] = np.sqrt(np.maximum(nearest, 0.0)).mean(axis=1)
        return answer

    def score(self, features: NDArray[np.float64]) -> float:
        """Return the novelty of one recording; above `threshold` it is unlike training."""
        return float(np.median(self.distances(features)))

    def is_unlike_training(self, features: NDArray[np.float64]) -> bool:
        """Say whether a recording is unlike anything in training."""
        return self.score(features) > self.threshold

    def arrays(self) -> dict[str, NDArray[Any]]:
        """Return everything that was learned."""
        return {
            "mean": self.mean,
            "scale": self.scale,
            "references": self.references,
            "units": self.units,
            "threshold": np.array([self.threshold]),
        }


def restore(arrays: Mapping[str, NDArray[Any]]) -> NoveltyScorer:
    """Return the scorer of `arrays`; raises KeyError or ValueError if they are not one."""
    scorer = NoveltyScorer(
        mean=arrays["mean"],
        scale=arrays["scale"],
        references=arrays["references"],
        units=arrays["units"],
        threshold=float(arrays["threshold"][0]),
    )
    if scorer.references.shape[1:] != scorer.mean.shape:
        raise ValueError("references and features do not fit")
    return scorer


@dataclass(frozen=True)
class UnseenValue:
    """How well novelty tells one attribute value that was left out of training.

    Parameters
    ----------
    value : str
    auroc : float
        Chance that a recording with this value scores above a further recording of what training
        holds (each judged without itself); 0.5 is guessing.
    n_unseen, n_known : int
        Recordings compared.
    flagged : float, optional
        Share of the unseen recordings beyond the threshold. The threshold lets an ordinary new
        group pass, so it is far stricter than the order that `auroc` measures.
    """

    value: str
    auroc: float
    n_unseen: int
    n_known: int
    flagged: float | None = None


@dataclass(frozen=True)
class UnseenAttribute:
    """Novelty measured by leaving out each value of one attribute."""

    attribute: str
    mean_auroc: float
    values: tuple[UnseenValue, ...]


def auroc(known: NDArray[np.float64], unseen: NDArray[np.float64]) -> float:
    """Return the chance that an unseen score lies above a known one, ties counted half.

    The area under the receiver operating characteristic, by Mann-Whitney ranks.

    Parameters
    ----------
    known, unseen : ndarray of float64, shape (n,) and (m,)

    Examples
    --------
    >>> auroc(np.array([0.0, 1.0, 2.0]), np.array([1.0, 5.0]))
    0.75
    """
    greater = (unseen[:, None] > known[None, :]).mean()
    equal = (unseen[:, None] == known[None, :]).mean()
    return float(greater + 0.5 * equal)


def fit_novelty(
    problem: Problem, indices: NDArray[np.intp], features: NDArray[np.float64]
) -> NoveltyScorer:
    """Learn what training looks like, and the threshold from groups judged by the others.

    Parameters
    ----------
    problem : Problem
    indices : ndarray of intp, shape (sample,)
        The training samples.
    features : ndarray of float64, shape (sample, feature)
        Their features.

    Returns
    -------
    NoveltyScorer

    Raises
    ------
    Invalid
        With fewer than two groups.
    """
    units = np.unique(indivisible_units(problem), return_inverse=True)[1][indices].astype(np.int64)
    if len(np.unique(units)) < 2:
        raise Invalid(f"Novelty needs at least two {problem.group_noun}s to learn from.")
    mean, spread = features.mean(axis=0), features.std(axis=0)
    scale = np.where(spread > 0.0, spread, 1.0)
    step = _step(len(features))
    scorer = NoveltyScorer(
        mean, scale, ((features - mean) / scale)[::step].copy(), units[::step], threshold=0.0
    )
    scores = _recording_scores(problem, indices, scorer.distances(features, units))
    return replace(scorer, threshold=float(np.quantile(scores, _THRESHOLD_QUANTILE)))


def measure_unseen(
    problem: Problem, features: NDArray[np.float64], on_progress: Poll
) -> tuple[UnseenAttribute, ...]:
    """Leave out each value of each attribute and see whether it is told as unseen.

    Parameters
    ----------
    problem : Problem
    features : ndarray of float64, shape (sample, feature)
        Of all samples of the problem.
    on_progress : callable

    Returns
    -------
    tuple of UnseenAttribute
        Only attributes with 2 to 12 values that can be left out.
    """
    wanted = [
        (attribute, value, is_unseen)
        for attribute, column in sorted(problem.attributes.items())
        for value, is_unseen in _values_to_leave_out(problem, column.astype(str))
    ]
    rows: dict[str, list[UnseenValue]] = {}
    for number, (attribute, value, is_unseen) in enumerate(wanted):
        on_progress(number / len(wanted))
        row = leave_out(problem, features, is_unseen, value)
        if row is not None:
            rows.setdefault(attribute, []).append(row)
    on_progress(1.0)
    return tuple(
        UnseenAttribute(attribute, float(np.mean([row.auroc for row in found])), tuple(found))
        for attribute, found in rows.items()
    )


def _values_to_leave_out(
    problem: Problem, values: NDArray[np.str_]
) -> list[tuple[str, NDArray[np.bool_]]]:
    varied = samples_with_a_choice(problem, values)
    distinct = np.unique(values[varied])
    if not 2 <= len(distinct) <= _MOST_VALUES:
        return []
    return [(str(value), varied & (values == value)) for value in distinct]


def leave_out(
    problem: Problem, features: NDArray[np.float64], is_unseen: NDArray[np.bool_], value: str
) -> UnseenValue | None:
    """Leave out some samples and see whether they are told as unseen.

    Parameters
    ----------
    problem : Problem
    features : ndarray of float64, shape (sample, feature)
        Of all samples of the problem.
    is_unseen : ndarray of bool, shape (sample,)
    value : str
        What they are called.

    Returns
    -------
    UnseenValue, optional
        None where fewer than two units are left to learn from.
    """
    known, unseen = np.flatnonzero(~is_unseen), np.flatnonzero(is_unseen)
    units = np.unique(indivisible_units(problem), return_inverse=True)[1].astype(np.int64)
    if len(np.unique(units[known])) < 2:
        return None
    scorer = fit_novelty(problem, known, features[known])
    recordings = np.unique(problem.recordings, return_inverse=True)[1].astype(np.int64)
    by_recording = replace(scorer, units=recordings[known][:: _step(len(known))])
    of_known = _recording_scores(
        problem, known, by_recording.distances(features[known], recordings[known])
    )
    of_unseen = _recording_scores(problem, unseen, scorer.distances(features[unseen]))
    return UnseenValue(
        value=value,
        auroc=auroc(of_known, of_unseen),
        n_unseen=len(of_unseen),
        n_known=len(of_known),
        flagged=float((of_unseen > scorer.threshold).mean()),
    )


def _step(n_samples: int) -> int:
    """Return how far apart the references are taken from the samples."""
    return max(1, -(-n_samples // _MOST_REFERENCES))


def _recording_scores(
    problem: Problem, indices: NDArray[np.intp], distances: NDArray[np.float64]
) -> NDArray[np.float64]:
    names, position = np.unique(problem.recordings[indices], return_inverse=True)
    return np.array([np.median(distances[position == number]) for number in range(len(names))])
