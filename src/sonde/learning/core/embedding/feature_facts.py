"""What features tell: of classes, of groups, of each other, and what a model loses without one."""

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

Told = Callable[[NDArray[np.float64]], NDArray[np.integer[Any]]]


def ranks(values: NDArray[np.floating[Any]]) -> NDArray[np.float64]:
    """Return each column's ranks from 1 on; equal values share their mean rank.

    Parameters
    ----------
    values : ndarray, shape (sample, feature)

    Examples
    --------
    >>> ranks(np.array([[5.0], [9.0], [5.0]])).ravel().tolist()
    [1.5, 3.0, 1.5]
    """
    from scipy.stats import rankdata

    return np.asarray(rankdata(values, axis=0), dtype=np.float64)


def variance_shares(
    values: NDArray[np.floating[Any]], labels: NDArray[np.intp], groups: NDArray[np.str_]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return which share of each feature's variance lies between classes, and between groups.

    Of ranks, so that no outlier and no unit decides. The second is what is left between the groups
    inside of their class: a feature that mostly tells groups apart knows its group, not the class.

    Parameters
    ----------
    values : ndarray, shape (sample, feature)
    labels : ndarray of intp, shape (sample,)
    groups : ndarray of str, shape (sample,)

    Returns
    -------
    between_classes, between_groups : ndarray of float64, shape (feature,)
        In [0, 1], together at most 1; 0 for a constant feature.

    Examples
    --------
    >>> values = np.array([[1.0, 1.0], [2.0, 2.0], [3.0, 1.0], [4.0, 2.0]])
    >>> labels, groups = np.array([0, 0, 1, 1]), np.array(["a", "b", "c", "d"])
    >>> [share.round(3).tolist() for share in variance_shares(values, labels, groups)]
    [[0.8, 0.0], [0.2, 1.0]]
    """
    ranked = ranks(values)
    total = ((ranked - ranked.mean(axis=0)) ** 2).sum(axis=0)
    by_class = _means(ranked, labels)
    pairs = np.unique(np.stack([labels.astype(str), groups]), axis=1, return_inverse=True)[1]
    by_group = _means(ranked, pairs.ravel())
    classes = ((by_class - ranked.mean(axis=0)) ** 2).sum(axis=0)
    inside = ((by_group - by_class) ** 2).sum(axis=0)
    whole = np.where(total > 0.0, total, 1.0)
    return classes / whole, inside / whole


def _means(values: NDArray[np.float64], of: NDArray[Any]) -> NDArray[np.float64]:
    """Return for each sample the mean of all that share its mark."""
    names, position = np.unique(of, return_inverse=True)
    sums = np.zeros((len(names), values.shape[1]))
    np.add.at(sums, position, values)
    means: NDArray[np.float64] = (sums / np.bincount(position)[:, None])[position]
    return means


def rank_correlation(values: NDArray[np.floating[Any]]) -> NDArray[np.float64]:
    """Return Spearman's correlation of every two features; 0 for constant ones, 1 with itself.

    Parameters
    ----------
    values : ndarray, shape (sample, feature)

    Examples
    --------
    >>> values = np.array([[1.0, 8.0], [2.0, 4.0], [3.0, 1.0]])
    >>> rank_correlation(values).tolist()
    [[1.0, -1.0], [-1.0, 1.0]]
    """
    ranked = ranks(values)
    centred = ranked - ranked.mean(axis=0)
    sizes = np.sqrt((centred**2).sum(axis=0))
    scaled = centred / np.where(sizes > 0.0, sizes, 1.0)
    found = np.clip(np.round(scaled.T @ scaled, 12), -1.0, 1.0)
    np.fill_diagonal(found, 1.0)
    return np.asarray(found, dtype=np.float64)


def alike_together(correlation: NDArray[np.float64]) -> NDArray[np.intp]:
    """Return an order in which features that tell the same stand together.

    Leaves of the tree of average linkage over 1 - |correlation|.

    Parameters
    ----------
    correlation : ndarray of float64, shape (feature, feature)

    Examples
    --------
    >>> alike_together(np.array([[1.0, 0.1, -0.9], [0.1, 1.0, 0.0], [-0.9, 0.0, 1.0]])).tolist()
    [1, 0, 2]
    """
    from scipy.cluster.hierarchy import leaves_list, linkage
    from scipy.spatial.distance import squareform

    if len(correlation) < 3:
        return np.arange(len(correlation))
    apart = 1.0 - np.abs(correlation)
    np.fill_diagonal(apart, 0.0)
    tree = linkage(squareform(np.maximum(apart, 0.0), checks=False), "average")
    return np.asarray(leaves_list(tree), dtype=np.intp)


def lost_by_shuffling(
    told_of: Told,
    features: NDArray[np.float64],
    labels: NDArray[np.integer[Any]],
    column: int,
    shuffles: NDArray[np.intp],
) -> NDArray[np.float64]:
    """Return how much less often each sample is told right when one feature is another sample's.

    Permutation importance (Breiman, 2001), kept per sample so that intervals can draw groups.

    Parameters
    ----------
    told_of : callable
        From features (sample, feature) to the told class of each sample.
    features : ndarray of float64, shape (sample, feature)
    labels : ndarray of int, shape (sample,)
    column : int
    shuffles : ndarray of intp, shape (repeat, sample)
        Whose value each sample gets.

    Returns
    -------
    ndarray of float64, shape (sample,)
        Right before minus the share of shuffles after which it is right; in [-1, 1].

    Examples
    --------
    >>> features, labels = np.array([[0.0], [1.0]]), np.array([0, 1])
    >>> def told_of(asked):
    ...     return (asked[:, 0] > 0.5).astype(int)
    >>> lost_by_shuffling(told_of, features, labels, 0, np.array([[1, 0]])).tolist()
    [1.0, 1.0]
    """
    before = told_of(features) == labels
    changed = np.tile(features, (len(shuffles), 1))
    changed[:, column] = features[shuffles.ravel(), column]
    after = (told_of(changed) == np.tile(labels, len(shuffles))).reshape(shuffles.shape)
    return before.astype(np.float64) - after.mean(axis=0)
