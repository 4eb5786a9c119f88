"""Scores by condition: what a model is worth at each speed, load, severity, and for each group."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sonde.learning.core.evaluating.grouped import draw_groups
from sonde.learning.core.evaluating.scoring import score
from sonde.learning.core.held_out import HeldOut

_N_DRAWS = 500
_MOST_VALUES = 60


@dataclass(frozen=True)
class Slice:
    """One value of one condition.

    Parameters
    ----------
    attribute, value : str
    n_samples, n_groups : int
        Tested.
    accuracy : float
    low, high : float, optional
        Interval of the accuracy over groups; None where no class has a second group to draw.
    worst_class : str
        The class with the lowest recall in this slice; empty where all are told rightly.
    worst_recall : float, optional
    """

    attribute: str
    value: str
    n_samples: int
    n_groups: int
    accuracy: float
    low: float | None
    high: float | None
    worst_class: str
    worst_recall: float | None


def slices(table: HeldOut) -> tuple[Slice, ...]:
    """Return the scores of every value of every condition that differs between samples.

    Parameters
    ----------
    table : HeldOut

    Returns
    -------
    tuple of Slice
        By attribute, the group's own noun last; within each the worst first.
    """
    columns = dict(table.attributes) | {table.group_noun: table.groups}
    found = []
    for attribute, values in columns.items():
        names = [str(one) for one in np.unique(values) if str(one)]
        if 2 <= len(names) <= _MOST_VALUES:
            rows = [_slice(table, attribute, name, values == name) for name in names]
            found += sorted(rows, key=lambda one: one.accuracy)
    return tuple(found)


def _slice(table: HeldOut, attribute: str, value: str, mine: NDArray[np.bool_]) -> Slice:
    labels, groups = table.labels[mine], table.groups[mine]
    draws = draw_groups(groups, labels, _N_DRAWS)
    is_drawn = bool((draws.weights != 1.0).any())
    judged = score(
        labels,
        table.told[mine],
        np.zeros(len(labels), dtype=np.int64),
        len(table.class_names),
        draws,
    )
    low, high = judged.accuracy_interval or (judged.accuracy, judged.accuracy)
    recalls = np.where(np.isnan(judged.recalls), 2.0, judged.recalls)
    worst = int(recalls.argmin())
    errs = bool(recalls[worst] < 1.0)
    return Slice(
        attribute=attribute,
        value=value,
        n_samples=len(labels),
        n_groups=len(draws.names),
        accuracy=judged.accuracy,
        low=min(low, judged.accuracy) if is_drawn else None,
        high=max(high, judged.accuracy) if is_drawn else None,
        worst_class=table.class_names[worst] if errs else "",
        worst_recall=float(recalls[worst]) if errs else None,
    )


@dataclass(frozen=True)
class ToldSample:
    """One held-out sample and what was told of it.

    Parameters
    ----------
    recording, group, fold : str
    first, last : int
        Its stretch of the recording.
    label, told : str
    probability : float
        Of the class that was told.
    attributes : tuple of (str, str)
    """

    recording: str
    group: str
    fold: str
    first: int
    last: int
    label: str
    told: str
    probability: float
    attributes: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class LinkedSample:
    """A held-out sample and where it can be looked at; the link is empty where nowhere."""

    sample: ToldSample
    link: str


def told_samples(
    table: HeldOut, label: str = "", told: str = "", *, only_errors: bool = True, most: int = 200
) -> tuple[int, tuple[ToldSample, ...]]:
    """Return the samples of one cell of the confusion matrix, or all errors, the surest first.

    Parameters
    ----------
    table : HeldOut
    label, told : str
        Class names; empty for any.
    only_errors : bool
        Leave out what was told rightly, unless a cell is named.
    most : int

    Returns
    -------
    n_samples : int
        Of all of them.
    samples : tuple of ToldSample
        At most `most`.
    """
    names = np.array(table.class_names)
    mine = np.ones(len(table), dtype=np.bool_)
    if label:
        mine &= names[table.labels] == label
    if told:
        mine &= names[table.told] == told
    if only_errors and not (label and told):
        mine &= table.told != table.labels
    rows = np.flatnonzero(mine)
    sure = table.probabilities[rows, table.told[rows]]
    ranked = rows[np.argsort(-sure, kind="stable")][:most]
    return len(rows), tuple(_sample(table, int(row)) for row in ranked)


def _sample(table: HeldOut, row: int) -> ToldSample:
    told = int(table.told[row])
    return ToldSample(
        recording=str(table.recordings[row]),
        group=str(table.groups[row]),
        fold=table.fold_names[table.folds[row]],
        first=int(table.spans[row, 0]),
        last=int(table.spans[row, 1]),
        label=table.class_names[table.labels[row]],
        told=table.class_names[told],
        probability=float(table.probabilities[row, told]),
        attributes=tuple((name, str(values[row])) for name, values in table.attributes.items()),
    )
