"""Curves over every threshold: receiver operating characteristic, precision and recall."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sonde.learning.core.evaluating.grouped import draw_groups, interval

GRID = np.linspace(0.0, 1.0, 101)


@dataclass(frozen=True)
class Counts:
    """What is told at every distinct score, the highest first.

    Parameters
    ----------
    scores : ndarray of float64, shape (threshold,)
    hits, false_alarms : ndarray of float64, shape (threshold,)
        Weight of positives and of negatives at or above each score.
    """

    scores: NDArray[np.float64]
    hits: NDArray[np.float64]
    false_alarms: NDArray[np.float64]


def count_thresholds(
    is_positive: NDArray[np.bool_],
    scores: NDArray[np.float64],
    weights: NDArray[np.float64] | None = None,
) -> Counts:
    """Count hits and false alarms at every distinct score.

    Parameters
    ----------
    is_positive : ndarray of bool, shape (sample,)
    scores : ndarray of float64, shape (sample,)
        High means positive.
    weights : ndarray of float64, shape (sample,), optional
    """
    weights = np.ones(len(scores)) if weights is None else weights
    order = np.argsort(-scores, kind="stable")
    ranked = scores[order]
    last = np.flatnonzero(np.append(np.diff(ranked) != 0.0, True))
    heavy = weights[order]
    positive = is_positive[order]
    return Counts(
        ranked[last],
        np.cumsum(heavy * positive)[last],
        np.cumsum(heavy * ~positive)[last],
    )


def roc(counts: Counts) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return false-alarm rate and hit rate, from (0, 0) to (1, 1).

    Parameters
    ----------
    counts : Counts

    Returns
    -------
    false_alarm_rate, hit_rate : ndarray of float64, shape (threshold + 1,)
        NaN where there are no negatives or no positives.
    """
    with np.errstate(invalid="ignore", divide="ignore"):
        x = np.append(0.0, counts.false_alarms) / counts.false_alarms[-1]
        y = np.append(0.0, counts.hits) / counts.hits[-1]
    return x, y


def area_under_roc(counts: Counts) -> float:
    """Return the area under the ROC: the chance that a positive outranks a negative.

    Ties count half, as in the statistic of Mann and Whitney (Hanley and McNeil 1982).

    Parameters
    ----------
    counts : Counts

    Examples
    --------
    >>> told = np.array([0.1, 0.4, 0.35, 0.8])
    >>> area_under_roc(count_thresholds(np.array([False, False, True, True]), told))
    0.75
    """
    x, y = roc(counts)
    return float(np.sum(np.diff(x) * (y[1:] + y[:-1]) / 2.0))


def precision_recall(counts: Counts) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return recall and precision at every threshold, the highest first.

    Parameters
    ----------
    counts : Counts
    """
    with np.errstate(invalid="ignore", divide="ignore"):
        recall = counts.hits / counts.hits[-1]
        precision = counts.hits / (counts.hits + counts.false_alarms)
    return recall, precision


def average_precision(counts: Counts) -> float:
    """Return the sum of precision over the steps of recall, without interpolation.

    AP = sum of (R_n - R_(n-1)) P_n, as scikit-learn defines it.

    Parameters
    ----------
    counts : Counts

    Examples
    --------
    >>> told = np.array([0.1, 0.4, 0.35, 0.8])
    >>> round(average_precision(count_thresholds(np.array([False, False, True, True]), told)), 4)
    0.8333
    """
    recall, precision = precision_recall(counts)
    steps = np.diff(np.append(0.0, recall))
    return float(np.sum(np.where(steps > 0, steps * precision, 0.0) if len(steps) else np.nan))


@dataclass(frozen=True)
class ClassCurves:
    """Both curves of one class against the rest, with bands over groups.

    Parameters
    ----------
    hit_rate, hit_low, hit_high : ndarray of float64, shape (101,)
        Over false-alarm rates of 0, 0.01 ... 1.
    precision, precision_low, precision_high : ndarray of float64, shape (101,)
        Over recalls of 0, 0.01 ... 1: the best precision at that recall or more.
    auc, ap : float
    auc_interval, ap_interval : tuple of float, optional
    share : float
        Of the positives among all samples: the precision of guessing.
    """

    hit_rate: NDArray[np.float64]
    hit_low: NDArray[np.float64]
    hit_high: NDArray[np.float64]
    precision: NDArray[np.float64]
    precision_low: NDArray[np.float64]
    precision_high: NDArray[np.float64]
    auc: float
    ap: float
    auc_interval: tuple[float, float] | None
    ap_interval: tuple[float, float] | None
    share: float


def _on_grid(counts: Counts) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return hit rate over even false-alarm rates, and precision over even recalls."""
    x, y = roc(counts)
    recall, precision = precision_recall(counts)
    best = np.maximum.accumulate(np.nan_to_num(precision)[::-1])[::-1]
    place = np.minimum(np.searchsorted(recall, GRID - 1e-12), len(best) - 1)
    return np.interp(GRID, x, y), best[place]


def class_curves(
    is_positive: NDArray[np.bool_],
    scores: NDArray[np.float64],
    groups: NDArray[np.str_],
    n_draws: int = 300,
    seed: int = 0,
) -> ClassCurves | None:
    """Return the curves of one class against the rest; None where one side is empty.

    Parameters
    ----------
    is_positive : ndarray of bool, shape (sample,)
    scores : ndarray of float64, shape (sample,)
    groups : ndarray of str, shape (sample,)
        Drawn as a whole for the bands.
    n_draws, seed : int
    """
    if is_positive.all() or not is_positive.any():
        return None
    counts = count_thresholds(is_positive, scores)
    draws = draw_groups(groups, is_positive.astype(np.intp), n_draws, seed)
    hit, precise = np.full((2, n_draws, len(GRID)), np.nan)
    areas, averages = np.full((2, n_draws), np.nan)
    for number in range(n_draws):
        drawn = count_thresholds(is_positive, scores, draws.of_samples(number))
        if drawn.hits[-1] > 0 and drawn.false_alarms[-1] > 0:
            hit[number], precise[number] = _on_grid(drawn)
            areas[number], averages[number] = area_under_roc(drawn), average_precision(drawn)
    own = _on_grid(counts)
    bands = [np.nanquantile(one, [0.025, 0.975], axis=0) for one in (hit, precise)]
    return ClassCurves(
        hit_rate=own[0],
        hit_low=bands[0][0],
        hit_high=bands[0][1],
        precision=own[1],
        precision_low=bands[1][0],
        precision_high=bands[1][1],
        auc=area_under_roc(counts),
        ap=average_precision(counts),
        auc_interval=interval(areas),
        ap_interval=interval(averages),
        share=float(is_positive.mean()),
    )
