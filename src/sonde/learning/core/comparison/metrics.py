"""Metrics of several experiments with intervals over units, and paired differences of them.

A metric's own interval is drawn as the result page draws it (whole groups within each class). The
interval of a difference is a paired bootstrap of units: rescaled (Rao and Wu, 1988) and with
quantiles widened by Student's t (Hesterberg, 2015), because few units would make it too narrow.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from sonde.learning.core.comparison.aligned import Aligned, unit_verdicts
from sonde.learning.core.evaluation import aggregate, draw_by_stratum, strata_of

_SMALLEST: Final = 1e-12


@dataclass(frozen=True)
class Estimate:
    """A value with the interval around it."""

    value: float
    low: float
    high: float


@dataclass(frozen=True)
class MetricKind:
    """One metric: its name, its title, and which way is better."""

    name: str
    title: str
    higher_is_better: bool = True


METRICS: Final = (
    MetricKind("macro_f1", "Macro-F1"),
    MetricKind("accuracy", "Accuracy"),
    MetricKind("balanced_accuracy", "Balanced accuracy"),
    MetricKind("unit_accuracy", "Right verdicts"),
    MetricKind("log_loss", "Log loss", higher_is_better=False),
    MetricKind("brier", "Brier score", higher_is_better=False),
)
_IS_SHARE: Final = np.array([one.higher_is_better for one in METRICS])


class MetricDraws:
    """All metrics of all experiments under weights of units.

    Parameters
    ----------
    aligned : Aligned
    """

    def __init__(self, aligned: Aligned) -> None:
        self._aligned = aligned
        self._n_folds, self._n_classes = len(aligned.fold_names), len(aligned.class_names)
        n_units, of_row = len(aligned.units), aligned.units.of_row
        self._rows = np.bincount(of_row, minlength=n_units).astype(np.float64)
        self._verdicts = unit_verdicts(aligned).astype(np.float64)
        truth = np.eye(self._n_classes)[aligned.labels]
        chosen = np.take_along_axis(aligned.probabilities, aligned.labels[None, :, None], axis=2)
        losses = -np.log(np.maximum(chosen[:, :, 0], _SMALLEST))
        brier = ((aligned.probabilities - truth) ** 2).sum(axis=2)
        self._losses = self._by_unit(losses)
        self._brier = self._by_unit(brier)
        self._cells = [self._cells_of(told) for told in aligned.told]

    @cached_property
    def is_mean(self) -> bool:
        """Whether macro-F1 is the mean of the folds: every fold tests every class."""
        tested = np.zeros((self._n_folds, self._n_classes), dtype=np.bool_)
        tested[self._aligned.folds, self._aligned.labels] = True
        return bool(tested.all())

    def confusions(self, weights: NDArray[np.float64], place: int) -> NDArray[np.float64]:
        """Return confusion matrices of one experiment, shape (draw, fold, class, class).

        Parameters
        ----------
        weights : ndarray of float64, shape (draw, unit)
        place : int
            Which experiment.
        """
        sums = np.asarray((self._cells[place].T @ weights.T).T)
        shape = (len(weights), self._n_folds, self._n_classes, self._n_classes)
        return sums.reshape(shape)

    def of(self, weights: NDArray[np.float64], place: int) -> NDArray[np.float64]:
        """Return the metrics of one experiment, shape (metric, draw), in the order of `METRICS`.

        Parameters
        ----------
        weights : ndarray of float64, shape (draw, unit)
        place : int
        """
        per_fold = self.confusions(weights, place)
        pooled = per_fold.sum(axis=1)
        hits = np.diagonal(pooled, axis1=1, axis2=2)
        truly = pooled.sum(axis=2)
        n_rows, n_units = weights @ self._rows, weights.sum(axis=1)
        recalls = np.where(truly > 0, hits / np.maximum(truly, _SMALLEST), np.nan)
        return np.stack(
            [
                aggregate(per_fold, self.is_mean),
                hits.sum(axis=1) / n_rows,
                np.nanmean(recalls, axis=1),
                weights @ self._verdicts[place] / n_units,
                weights @ self._losses[place] / n_rows,
                weights @ self._brier[place] / n_rows,
            ]
        )

    def _by_unit(self, values: NDArray[np.float64]) -> NDArray[np.float64]:
        of_row, n_units = self._aligned.units.of_row, len(self._aligned.units)
        return np.stack([np.bincount(of_row, weights=row, minlength=n_units) for row in values])

    def _cells_of(self, told: NDArray[np.intp]) -> Any:
        from scipy.sparse import coo_array

        aligned, n = self._aligned, self._n_classes
        cell = (aligned.folds * n + aligned.labels) * n + told
        shape = (len(aligned.units), self._n_folds * n * n)
        ones = np.ones(len(cell))
        return coo_array((ones, (aligned.units.of_row, cell)), shape=shape).tocsr()


def paired_weights(strata: NDArray[np.intp], n_draws: int, seed: int) -> NDArray[np.float64]:
    """Return rescaled bootstrap weights: n - 1 of the n units of each stratum, times n / (n - 1).

    Their variance is that of a mean, without the factor (n - 1) / n of the plain bootstrap. A
    stratum of one unit keeps it.

    Parameters
    ----------
    strata : ndarray of intp, shape (unit,)
    n_draws, seed : int
    """
    random = np.random.default_rng(seed)
    weights = np.ones((n_draws, len(strata)))
    for stratum in np.unique(strata):
        mine = np.flatnonzero(strata == stratum)
        n = len(mine)
        if n > 1:
            drawn = random.multinomial(n - 1, np.full(n, 1.0 / n), size=n_draws)
            weights[:, mine] = drawn * (n / (n - 1.0))
    return weights


def widened_interval(
    value: float,
    draws: NDArray[np.float64],
    freedom: int,
    level: float,
    bounds: tuple[float, float] = (0.0, 1.0),
) -> Estimate:
    """Return a value with the percentile interval of its draws, widened by Student's t.

    Parameters
    ----------
    value : float
    draws : ndarray of float64, shape (draw,)
        NaN is left out.
    freedom : int
        Degrees of freedom: units less strata.
    level : float
        0.05 for a 95 % interval.
    bounds : tuple of float
        Least and largest possible value: the interval where nothing can be drawn.
    """
    from scipy.special import ndtr, stdtrit

    kept = draws[~np.isnan(draws)]
    if freedom < 1 or not len(kept):
        return Estimate(value, *bounds)
    tail = float(ndtr(stdtrit(freedom, level / 2.0)))
    low, high = np.quantile(kept, [tail, 1.0 - tail])
    return Estimate(value, float(low), float(high))


def own_intervals(
    draws: MetricDraws, aligned: Aligned, places: Sequence[int], n_draws: int
) -> list[list[Estimate]]:
    """Return every metric of every experiment with its interval, [experiment][metric].

    Parameters
    ----------
    draws : MetricDraws
        Of `aligned`.
    aligned : Aligned
    places : sequence of int
    n_draws : int
    """
    weights = _group_weights(aligned, n_draws)
    ones = np.ones((1, len(aligned.units)))
    found = []
    for place in places:
        values, drawn = draws.of(ones, place)[:, 0], draws.of(weights, place)
        lows, highs = np.nanquantile(drawn, [0.025, 0.975], axis=1)
        if (weights == 1.0).all():  # no class has a second group: every share is possible
            lows, highs = np.where(_IS_SHARE, 0.0, lows), np.where(_IS_SHARE, 1.0, highs)
        found.append([Estimate(*map(float, one)) for one in zip(values, lows, highs, strict=True)])
    return found


def _group_weights(aligned: Aligned, n_draws: int) -> NDArray[np.float64]:
    """Return what `evaluate` draws: whole groups within each mix of classes."""
    groups, of_row = np.unique(aligned.groups, return_inverse=True)
    shape = (len(groups), len(aligned.class_names))
    strata = strata_of(of_row.ravel(), aligned.labels, shape)
    group_of_unit = np.zeros(len(aligned.units), dtype=np.intp)
    group_of_unit[aligned.units.of_row] = of_row.ravel()
    drawn: NDArray[np.float64] = draw_by_stratum(strata, n_draws, seed=0)[:, group_of_unit]
    return drawn
