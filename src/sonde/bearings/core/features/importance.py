"""How much features say about the classes, measured inside honest folds."""

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from sonde.bearings.core.features.study import Progress, StudyData
from sonde.learning.core.evaluation import confusion_matrix, macro_f1
from sonde.learning.core.problem import Fold

_N_TREES = 100
_N_REPEATS = 5
_NEIGHBOURS = 3


@dataclass(frozen=True)
class Importance:
    """What was found.

    Parameters
    ----------
    names : tuple of str
    folds : tuple of str
    values : tuple of tuple of float
        For each fold, the importance of each feature.
    control : tuple of float
        For each fold, the importance of a column of pure noise: what is not above it says nothing.
    unit : str
        What the numbers are.
    """

    names: tuple[str, ...]
    folds: tuple[str, ...]
    values: tuple[tuple[float, ...], ...]
    control: tuple[float, ...]
    unit: str

    def as_json(self) -> dict[str, Any]:
        """Return it JSON-ready."""
        return asdict(self)


@dataclass(frozen=True)
class _Arrays:
    """Values of one fold, the column of noise last."""

    values: NDArray[np.float64]
    labels: NDArray[np.intp]
    fold: Fold
    seed: int
    tick: Callable[[float], None]

    @property
    def train(self) -> tuple[NDArray[np.float64], NDArray[np.intp]]:
        return self.values[self.fold.train], self.labels[self.fold.train]

    @property
    def test(self) -> tuple[NDArray[np.float64], NDArray[np.intp]]:
        return self.values[self.fold.test], self.labels[self.fold.test]


def importance(data: StudyData, method: str, seed: int, progress: Progress) -> Importance:
    """Measure the importance of every feature in every fold.

    Parameters
    ----------
    data : StudyData
    method : str
        Of ``METHODS["importance"]``.
    seed : int
    progress : callable
        Told the share that is done and the fold's name.

    Returns
    -------
    Importance
        Everything is learned from a fold's training side; permutation is measured on its test
        side.
    """
    compute, unit = _METHODS[method]
    noise = np.random.default_rng(seed).standard_normal(len(data.labels))
    values = np.column_stack([data.values, noise])
    found = []
    for number, fold in enumerate(data.folds):
        tick = fold_progress(progress, data, number)
        tick(0.0)
        found.append(compute(_Arrays(values, data.labels, fold, seed + number, tick)))
    return Importance(
        names=data.names,
        folds=tuple(fold.name for fold in data.folds),
        values=tuple(tuple(map(float, one[:-1])) for one in found),
        control=tuple(float(one[-1]) for one in found),
        unit=unit,
    )


def fold_progress(progress: Progress, data: StudyData, number: int) -> Callable[[float], None]:
    """Return a function that tells how far one fold is, as part of all."""
    fold, n_folds = data.folds[number].name, len(data.folds)
    return lambda share: progress((number + share) / n_folds, fold)


def forest(seed: int, n_trees: int = _N_TREES) -> Any:
    """Return an untrained forest that weighs classes alike."""
    from sklearn.ensemble import RandomForestClassifier

    return RandomForestClassifier(n_trees, class_weight="balanced", random_state=seed, n_jobs=1)


def score(truth: NDArray[np.intp], told: NDArray[np.intp]) -> float:
    """Return the macro-F1 over the classes that are in `truth`.

    Examples
    --------
    >>> score(np.array([0, 0, 1, 1]), np.array([0, 0, 1, 1]))
    1.0
    """
    n_classes = int(max(truth.max(), told.max())) + 1
    return float(macro_f1(confusion_matrix(truth, told, n_classes)))


def anova_f(values: NDArray[np.float64], labels: NDArray[np.intp]) -> NDArray[np.float64]:
    """Return the F value of each column: spread between classes over spread within.

    Parameters
    ----------
    values : ndarray of float64, shape (sample, feature)
    labels : ndarray of intp, shape (sample,)

    Returns
    -------
    ndarray of float64, shape (feature,)
        0 for a constant column; capped at 1e12 where nothing varies within the classes.

    Examples
    --------
    >>> values = np.array([[1.0], [2.0], [3.0], [2.0], [3.0], [4.0]])
    >>> anova_f(values, np.array([0, 0, 0, 1, 1, 1])).round(6).tolist()
    [1.5]
    """
    scale = values.std(axis=0)
    varied = scale > 1e-12 * np.abs(values).max(axis=0)
    standard = (values - values.mean(axis=0)) / np.where(varied, scale, 1.0)
    classes = np.unique(labels)
    between = np.zeros(values.shape[1])
    within = np.zeros(values.shape[1])
    for label in classes:
        own = standard[labels == label]
        between += len(own) * own.mean(axis=0) ** 2
        within += np.square(own - own.mean(axis=0)).sum(axis=0)
    freedom = max(len(labels) - len(classes), 1) / max(len(classes) - 1, 1)
    f = np.minimum(between / np.maximum(within, 1e-12) * freedom, 1e12)
    return np.where(varied, f, 0.0)


def mutual_information(
    values: NDArray[np.float64], labels: NDArray[np.intp], seed: int
) -> NDArray[np.float64]:
    """Return the mutual information of each column and the classes, in nats.

    Parameters
    ----------
    values : ndarray of float64, shape (sample, feature)
    labels : ndarray of intp, shape (sample,)
    seed : int

    Returns
    -------
    ndarray of float64, shape (feature,)
        By nearest neighbours: Ross, PLoS ONE 9 (2014).
    """
    from sklearn.feature_selection import mutual_info_classif

    fewest = int(np.bincount(labels)[np.unique(labels)].min())
    neighbours = max(1, min(_NEIGHBOURS, fewest - 1))
    scaled = _scaled(values)
    found: NDArray[np.float64] = mutual_info_classif(
        scaled, labels, discrete_features=False, n_neighbors=neighbours, random_state=seed
    )
    return found


def _scaled(values: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return columns of comparable size: estimators add tiny noise to them."""
    scale = values.std(axis=0)
    varied = scale > 1e-12 * np.abs(values).max(axis=0)
    return np.where(varied, (values - values.mean(axis=0)) / np.where(varied, scale, 1.0), 0.0)


def _permutation(arrays: _Arrays) -> NDArray[np.float64]:
    train, labels = arrays.train
    test, truth = arrays.test
    model = forest(arrays.seed).fit(train, labels)
    whole = score(truth, model.predict(test))
    rng = np.random.default_rng(arrays.seed)
    lost = np.zeros(test.shape[1])
    for column in range(test.shape[1]):
        arrays.tick(column / test.shape[1])
        for _ in range(_N_REPEATS):
            shuffled = test.copy()
            shuffled[:, column] = rng.permutation(shuffled[:, column])
            lost[column] += (whole - score(truth, model.predict(shuffled))) / _N_REPEATS
    return lost


def _forest(arrays: _Arrays) -> NDArray[np.float64]:
    train, labels = arrays.train
    shares: NDArray[np.float64] = forest(arrays.seed).fit(train, labels).feature_importances_
    return shares


def _anova(arrays: _Arrays) -> NDArray[np.float64]:
    return anova_f(*arrays.train)


def _mutual(arrays: _Arrays) -> NDArray[np.float64]:
    return mutual_information(*arrays.train, arrays.seed)


_METHODS: Final[Mapping[str, tuple[Callable[[_Arrays], NDArray[np.float64]], str]]] = {
    "permutation": (_permutation, "macro-F1 lost on unseen bearings"),
    "mutual-information": (_mutual, "nats"),
    "anova": (_anova, "F"),
    "forest": (_forest, "share of the splits' gain"),
}
