"""How the values of a feature are spread in each class."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sonde.bearings.core.features.table import FeatureTable

_DRAWN = 400


@dataclass(frozen=True)
class ClassSpread:
    """Values of one feature in one class.

    Parameters
    ----------
    label : str
    n : int
        Recordings that have a value.
    low, q1, median, q3, high : float
        Quartiles, and the last values within 1.5 times their distance (Tukey's whiskers).
    outliers : ndarray of float64
        What lies beyond, thinned to 400.
    quantiles : ndarray of float64
        At most 400 values that stand for all, evenly spaced in rank.
    """

    label: str
    n: int
    low: float
    q1: float
    median: float
    q3: float
    high: float
    outliers: NDArray[np.float64]
    quantiles: NDArray[np.float64]


def distribution(table: FeatureTable, name: str, labels: Sequence[str]) -> tuple[ClassSpread, ...]:
    """Return the spread of a feature in every class, classes by name.

    Parameters
    ----------
    table : FeatureTable
    name : str
    labels : sequence of str
        Class of each row.

    Raises
    ------
    Invalid
        If there is no such column.

    Examples
    --------
    >>> values = np.array([[1.0], [2.0], [3.0], [4.0], [50.0]])
    >>> table = FeatureTable(("RMS",), tuple("abcde"), values)
    >>> found = distribution(table, "RMS", ["x"] * 5)[0]
    >>> found.median, found.high, found.outliers.tolist()
    (3.0, 4.0, [50.0])
    """
    column = table.column(name)
    classes = np.array(labels)
    found = []
    for label in sorted(set(labels)):
        values = np.sort(column[(classes == label) & np.isfinite(column)])
        if len(values):
            found.append(_spread(label, values))
    return tuple(found)


def _spread(label: str, values: NDArray[np.float64]) -> ClassSpread:
    q1, median, q3 = (float(one) for one in np.quantile(values, (0.25, 0.5, 0.75)))
    reach = 1.5 * (q3 - q1)
    within = values[(values >= q1 - reach) & (values <= q3 + reach)]
    beyond = values[(values < q1 - reach) | (values > q3 + reach)]
    return ClassSpread(
        label=label,
        n=len(values),
        low=float(within.min()),
        q1=q1,
        median=median,
        q3=q3,
        high=float(within.max()),
        outliers=_thinned(beyond),
        quantiles=_thinned(values),
    )


def _thinned(values: NDArray[np.float64]) -> NDArray[np.float64]:
    if len(values) <= _DRAWN:
        return values
    return values[np.linspace(0, len(values) - 1, _DRAWN).round().astype(int)]
