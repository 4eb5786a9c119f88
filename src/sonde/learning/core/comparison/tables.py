"""Where experiments differ: per class, per slice, per fold and per unit."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from sonde.learning.core.comparison.aligned import Aligned, unit_shares, unit_verdicts
from sonde.learning.core.comparison.metrics import (
    Estimate,
    MetricDraws,
    widened_interval,
)
from sonde.learning.core.evaluation import f1_scores, macro_f1

MOST_VALUES: Final = 30
MOST_UNITS: Final = 400


@dataclass(frozen=True)
class ClassRow:
    """One class.

    Parameters
    ----------
    name : str
    n_rows, n_units : int
    precision, recall : tuple of float
        Of each experiment.
    f1 : tuple of Estimate
        Of each experiment.
    """

    name: str
    n_rows: int
    n_units: int
    precision: tuple[float, ...]
    recall: tuple[float, ...]
    f1: tuple[Estimate, ...]


@dataclass(frozen=True)
class SliceRow:
    """The windows with one value of one attribute.

    Parameters
    ----------
    attribute, value : str
    n_rows, n_units : int
    accuracy : tuple of Estimate
        Of each experiment.
    """

    attribute: str
    value: str
    n_rows: int
    n_units: int
    accuracy: tuple[Estimate, ...]


@dataclass(frozen=True)
class FoldRow:
    """One fold: the macro-F1 of each experiment in it."""

    name: str
    macro_f1: tuple[float, ...]


@dataclass(frozen=True)
class UnitRow:
    """One unit.

    Parameters
    ----------
    name, class_name : str
    n_rows : int
    shares : tuple of float
        Share of right windows of each experiment.
    verdicts : tuple of bool
        Whether its soft vote is right.
    sample : (str, int, int)
        Recording, first and one past the last position of the window on which they differ most.
    """

    name: str
    class_name: str
    n_rows: int
    shares: tuple[float, ...]
    verdicts: tuple[bool, ...]
    sample: tuple[str, int, int]


def class_rows(
    aligned: Aligned, draws: MetricDraws, weights: NDArray[np.float64]
) -> tuple[ClassRow, ...]:
    """Return precision, recall and F1 of every class in every experiment.

    Parameters
    ----------
    aligned : Aligned
    draws : MetricDraws
    weights : ndarray of float64, shape (draw, unit)
        For the interval of F1: see `paired_weights`.
    """
    n_experiments, units = len(aligned.probabilities), aligned.units
    freedom = len(units) - len(np.unique(units.strata))
    ones = np.ones((1, len(units)))
    pooled = [draws.confusions(ones, e).sum(axis=1)[0] for e in range(n_experiments)]
    drawn = [f1_scores(draws.confusions(weights, e).sum(axis=1)) for e in range(n_experiments)]
    values = [np.nan_to_num(f1_scores(one)) for one in pooled]
    rows = []
    for label, name in enumerate(aligned.class_names):
        mine = aligned.labels == label
        rows.append(
            ClassRow(
                name=name,
                n_rows=int(mine.sum()),
                n_units=len(np.unique(units.of_row[mine])),
                precision=tuple(_share(one[label, label], one[:, label].sum()) for one in pooled),
                recall=tuple(_share(one[label, label], one[label].sum()) for one in pooled),
                f1=tuple(
                    widened_interval(float(value[label]), one[:, label], freedom, 0.05)
                    for value, one in zip(values, drawn, strict=True)
                ),
            )
        )
    return tuple(rows)


def slice_rows(aligned: Aligned, weights: NDArray[np.float64]) -> tuple[SliceRow, ...]:
    """Return the accuracy of every experiment for each value of each attribute.

    Attributes with one value say nothing; of those with many, the 30 values with the most windows
    are kept.

    Parameters
    ----------
    aligned : Aligned
    weights : ndarray of float64, shape (draw, unit)
        See `paired_weights`.
    """
    rows = []
    for attribute, values in aligned.attributes.items():
        known, counts = np.unique(values, return_counts=True)
        if len(known) < 2:
            continue
        most = np.sort(np.argsort(-counts, kind="stable")[:MOST_VALUES])
        rows += [
            _slice_row(aligned, attribute, str(known[at]), values == known[at], weights)
            for at in most
        ]
    return tuple(rows)


def _slice_row(
    aligned: Aligned,
    attribute: str,
    value: str,
    mine: NDArray[np.bool_],
    weights: NDArray[np.float64],
) -> SliceRow:
    of_row, n_units = aligned.units.of_row[mine], len(aligned.units)
    present = np.unique(of_row)
    sizes = np.bincount(of_row, minlength=n_units)[present].astype(np.float64)
    drawn_sizes = weights[:, present] @ sizes
    freedom = len(present) - 1
    found = []
    for right in aligned.right:
        hits = np.bincount(of_row, weights=right[mine], minlength=n_units)[present]
        with np.errstate(invalid="ignore", divide="ignore"):
            drawn = (weights[:, present] @ hits) / drawn_sizes
        share = float(hits.sum() / sizes.sum())
        found.append(widened_interval(share, drawn, freedom, 0.05))
    return SliceRow(attribute, value, int(mine.sum()), len(present), tuple(found))


def fold_rows(aligned: Aligned, draws: MetricDraws) -> tuple[FoldRow, ...]:
    """Return the macro-F1 of every experiment in each fold.

    Parameters
    ----------
    aligned : Aligned
    draws : MetricDraws
    """
    ones = np.ones((1, len(aligned.units)))
    per_fold = [
        macro_f1(draws.confusions(ones, place)[0]) for place in range(len(aligned.probabilities))
    ]
    return tuple(
        FoldRow(name, tuple(float(scores[fold]) for scores in per_fold))
        for fold, name in enumerate(aligned.fold_names)
    )


def unit_rows(aligned: Aligned) -> tuple[UnitRow, ...]:
    """Return every unit, those first on which the experiments differ most; at most 400.

    Parameters
    ----------
    aligned : Aligned
    """
    units, shares, verdicts = aligned.units, unit_shares(aligned), unit_verdicts(aligned)
    sizes = np.bincount(units.of_row, minlength=len(units))
    spread = np.ptp(shares, axis=0)
    order = np.lexsort((units.names, -spread))[:MOST_UNITS]
    return tuple(
        UnitRow(
            name=str(units.names[at]),
            class_name=", ".join(_classes(aligned, int(at))),
            n_rows=int(sizes[at]),
            shares=tuple(float(one) for one in shares[:, at]),
            verdicts=tuple(bool(one) for one in verdicts[:, at]),
            sample=_telling_sample(aligned, int(at)),
        )
        for at in order
    )


def _classes(aligned: Aligned, unit: int) -> Sequence[str]:
    labels = np.unique(aligned.labels[aligned.units.of_row == unit])
    return [aligned.class_names[label] for label in labels]


def _telling_sample(aligned: Aligned, unit: int) -> tuple[str, int, int]:
    """Return the window of a unit on whose true class the experiments agree least."""
    rows = np.flatnonzero(aligned.units.of_row == unit)
    given = aligned.probabilities[:, rows, aligned.labels[rows]]
    row = rows[int(np.ptp(given, axis=0).argmax())]
    first, last = aligned.spans[row].tolist()
    return str(aligned.recordings[row]), first, last


def _share(part: float, whole: float) -> float:
    return float(part / whole) if whole else 0.0
