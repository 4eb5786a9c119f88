"""Kinds of errors: groups of wrongly told samples that are alike in their features."""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

MOST_CLUSTERS: Final = 6
_FEWEST_TO_DIVIDE: Final = 8
_DIMENSIONS: Final = 10
_LEAST_SILHOUETTE: Final = 0.1
_MOST_FOR_SILHOUETTE: Final = 1000


@dataclass(frozen=True)
class ErrorClusters:
    """Wrongly told samples, divided.

    Parameters
    ----------
    cluster : ndarray of intp, shape (error,)
        The largest cluster is 0.
    places : ndarray of float64, shape (sample, 2)
        Where each sample lies on the two directions in which all vary most.
    explained : float
        Share of the variance that the two directions show.
    silhouette : float, optional
        How well the clusters are apart, -1 to 1; None for one cluster.
    """

    cluster: NDArray[np.intp]
    places: NDArray[np.float64]
    explained: float
    silhouette: float | None


def standardise(features: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return every feature with mean 0 and spread 1; one that does not vary is 0.

    Parameters
    ----------
    features : ndarray of float64, shape (sample, feature)

    Examples
    --------
    >>> standardise(np.array([[1.0, 5.0], [3.0, 5.0]])).tolist()
    [[-1.0, 0.0], [1.0, 0.0]]
    """
    spread = features.std(axis=0)
    return np.asarray((features - features.mean(axis=0)) / np.where(spread > 1e-12, spread, 1.0))


def cluster_errors(
    features: NDArray[np.float64], is_error: NDArray[np.bool_], seed: int = 0
) -> ErrorClusters:
    """Divide errors into as many clusters as stand apart best.

    k-means on the ten main directions of all samples; the number is that with the largest
    silhouette (Rousseeuw 1987), and one where no division reaches 0.1.

    Parameters
    ----------
    features : ndarray of float64, shape (sample, feature)
        Of errors, and of right samples that show where the rest lies.
    is_error : ndarray of bool, shape (sample,)
    seed : int
    """
    scaled = standardise(features)
    _, strength, directions = np.linalg.svd(scaled, full_matrices=False)
    kept = scaled @ directions[:_DIMENSIONS].T
    total = float((strength**2).sum())
    explained = float((strength[:2] ** 2).sum() / total) if total > 0 else 0.0
    places = np.zeros((len(features), 2))
    places[:, : min(2, kept.shape[1])] = kept[:, :2]
    cluster, silhouette = _divide(kept[is_error], seed)
    return ErrorClusters(_largest_first(cluster), places, explained, silhouette)


def _divide(points: NDArray[np.float64], seed: int) -> tuple[NDArray[np.intp], float | None]:
    from sklearn.cluster import KMeans
    from sklearn.metrics import silhouette_score

    best: tuple[NDArray[np.intp], float | None] = (np.zeros(len(points), dtype=np.intp), None)
    n_distinct = len(np.unique(points, axis=0))
    if len(points) < _FEWEST_TO_DIVIDE:
        return best
    most = _LEAST_SILHOUETTE
    for count in range(2, min(MOST_CLUSTERS, n_distinct - 1) + 1):
        told = KMeans(count, n_init=4, random_state=seed).fit_predict(points)
        score = float(
            silhouette_score(
                points,
                told,
                sample_size=min(len(points), _MOST_FOR_SILHOUETTE),
                random_state=seed,
            )
        )
        if score > most:
            most, best = score, (told.astype(np.intp), score)
    return best


def _largest_first(cluster: NDArray[np.intp]) -> NDArray[np.intp]:
    names, sizes = np.unique(cluster, return_counts=True)
    order = names[np.argsort(-sizes, kind="stable")]
    place = np.empty(int(names.max(initial=0)) + 1, dtype=np.intp)
    place[order] = np.arange(len(order))
    renamed: NDArray[np.intp] = place[cluster]
    return renamed


def telling_features(
    features: NDArray[np.float64],
    mine: NDArray[np.bool_],
    others: NDArray[np.bool_],
    most: int = 5,
) -> list[tuple[int, float]]:
    """Return the features in which some samples differ most from others.

    Parameters
    ----------
    features : ndarray of float64, shape (sample, feature)
        Standardised.
    mine, others : ndarray of bool, shape (sample,)
    most : int

    Returns
    -------
    list of (int, float)
        Feature and difference of the means, in spreads of all samples; the largest first.

    Examples
    --------
    >>> values = np.array([[0.0, 1.0], [0.0, 1.0], [2.0, 1.5]])
    >>> telling_features(values, np.array([False, False, True]), np.array([True, True, False]), 1)
    [(0, 2.0)]
    """
    if not (mine.any() and others.any()):
        return []
    gaps = features[mine].mean(axis=0) - features[others].mean(axis=0)
    order = np.argsort(-np.abs(gaps), kind="stable")[:most]
    return [(int(place), float(gaps[place])) for place in order]
