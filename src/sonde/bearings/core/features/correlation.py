"""Which features say the same: their correlations, alike ones beside each other."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sonde.bearings.core.features.selection import correlations
from sonde.bearings.core.features.table import FeatureTable
from sonde.platform.core.errors import Invalid

ALIKE = 0.8
MOST_PAIRS = 20


@dataclass(frozen=True)
class CorrelationMap:
    """Correlations of features.

    Parameters
    ----------
    names : tuple of str
        In the order of the clusters.
    values : ndarray of float64, shape (feature, feature)
        Pearson's r.
    pairs : tuple of (str, str, float)
        The strongest above 0.8, at most 20.
    left_out : tuple of str
        Columns with gaps or without variation.
    """

    names: tuple[str, ...]
    values: NDArray[np.float64]
    pairs: tuple[tuple[str, str, float], ...]
    left_out: tuple[str, ...]


def correlation_map(table: FeatureTable) -> CorrelationMap:
    """Return the correlations of a table's columns, ordered by average linkage of 1 - abs(r).

    Parameters
    ----------
    table : FeatureTable

    Raises
    ------
    Invalid
        If fewer than two columns can be compared.

    Examples
    --------
    >>> time = np.arange(20.0)
    >>> values = np.stack([time, np.sin(time), -time], axis=1)
    >>> found = correlation_map(FeatureTable(("a", "b", "c"), tuple(map(str, range(20))), values))
    >>> found.names, found.pairs
    (('b', 'a', 'c'), (('a', 'c', -1.0),))
    """
    measured = ~np.isnan(table.values).all(axis=1)
    values = table.values[measured]
    if len(values) < 3:
        raise Invalid("A correlation needs at least three recordings.")
    varied = np.isfinite(values).all(axis=0) & (np.ptp(values, axis=0) > 0)
    names = [name for name, is_varied in zip(table.names, varied, strict=True) if is_varied]
    if len(names) < 2:
        raise Invalid("A correlation needs at least two features that vary.")
    matrix = correlations(values[:, varied])
    order = _clustered(matrix)
    return CorrelationMap(
        tuple(names[one] for one in order),
        matrix[np.ix_(order, order)],
        _pairs(names, matrix),
        tuple(name for name in table.names if name not in names),
    )


def _clustered(matrix: NDArray[np.float64]) -> list[int]:
    from scipy.cluster.hierarchy import leaves_list, linkage
    from scipy.spatial.distance import squareform

    if len(matrix) < 3:
        return list(range(len(matrix)))
    distance = 1 - np.abs(matrix)
    np.fill_diagonal(distance, 0.0)
    condensed = squareform((distance + distance.T) / 2, checks=False)
    return [int(one) for one in leaves_list(linkage(condensed, "average"))]


def _pairs(names: list[str], matrix: NDArray[np.float64]) -> tuple[tuple[str, str, float], ...]:
    rows, columns = np.triu_indices(len(names), 1)
    values = matrix[rows, columns]
    order = np.argsort(-np.abs(values), kind="stable")[:MOST_PAIRS]
    return tuple(
        (names[rows[one]], names[columns[one]], round(float(values[one]), 6))
        for one in order
        if abs(values[one]) > ALIKE
    )
