"""How sure the figures of single classes are: intervals over whole groups."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sonde.learning.core.evaluating.grouped import draw_groups, interval
from sonde.learning.core.evaluation import f1_scores
from sonde.learning.core.held_out import HeldOut

_N_DRAWS = 1000

Ends = tuple[float, float] | None
"""Low and high end of an interval; None where no second group can be drawn."""


@dataclass(frozen=True)
class ClassIntervals:
    """Intervals of one class.

    Parameters
    ----------
    name : str
    precision, recall, f1 : tuple of float, optional
    """

    name: str
    precision: Ends
    recall: Ends
    f1: Ends


@dataclass(frozen=True)
class ScoreIntervals:
    """Intervals of everything but the headline, which has its own.

    Parameters
    ----------
    accuracy : tuple of float, optional
    classes : tuple of ClassIntervals
        In the order of the classes.
    """

    accuracy: Ends
    classes: tuple[ClassIntervals, ...]


def score_intervals(table: HeldOut) -> ScoreIntervals:
    """Return intervals of the accuracy and of every class, by drawing whole groups.

    Parameters
    ----------
    table : HeldOut

    Returns
    -------
    ScoreIntervals
        Of 95 %.
    """
    draws = draw_groups(table.groups, table.labels, _N_DRAWS)
    n_classes = len(table.class_names)
    shape = (len(draws.names), n_classes, n_classes)
    cells = np.ravel_multi_index((draws.position, table.labels, table.told), shape)
    counts = np.bincount(cells, minlength=int(np.prod(shape))).reshape(shape).astype(float)
    drawn = np.tensordot(draws.weights, counts, axes=1)
    hits = np.diagonal(drawn, axis1=1, axis2=2)
    with np.errstate(invalid="ignore", divide="ignore"):
        accuracy = hits.sum(axis=1) / drawn.sum(axis=(1, 2))
        precision, recall = hits / drawn.sum(axis=1), hits / drawn.sum(axis=2)
    columns = (precision, recall, f1_scores(drawn))
    n_groups = (counts.sum(axis=2) > 0).sum(axis=0)

    def of(label: int) -> ClassIntervals:
        ends = [_ends(values[:, label], int(n_groups[label])) for values in columns]
        return ClassIntervals(table.class_names[label], *ends)

    return ScoreIntervals(
        _ends(accuracy, int(n_groups.max(initial=0))), tuple(map(of, range(n_classes)))
    )


def _ends(values: NDArray[np.float64], n_groups: int) -> Ends:
    return interval(values) if n_groups > 1 else None
