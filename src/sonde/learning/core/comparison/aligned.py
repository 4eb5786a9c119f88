"""What several experiments said of the same samples, row for row, and the honest unit of each row.

Windows of one group are alike, so they are no independent witnesses. The unit of every test is the
group; a class that has one group in all is divided by record, and there the unit is the recording.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sonde.learning.core.comparison.agreement import Tested
from sonde.learning.core.evaluation import strata_of


@dataclass(frozen=True)
class Units:
    """What is counted as one independent witness.

    Parameters
    ----------
    names : ndarray of str, shape (unit,)
    of_row : ndarray of intp, shape (row,)
        Index of the unit of each row.
    strata : ndarray of intp, shape (unit,)
        Units with the same classes.
    noun : str
        ``"bearing"``, or ``"recording"`` where no class has two groups.
    notes : tuple of str
        What a reader must know.
    """

    names: NDArray[np.str_]
    of_row: NDArray[np.intp]
    strata: NDArray[np.intp]
    noun: str
    notes: tuple[str, ...] = ()

    def __len__(self) -> int:
        """Return the number of units."""
        return len(self.names)


@dataclass(frozen=True)
class Aligned:
    """Several experiments on the same rows.

    Parameters
    ----------
    class_names, fold_names : tuple of str
    labels, folds : ndarray of int64, shape (row,)
    probabilities : ndarray of float64, shape (experiment, row, class)
    recordings, groups : ndarray of str, shape (row,)
    spans : ndarray of int64, shape (row, 2)
    attributes : mapping of str to ndarray of str, shape (row,)
    units : Units
    """

    class_names: tuple[str, ...]
    fold_names: tuple[str, ...]
    labels: NDArray[np.int64]
    folds: NDArray[np.int64]
    probabilities: NDArray[np.float64]
    recordings: NDArray[np.str_]
    groups: NDArray[np.str_]
    spans: NDArray[np.int64]
    attributes: Mapping[str, NDArray[np.str_]]
    units: Units

    @property
    def told(self) -> NDArray[np.intp]:
        """The most probable class, shape (experiment, row)."""
        return self.probabilities.argmax(axis=2)

    @property
    def right(self) -> NDArray[np.bool_]:
        """Whether it is the true one, shape (experiment, row)."""
        return np.asarray(self.told == self.labels)


def align(tested: Sequence[Tested]) -> Aligned:
    """Bring the rows of experiments that agree into one order.

    Parameters
    ----------
    tested : sequence of Tested
        Of the same test key.
    """
    tables = [one.table for one in tested]
    orders = [
        np.lexsort((one.spans[:, 1], one.spans[:, 0], one.recordings, one.folds)) for one in tables
    ]
    first, order = tables[0], orders[0]
    labels = first.labels[order]
    groups, recordings = first.groups[order], first.recordings[order]
    return Aligned(
        class_names=first.class_names,
        fold_names=first.fold_names,
        labels=labels,
        folds=first.folds[order],
        probabilities=np.stack(
            [table.probabilities[rows] for table, rows in zip(tables, orders, strict=True)]
        ),
        recordings=recordings,
        groups=groups,
        spans=first.spans[order],
        attributes={name: values[order] for name, values in first.attributes.items()},
        units=units_of(
            labels,
            groups,
            recordings,
            (first.class_names, tested[0].certificate.divided_by_record),
            first.group_noun,
        ),
    )


def units_of(
    labels: NDArray[np.int64],
    groups: NDArray[np.str_],
    recordings: NDArray[np.str_],
    classes: tuple[Sequence[str], Sequence[str]],
    group_noun: str,
) -> Units:
    """Return the honest unit of every row.

    Where a single group of a class was tested but there are more, the group stays the unit: its
    recordings are no witnesses of what another one would do.

    Parameters
    ----------
    labels : ndarray of int64, shape (row,)
    groups, recordings : ndarray of str, shape (row,)
    classes : tuple of sequence of str
        The names of all, and of those that the certificate says were divided by record.
    group_noun : str

    Examples
    --------
    >>> units = units_of(
    ...     np.array([0, 0, 1, 1]),
    ...     np.array(["a", "a", "b", "c"]),
    ...     np.array(["r1", "r2", "r3", "r4"]),
    ...     (["healthy", "inner"], ["healthy"]),
    ...     "bearing",
    ... )
    >>> units.names.tolist(), units.notes
    (['b', 'c', 'r1', 'r2'], ('healthy has 1 bearing; there each recording is a unit',))
    """
    class_names, divided_by_record = classes
    alone = [class_names.index(name) for name in divided_by_record]
    # a group that also holds another class stays whole
    shared = np.unique(groups[~np.isin(labels, alone)])
    by_record = np.isin(labels, alone) & ~np.isin(groups, shared)
    keys = np.where(by_record, np.char.add("2", recordings), np.char.add("1", groups))
    known, of_row = np.unique(keys, return_inverse=True)
    of_row = of_row.ravel().astype(np.intp)
    mine = [labels == label for label in alone]
    divided = [
        name for name, one in zip(divided_by_record, mine, strict=True) if by_record[one].any()
    ]
    return Units(
        names=np.array([key[1:] for key in known.tolist()], dtype=np.str_),
        of_row=of_row,
        strata=strata_of(of_row, labels, (len(known), len(class_names))),
        noun="recording" if by_record.all() else group_noun,
        notes=tuple(
            f"{name} has 1 {group_noun}; there each recording is a unit" for name in divided
        ),
    )


def unit_shares(aligned: Aligned) -> NDArray[np.float64]:
    """Return which share of its windows each unit has right, shape (experiment, unit).

    Parameters
    ----------
    aligned : Aligned
    """
    units = aligned.units
    sizes = np.bincount(units.of_row, minlength=len(units))
    hits = [np.bincount(units.of_row, weights=row, minlength=len(units)) for row in aligned.right]
    return np.stack(hits) / sizes


def unit_verdicts(aligned: Aligned) -> NDArray[np.bool_]:
    """Return whether the soft vote over a unit's windows is right, shape (experiment, unit).

    The probabilities of a unit's windows are summed and the largest sum is its verdict. A unit
    with several classes votes once for each; it is right where the larger part of it is.

    Parameters
    ----------
    aligned : Aligned
    """
    units, n_classes = aligned.units, len(aligned.class_names)
    parts, of_row = np.unique(units.of_row * n_classes + aligned.labels, return_inverse=True)
    of_row = of_row.ravel()
    sizes = np.bincount(of_row)
    owners, truths = np.divmod(parts, n_classes)
    whole = np.bincount(owners, weights=sizes, minlength=len(units))
    verdicts = []
    for probabilities in aligned.probabilities:
        votes = np.stack([np.bincount(of_row, weights=column) for column in probabilities.T])
        is_right = votes.argmax(axis=0) == truths
        weight = np.bincount(owners, weights=sizes * is_right, minlength=len(units))
        verdicts.append(weight > 0.5 * whole)
    return np.stack(verdicts)
