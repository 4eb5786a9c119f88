"""What a model is worth: scores of held-out samples, and how sure they are.

The statistical unit is the group, not the window: windows of one group are alike, so the interval
comes from drawing whole groups with replacement (a cluster bootstrap), within each class so that
none disappears.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sonde.learning.core.problem import Problem

FEW_GROUPS = 8


@dataclass(frozen=True)
class FoldPrediction:
    """What one fold's model said about the samples that were held out.

    Parameters
    ----------
    name : str
    indices : ndarray of intp, shape (sample,)
    probabilities : ndarray of float64, shape (sample, class)
    """

    name: str
    indices: NDArray[np.intp]
    probabilities: NDArray[np.float64]


@dataclass(frozen=True)
class ClassScore:
    """Scores of one class over all folds.

    Parameters
    ----------
    name : str
    precision, recall, f1 : float
        In [0, 1].
    n_samples, n_groups : int
        Tested.
    """

    name: str
    precision: float
    recall: float
    f1: float
    n_samples: int
    n_groups: int


@dataclass(frozen=True)
class FoldScore:
    """Score of one fold."""

    name: str
    macro_f1: float
    accuracy: float
    n_samples: int
    n_groups: int


@dataclass(frozen=True)
class Interval:
    """A bootstrap interval over groups.

    Parameters
    ----------
    low, high : float
    level : float
    n_groups : int
        Distinct groups that were tested.
    few_groups : bool
        Fewer than 8: believe the fold values rather than the interval.

    Where every class was tested on one group only, nothing can be drawn and the interval is all of
    [0, 1]: nothing is known of another group.
    """

    low: float
    high: float
    level: float
    n_groups: int
    few_groups: bool


@dataclass(frozen=True)
class Evaluation:
    """Everything that held-out samples say about a model.

    Parameters
    ----------
    class_names : tuple of str
    confusion : tuple of tuple of int
        Row: true class, column: told class; samples of all folds.
    classes : tuple of ClassScore
    macro_f1 : float
        Mean over classes of F1; see `aggregation`.
    accuracy : float
    aggregation : str
        ``"mean of folds"`` where every fold tests every class, else ``"pooled over folds"``.
    interval : Interval
        Of `macro_f1`.
    folds : tuple of FoldScore
    named_classes : tuple of str
        Classes for which the split is honest as a whole.
    named_macro_f1 : float
        Mean F1 over those, of the same predictions and by the same aggregation.
    """

    class_names: tuple[str, ...]
    confusion: tuple[tuple[int, ...], ...]
    classes: tuple[ClassScore, ...]
    macro_f1: float
    accuracy: float
    aggregation: str
    interval: Interval
    folds: tuple[FoldScore, ...]
    named_classes: tuple[str, ...]
    named_macro_f1: float


def confusion_matrix(
    truth: NDArray[np.intp], told: NDArray[np.intp], n_classes: int
) -> NDArray[np.int64]:
    """Count samples by true class (row) and told class (column).

    Parameters
    ----------
    truth, told : ndarray of intp, shape (sample,)
    n_classes : int

    Returns
    -------
    ndarray of int64, shape (class, class)

    Examples
    --------
    >>> confusion_matrix(np.array([0, 0, 1]), np.array([0, 1, 1]), 2).tolist()
    [[1, 1], [0, 1]]
    """
    counts = np.bincount(truth * n_classes + told, minlength=n_classes**2)
    return counts.reshape(n_classes, n_classes).astype(np.int64)


def f1_scores(confusion: NDArray[np.floating | np.integer]) -> NDArray[np.float64]:
    """Return F1 = 2 TP / (2 TP + FP + FN) of every class; NaN for a class without samples.

    Parameters
    ----------
    confusion : ndarray, shape (..., class, class)

    Returns
    -------
    ndarray of float64, shape (..., class)

    Examples
    --------
    >>> f1_scores(np.array([[8, 2], [0, 10]])).round(4).tolist()
    [0.8889, 0.9091]
    """
    hits = np.diagonal(confusion, axis1=-2, axis2=-1).astype(float)
    truly, told = confusion.sum(axis=-1), confusion.sum(axis=-2)
    with np.errstate(invalid="ignore", divide="ignore"):
        scores: NDArray[np.float64] = np.where(truly > 0, 2.0 * hits / (truly + told), np.nan)
    return scores


def macro_f1(
    confusion: NDArray[np.floating | np.integer], classes: Sequence[int] | None = None
) -> NDArray[np.float64]:
    """Return the mean F1 over the classes that have samples, of `classes` only if given.

    Parameters
    ----------
    confusion : ndarray, shape (..., class, class)
    classes : sequence of int, optional

    Returns
    -------
    ndarray of float64, shape (...)
        NaN where no class has samples.

    Examples
    --------
    >>> float(macro_f1(np.array([[8, 2], [0, 10]])).round(4))
    0.899
    >>> float(macro_f1(np.array([[8, 2], [0, 10]]), [0]).round(4))
    0.8889
    """
    scores = f1_scores(confusion)
    if classes is not None:
        scores = scores[..., list(classes)]
    counted = (~np.isnan(scores)).sum(axis=-1)
    total = np.nansum(scores, axis=-1)
    mean: NDArray[np.float64] = np.where(counted > 0, total / np.maximum(counted, 1), np.nan)
    return mean


def aggregate(
    per_fold: NDArray[np.float64], is_mean: bool, classes: Sequence[int] | None = None
) -> NDArray[np.float64]:
    """Return one macro-F1 per draw: the mean of the folds, or of all folds pooled.

    Parameters
    ----------
    per_fold : ndarray of float64, shape (draw, fold, class, class)
    is_mean : bool
    classes : sequence of int, optional

    Returns
    -------
    ndarray of float64, shape (draw,)
    """
    if not is_mean:
        return macro_f1(per_fold.sum(axis=1), classes)
    scores = macro_f1(per_fold, classes)
    counted = (~np.isnan(scores)).sum(axis=1)
    total = np.nansum(scores, axis=1)
    mean: NDArray[np.float64] = np.where(counted > 0, total / np.maximum(counted, 1), np.nan)
    return mean


def strata_of(
    unit: NDArray[np.intp], labels: NDArray[np.integer], shape: tuple[int, int]
) -> NDArray[np.intp]:
    """Return one number for each unit; units with the same mix of classes have the same.

    Parameters
    ----------
    unit : ndarray of intp, shape (sample,)
        Which unit each sample belongs to.
    labels : ndarray of int, shape (sample,)
    shape : tuple of int
        How many units and classes there are.

    Returns
    -------
    ndarray of intp, shape (unit,)

    Examples
    --------
    >>> strata_of(np.array([0, 0, 1, 2]), np.array([0, 1, 1, 1]), (3, 2)).tolist()
    [1, 0, 0]
    """
    mix = np.zeros(shape, dtype=np.bool_)
    mix[unit, labels] = True
    return np.unique(mix, axis=0, return_inverse=True)[1].ravel().astype(np.intp)


def draw_by_stratum(strata: NDArray[np.intp], n_draws: int, seed: int) -> NDArray[np.float64]:
    """Return how often each unit is drawn with replacement within its stratum.

    Parameters
    ----------
    strata : ndarray of intp, shape (unit,)
    n_draws : int
    seed : int

    Returns
    -------
    ndarray of float64, shape (draw, unit)

    Examples
    --------
    >>> draw_by_stratum(np.array([0, 0, 0, 1]), 100, 0).sum(axis=1).max()
    np.float64(4.0)
    """
    random = np.random.default_rng(seed)
    weights = np.zeros((n_draws, len(strata)))
    for stratum in np.unique(strata):
        mine = np.flatnonzero(strata == stratum)
        share = np.full(len(mine), 1.0 / len(mine))
        weights[:, mine] = random.multinomial(len(mine), share, size=n_draws)
    return weights


def evaluate(
    problem: Problem,
    predictions: Sequence[FoldPrediction],
    named_classes: Sequence[str],
    *,
    n_draws: int = 2000,
    seed: int = 0,
) -> Evaluation:
    """Judge held-out predictions.

    Parameters
    ----------
    problem : Problem
    predictions : sequence of FoldPrediction
        At least one sample in all.
    named_classes : sequence of str
        Whose macro-F1 stands beside that of all classes.
    n_draws : int
        Bootstrap draws.
    seed : int

    Returns
    -------
    Evaluation
    """
    cells = _count(problem, predictions)
    per_fold = cells.by_fold(np.ones((1, len(cells.groups))))[0]
    pooled = per_fold.sum(axis=0)
    is_mean = bool((per_fold.sum(axis=2) > 0).all())
    named = [problem.class_names.index(name) for name in named_classes]
    low, high = _interval(cells, is_mean, n_draws, seed)
    return Evaluation(
        class_names=problem.class_names,
        confusion=tuple(tuple(int(count) for count in row) for row in pooled),
        classes=_class_scores(problem, pooled, cells),
        macro_f1=float(aggregate(per_fold[None], is_mean, None)[0]),
        accuracy=float(np.trace(pooled) / pooled.sum()),
        aggregation="mean of folds" if is_mean else "pooled over folds",
        interval=Interval(low, high, 0.95, len(cells.groups), len(cells.groups) < FEW_GROUPS),
        folds=tuple(
            _fold_score(problem, prediction, matrix)
            for prediction, matrix in zip(predictions, per_fold, strict=True)
        ),
        named_classes=tuple(named_classes),
        named_macro_f1=float(np.nan_to_num(aggregate(per_fold[None], is_mean, named)[0])),
    )


@dataclass(frozen=True)
class _Cells:
    """Confusion matrices of every (fold, group), and which group each belongs to."""

    groups: NDArray[np.str_]
    strata: NDArray[np.intp]
    counts: NDArray[np.float64]
    group_of: NDArray[np.intp]
    fold_of: NDArray[np.intp]
    n_folds: int

    def by_fold(self, weights: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return confusion matrices, shape (draw, fold, class, class), of weighted groups."""
        n_classes = self.counts.shape[-1]
        sums = np.zeros((len(weights), self.n_folds, n_classes, n_classes))
        for fold in range(self.n_folds):
            mine = self.fold_of == fold
            sums[:, fold] = np.tensordot(weights[:, self.group_of[mine]], self.counts[mine], axes=1)
        return sums


def _interval(cells: _Cells, is_mean: bool, n_draws: int, seed: int) -> tuple[float, float]:
    """Return the central 95 % of the scores of drawn groups; all of [0, 1] without a choice."""
    if len(np.unique(cells.strata)) == len(cells.strata):
        return 0.0, 1.0
    draws = aggregate(cells.by_fold(draw_by_stratum(cells.strata, n_draws, seed)), is_mean, None)
    low, high = np.quantile(draws[~np.isnan(draws)], [0.025, 0.975])
    return float(low), float(high)


def _count(problem: Problem, predictions: Sequence[FoldPrediction]) -> _Cells:
    n_classes = len(problem.class_names)
    tested = np.concatenate([prediction.indices for prediction in predictions])
    groups = np.unique(problem.groups[tested])
    counts, group_of, fold_of = [], [], []
    for fold, prediction in enumerate(predictions):
        told = prediction.probabilities.argmax(axis=1)
        place = np.searchsorted(groups, problem.groups[prediction.indices])
        truth = problem.labels[prediction.indices]
        for group in np.unique(place):
            mine = place == group
            counts.append(confusion_matrix(truth[mine], told[mine], n_classes))
            group_of.append(group)
            fold_of.append(fold)
    place = np.searchsorted(groups, problem.groups[tested])
    return _Cells(
        groups=groups,
        strata=strata_of(place, problem.labels[tested], (len(groups), n_classes)),
        counts=np.array(counts, dtype=float),
        group_of=np.array(group_of, dtype=np.intp),
        fold_of=np.array(fold_of, dtype=np.intp),
        n_folds=len(predictions),
    )


def _class_scores(
    problem: Problem, pooled: NDArray[np.float64], cells: _Cells
) -> tuple[ClassScore, ...]:
    f1 = np.nan_to_num(f1_scores(pooled))
    rows = []
    for label, name in enumerate(problem.class_names):
        hits, told, truly = pooled[label, label], pooled[:, label].sum(), pooled[label].sum()
        has = cells.counts[:, label].sum(axis=1) > 0
        rows.append(
            ClassScore(
                name=name,
                precision=float(hits / told) if told else 0.0,
                recall=float(hits / truly) if truly else 0.0,
                f1=float(f1[label]),
                n_samples=int(truly),
                n_groups=len(np.unique(cells.group_of[has])),
            )
        )
    return tuple(rows)


def _fold_score(
    problem: Problem, prediction: FoldPrediction, matrix: NDArray[np.float64]
) -> FoldScore:
    return FoldScore(
        name=prediction.name,
        macro_f1=float(macro_f1(matrix)),
        accuracy=float(np.trace(matrix) / matrix.sum()),
        n_samples=len(prediction.indices),
        n_groups=len(np.unique(problem.groups[prediction.indices])),
    )
