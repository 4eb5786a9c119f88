"""What a study of features is made from: values without gaps, classes, and honest folds."""

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from sonde.bearings.core.cutting import choose_recordings
from sonde.bearings.core.datasets import StoredRecording
from sonde.bearings.core.features.table import FeatureTable
from sonde.learning.core.planning import plan_split
from sonde.learning.core.problem import Fold, Problem
from sonde.learning.core.splits.policy import SplitConfig
from sonde.platform.core.errors import Invalid

Progress = Callable[[float, str], None]
IMPORTANCE, SELECTION = "importance", "selection"
METHODS: Final = {
    IMPORTANCE: {
        "permutation": "Permutation",
        "mutual-information": "Mutual information",
        "anova": "ANOVA F",
        "forest": "Random forest",
    },
    SELECTION: {
        "variance": "Variance",
        "correlation": "Correlation pruning",
        "mutual-information": "Mutual information",
        "recursive": "Recursive elimination",
        "mrmr": "mRMR",
    },
}
_MOST_FOLDS = 10
_LARGEST_SEED = 2**31 - 1


@dataclass(frozen=True)
class StudyConfig:
    """What is asked about features.

    Parameters
    ----------
    question : str
        ``"importance"`` or ``"selection"``.
    method : str
        One of `METHODS`.
    names : tuple of str
        Columns that take part.
    n_features : int
        How many to select; not used by importance.
    n_folds : int
    seed : int

    Raises
    ------
    Invalid
        If a value is out of range.
    """

    question: str
    method: str
    names: tuple[str, ...]
    n_features: int = 10
    n_folds: int = 5
    seed: int = 0

    def __post_init__(self) -> None:
        """Refuse what cannot be asked."""
        if self.question not in METHODS:
            raise Invalid("A study is about importance or selection.", field="question")
        if self.method not in METHODS[self.question]:
            raise Invalid(
                f"There is no method {self.method!r} for {self.question}; choose one of "
                f"{', '.join(METHODS[self.question])}.",
                field="method",
            )
        if len(self.names) < 2 or len(set(self.names)) != len(self.names):
            raise Invalid("A study needs at least two different features.", field="names")
        if self.question == SELECTION and not 1 <= self.n_features <= len(self.names):
            raise Invalid(
                f"Select 1 to {len(self.names)} features, not {self.n_features}.",
                field="n_features",
            )
        if not 2 <= self.n_folds <= _MOST_FOLDS:
            raise Invalid(f"Choose 2 to {_MOST_FOLDS} folds.", field="n_folds")
        if not 0 <= self.seed <= _LARGEST_SEED:
            raise Invalid(f"A seed lies between 0 and {_LARGEST_SEED}.", field="seed")

    def as_json(self) -> dict[str, Any]:
        """Return it JSON-ready; what importance does not use is left out."""
        content = {**asdict(self), "names": list(self.names)}
        if self.question == IMPORTANCE:
            del content["n_features"]
        return content


@dataclass(frozen=True)
class StudyData:
    """Values, classes and folds.

    Parameters
    ----------
    names : tuple of str
        Columns without gaps.
    values : ndarray of float64, shape (recording, feature)
    labels : ndarray of intp, shape (recording,)
    class_names : tuple of str
    folds : tuple of Fold
        No bearing on both sides, except in classes that have one only.
    certificate : str
        What the folds are worth, in a sentence.
    is_honest : bool
    left_out : tuple of str
        Columns that have gaps.
    """

    names: tuple[str, ...]
    values: NDArray[np.float64]
    labels: NDArray[np.intp]
    class_names: tuple[str, ...]
    folds: tuple[Fold, ...]
    certificate: str
    is_honest: bool
    left_out: tuple[str, ...]


def study_data(
    table: FeatureTable, recordings: Sequence[StoredRecording], n_folds: int, seed: int
) -> StudyData:
    """Return what a study works on: one row for each measurement, columns without gaps.

    Parameters
    ----------
    table : FeatureTable
    recordings : sequence of StoredRecording
        In the order of the table's rows.
    n_folds, seed : int

    Raises
    ------
    Invalid
        If there is one class only, nothing without gaps, or no two folds can be made.
    """
    chosen = choose_recordings(recordings)
    values = table.rows([one.id for one in chosen]).values
    measured = np.flatnonzero(~np.isnan(values).all(axis=1))
    chosen = tuple(chosen[one] for one in measured)
    values = values[measured]
    whole = np.flatnonzero(np.isfinite(values).all(axis=0))
    if not chosen or not len(whole):
        raise Invalid("No feature has a value for every recording.")
    names = tuple(table.names[one] for one in whole)
    problem = _problem(names, values[:, whole], chosen)
    if len(problem.class_names) < 2:
        raise Invalid("All recordings are of one class: there is nothing to tell apart.")
    plan = plan_split(problem, SplitConfig("group-k-fold", seed=seed, n_folds=n_folds))
    return StudyData(
        names=names,
        values=values[:, whole],
        labels=problem.labels,
        class_names=problem.class_names,
        folds=plan.folds,
        certificate=plan.certificate.summary,
        is_honest=plan.certificate.is_honest,
        left_out=tuple(name for name in table.names if name not in names),
    )


def _problem(
    names: tuple[str, ...], values: NDArray[np.float64], chosen: Sequence[StoredRecording]
) -> Problem:
    """Return recordings as samples, so that they are split like everything that is learned."""
    classes = tuple(sorted({one.label for one in chosen}))
    lengths = np.array([one.n_samples for one in chosen], dtype=np.int64)

    def no_windows(_indices: NDArray[np.intp]) -> NDArray[np.float32]:
        raise Invalid("A study of features reads no windows.")

    return Problem(
        title="recordings",
        class_names=classes,
        labels=np.array([classes.index(one.label) for one in chosen], dtype=np.intp),
        recordings=np.array([f"{one.lineage} {one.record}".strip() for one in chosen]),
        groups=np.array([one.bearing for one in chosen]),
        spans=np.stack([np.zeros_like(lengths), lengths], axis=1),
        fingerprints=np.array([_fingerprint(one) for one in chosen], dtype=np.uint64),
        attributes={},
        read_windows=no_windows,
        read_features=lambda indices: values[indices],
        feature_names=names,
        feature_recipe="recordings",
        sampling_rate_hz=chosen[0].sampling_rate_hz,
        group_noun="bearing",
    )


def _fingerprint(recording: StoredRecording) -> int:
    """Return a hash that is the same only where the samples are the same."""
    digest = hashlib.sha256(recording.content_hash.encode()).digest()
    return int.from_bytes(digest[:8], "little")
