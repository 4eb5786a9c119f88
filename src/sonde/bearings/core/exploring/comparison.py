"""Classes beside each other: in which features they differ, and by how much."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sonde.bearings.core.exploring.overview import class_order
from sonde.bearings.core.features.table import FeatureTable
from sonde.platform.core.errors import Invalid

_FEWEST_BINS, _MOST_BINS = 5, 60


@dataclass(frozen=True)
class ClassComparison:
    """Means of features in classes.

    Parameters
    ----------
    labels, names : tuple of str
        Rows and columns.
    means : ndarray of float64, shape (class, feature)
        In the unit of the feature; NaN where a class has no value.
    z : ndarray of float64, shape (class, feature)
        Distance of the class mean from the mean of all recordings, in standard deviations of all
        recordings; 0 for a feature that does not vary.
    scaled : ndarray of float64, shape (class, feature)
        The class means from 0 (the lowest class) to 1 (the highest).
    """

    labels: tuple[str, ...]
    names: tuple[str, ...]
    means: NDArray[np.float64]
    z: NDArray[np.float64]
    scaled: NDArray[np.float64]


@dataclass(frozen=True)
class Histogram:
    """How many values lie between neighbouring edges.

    Parameters
    ----------
    edges : ndarray of float64, shape (bin + 1,)
    counts : ndarray of int, shape (bin,)
    """

    edges: NDArray[np.float64]
    counts: NDArray[np.intp]


def comparison_of(table: FeatureTable, labels: Sequence[str]) -> ClassComparison:
    """Return how the classes differ in the columns of a table.

    Parameters
    ----------
    table : FeatureTable
    labels : sequence of str
        Class of each row.

    Raises
    ------
    Invalid
        If there are no rows or no columns.

    Examples
    --------
    >>> values = np.array([[1.0], [3.0], [5.0], [7.0]])
    >>> found = comparison_of(FeatureTable(("RMS",), tuple("abcd"), values), ["x", "x", "y", "y"])
    >>> found.means.ravel().tolist(), found.scaled.ravel().tolist()
    ([2.0, 6.0], [0.0, 1.0])
    """
    if not len(labels) or not table.names:
        raise Invalid("A comparison needs recordings and features.")
    names = np.array(labels)
    classes = class_order(frozenset(labels))
    means = np.stack([_mean(table.values[names == one]) for one in classes])
    centre, spread = _mean(table.values), _spread(table.values)
    with np.errstate(invalid="ignore", divide="ignore"):
        z = np.where(spread > 0, (means - centre) / spread, 0.0)
        low, high = _lowest(means), -_lowest(-means)
        scaled = np.where(high > low, (means - low) / (high - low), 0.5)
    z[~np.isfinite(means)] = np.nan
    scaled[~np.isfinite(means)] = np.nan
    return ClassComparison(classes, table.names, means, z, scaled)


def telling(comparison: ClassComparison, n: int) -> tuple[str, ...]:
    """Return the `n` features in which class means lie furthest apart, in standard deviations.

    Examples
    --------
    >>> z = np.array([[0.1, -2.0], [0.2, 2.0]])
    >>> telling(ClassComparison(("x", "y"), ("a", "b"), z, z, z), 1)
    ('b',)
    """
    apart = -_lowest(-comparison.z) - _lowest(comparison.z)
    order = np.argsort(-np.nan_to_num(apart), kind="stable")[:n]
    return tuple(comparison.names[one] for one in order)


def histogram_of(values: NDArray[np.float64]) -> Histogram:
    """Return a histogram with bins after Freedman and Diaconis (1981), 5 to 60 of them.

    Raises
    ------
    Invalid
        If nothing was measured.

    Examples
    --------
    >>> int(histogram_of(np.arange(100.0)).counts.sum())
    100
    """
    measured = values[np.isfinite(values)]
    if not len(measured):
        raise Invalid("Nobody measured this feature in these recordings.")
    q1, q3 = np.quantile(measured, (0.25, 0.75))
    width = 2 * (q3 - q1) / len(measured) ** (1 / 3)
    reach = float(np.ptp(measured))
    wanted = round(reach / width) if width > 0 else _FEWEST_BINS
    counts, edges = np.histogram(measured, int(np.clip(wanted, _FEWEST_BINS, _MOST_BINS)))
    return Histogram(edges, counts)


def _mean(values: NDArray[np.float64]) -> NDArray[np.float64]:
    there = np.isfinite(values)
    count = there.sum(axis=0)
    total = np.where(there, values, 0.0).sum(axis=0)
    return np.where(count > 0, total / np.maximum(count, 1), np.nan)


def _spread(values: NDArray[np.float64]) -> NDArray[np.float64]:
    centre = _mean(values)
    return np.sqrt(_mean((values - centre) ** 2))


def _lowest(values: NDArray[np.float64]) -> NDArray[np.float64]:
    lowest: NDArray[np.float64] = np.where(np.isfinite(values), values, np.inf).min(axis=0)
    return lowest
