"""Choosing few features out of many: inside training folds, with how often each was chosen."""

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from sonde.bearings.core.features.importance import (
    anova_f,
    fold_progress,
    forest,
    mutual_information,
    score,
)
from sonde.bearings.core.features.study import Progress, StudyData
from sonde.learning.core.problem import Fold

_TOO_ALIKE = 0.9
_N_TREES = 50
_FLOOR = 1e-9

Tick = Callable[[float], None]
Choose = Callable[[NDArray[np.float64], NDArray[np.intp], int, int, Tick], list[int]]


@dataclass(frozen=True)
class Selection:
    """What was chosen.

    Parameters
    ----------
    names : tuple of str
        Every feature that took part.
    chosen : tuple of str
        What the method chooses from all the data, best first: the choice that is to be used. How
        good such a choice is, the folds tell.
    frequency : tuple of float
        Share of the folds that chose each of `names`.
    stability : float
        1 where every fold chooses the same, about 0 where they choose by chance.
    folds : tuple of str
    scores, scores_of_all, scores_of_random : tuple of float
        For each fold, the macro-F1 on unseen bearings of a forest on the features chosen there, on
        all, and on as many drawn at random.
    """

    names: tuple[str, ...]
    chosen: tuple[str, ...]
    frequency: tuple[float, ...]
    stability: float
    folds: tuple[str, ...]
    scores: tuple[float, ...]
    scores_of_all: tuple[float, ...]
    scores_of_random: tuple[float, ...]

    def as_json(self) -> dict[str, Any]:
        """Return it JSON-ready."""
        return asdict(self)


def select(
    data: StudyData, method: str, n_features: int, seed: int, progress: Progress
) -> Selection:
    """Select features in every training fold and test the choice on its unseen bearings.

    Parameters
    ----------
    data : StudyData
    method : str
        Of ``METHODS["selection"]``.
    n_features : int
        Pruning may keep fewer.
    seed : int
    progress : callable
        Told the share that is done and the fold's name.
    """
    rng = np.random.default_rng(seed)
    n_features = min(n_features, len(data.names))
    picks: list[list[int]] = []
    scores: list[tuple[float, float, float]] = []
    for number, fold in enumerate(data.folds):
        tick = fold_progress(progress, data, number)
        tick(0.0)
        train, labels = data.values[fold.train], data.labels[fold.train]
        pick = SELECTORS[method](train, labels, n_features, seed, tick)
        drawn = rng.permutation(len(data.names))[: len(pick)].tolist()
        picks.append(pick)
        arms = (pick, list(range(len(data.names))), drawn)
        first, second, third = (_score(data, fold, arm, seed) for arm in arms)
        scores.append((first, second, third))
    final = SELECTORS[method](
        data.values, data.labels, n_features, seed, lambda _share: progress(1.0, "all data")
    )
    return Selection(
        names=data.names,
        chosen=tuple(data.names[one] for one in final),
        frequency=tuple(map(float, frequencies(picks, len(data.names)))),
        stability=stability(picks, len(data.names)),
        folds=tuple(fold.name for fold in data.folds),
        scores=tuple(one[0] for one in scores),
        scores_of_all=tuple(one[1] for one in scores),
        scores_of_random=tuple(one[2] for one in scores),
    )


def _score(data: StudyData, fold: Fold, columns: list[int], seed: int) -> float:
    values = data.values[:, columns]
    model = forest(seed).fit(values[fold.train], data.labels[fold.train])
    return score(data.labels[fold.test], model.predict(values[fold.test]))


def frequencies(picks: list[list[int]], n: int) -> NDArray[np.float64]:
    """Return how often each of `n` features was chosen, as a share of the folds."""
    chosen = np.zeros((len(picks), n))
    for row, pick in zip(chosen, picks, strict=True):
        row[pick] = 1.0
    return chosen.mean(axis=0)


def stability(picks: list[list[int]], n: int) -> float:
    """Return how alike the choices are.

    Parameters
    ----------
    picks : list of list of int
        Places of the features that each fold chose.
    n : int
        How many features there are.

    Returns
    -------
    float
        Nogueira, Sechidis and Brown, Journal of Machine Learning Research 18 (2018), equation 4:
        1 minus the variance of the choices over that of choices by chance. 1 where all were
        chosen.

    Examples
    --------
    >>> stability([[0, 1], [0, 1], [1, 0]], 10)
    1.0
    >>> round(stability([[0], [1]], 2), 6)
    -1.0
    """
    frequency = frequencies(picks, n)
    share = float(frequency.mean())
    by_chance = share * (1 - share)
    if len(picks) < 2 or by_chance <= 0:
        return 1.0
    variance = len(picks) / (len(picks) - 1) * frequency * (1 - frequency)
    return float(1 - variance.mean() / by_chance)


def by_variance(
    values: NDArray[np.float64], _labels: NDArray[np.intp], n: int, _seed: int, _tick: Tick
) -> list[int]:
    """Return the features that vary most once their range is 0 to 1."""
    span = np.ptp(values, axis=0)
    scaled = (values - values.min(axis=0)) / np.where(span > 0, span, 1.0)
    return _largest(scaled.var(axis=0), n)


def by_correlation(
    values: NDArray[np.float64], labels: NDArray[np.intp], n: int, _seed: int, _tick: Tick
) -> list[int]:
    """Return the features that tell classes apart best (ANOVA), without those like a better one."""
    alike = np.abs(correlations(values))
    chosen: list[int] = []
    for one in _largest(anova_f(values, labels), values.shape[1]):
        if len(chosen) < n and (alike[one, chosen] <= _TOO_ALIKE).all():
            chosen.append(one)
    return chosen


def by_mutual_information(
    values: NDArray[np.float64], labels: NDArray[np.intp], n: int, seed: int, _tick: Tick
) -> list[int]:
    """Return the features that each for itself say most about the class."""
    return _largest(mutual_information(values, labels, seed), n)


def by_recursive_elimination(
    values: NDArray[np.float64], labels: NDArray[np.intp], n: int, seed: int, tick: Tick
) -> list[int]:
    """Return what is left when a forest's least important features go, step by step."""
    left = list(range(values.shape[1]))
    while True:
        tick(1 - len(left) / values.shape[1])
        shares = forest(seed, _N_TREES).fit(values[:, left], labels).feature_importances_
        order = np.argsort(-shares, kind="stable")
        if len(left) <= n:
            return [left[one] for one in order]
        keep = max(n, len(left) - max(1, len(left) // 10))
        left = [left[one] for one in sorted(order[:keep])]


def by_mrmr(
    values: NDArray[np.float64], labels: NDArray[np.intp], n: int, seed: int, _tick: Tick
) -> list[int]:
    """Return features that say much about the class and little about each other.

    Mutual information with the class minus the mean mutual information with what was chosen
    before, the latter as for Gaussians: -ln(1 - r^2) / 2. Peng, Long and Ding, IEEE Transactions on
    Pattern Analysis and Machine Intelligence 27 (2005).
    """
    relevance = mutual_information(values, labels, seed)
    alike = -0.5 * np.log(np.maximum(1 - correlations(values) ** 2, _FLOOR))
    chosen = [int(relevance.argmax())]
    while len(chosen) < n:
        merit = relevance - alike[:, chosen].mean(axis=1)
        merit[chosen] = -np.inf
        chosen.append(int(merit.argmax()))
    return chosen


def correlations(values: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the correlation of every two columns, shape (feature, feature); 0 for constants.

    Examples
    --------
    >>> correlations(np.array([[1.0, 2.0, 5.0], [2.0, 4.0, 5.0], [3.0, 6.0, 5.0]])).round(6)[0, 1:]
    array([1., 0.])
    """
    centred = values - values.mean(axis=0)
    scale = np.sqrt(np.square(centred).sum(axis=0))
    varied = scale > 1e-12 * np.abs(values).max(axis=0) * np.sqrt(len(values))
    standard = np.where(varied, centred / np.where(varied, scale, 1.0), 0.0)
    answer: NDArray[np.float64] = np.clip(standard.T @ standard, -1.0, 1.0)
    np.fill_diagonal(answer, 1.0)
    return answer


def _largest(merit: NDArray[np.float64], n: int) -> list[int]:
    return [int(one) for one in np.argsort(-merit, kind="stable")[:n]]


SELECTORS: Final[Mapping[str, Choose]] = {
    "variance": by_variance,
    "correlation": by_correlation,
    "mutual-information": by_mutual_information,
    "recursive": by_recursive_elimination,
    "mrmr": by_mrmr,
}
