"""k nearest neighbours on standardised features: a sample is what most of its likest are."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sonde.learning.core.fitting.calibration import subsample
from sonde.learning.core.fitting.specification import (
    Arrays,
    ModelConfig,
    ModelSpecification,
    Progress,
)
from sonde.learning.core.hyper_parameters import HyperParameter
from sonde.learning.core.problem import Problem

_BATCH = 256
_DISTANCES = ("euclidean", "manhattan")


@dataclass(frozen=True)
class Neighbours:
    """The training samples, kept to be compared with.

    Parameters
    ----------
    mean, scale : ndarray of float64, shape (feature,)
        Of the training samples.
    samples : ndarray of float64, shape (training sample, feature)
        Standardised.
    labels : ndarray of intp, shape (training sample,)
    n_neighbours : int
    by_distance : bool
        A neighbour counts with the inverse of its distance.
    is_manhattan : bool
        Distances are sums of absolute differences, not Euclidean.
    n_classes : int
    """

    mean: NDArray[np.float64]
    scale: NDArray[np.float64]
    samples: NDArray[np.float64]
    labels: NDArray[np.intp]
    n_neighbours: int
    by_distance: bool
    is_manhattan: bool
    n_classes: int

    def predict_proba(self, inputs: NDArray[Any]) -> NDArray[np.float64]:
        """Return the classes' shares of the nearest training samples, shape (sample, class)."""
        asked = (np.asarray(inputs, dtype=np.float64) - self.mean) / self.scale
        answer = np.zeros((len(asked), self.n_classes))
        for start in range(0, len(asked), _BATCH):
            answer[start : start + _BATCH] = self._batch(asked[start : start + _BATCH])
        return answer

    def _batch(self, asked: NDArray[np.float64]) -> NDArray[np.float64]:
        from scipy.spatial.distance import cdist

        distances = cdist(asked, self.samples, "cityblock" if self.is_manhattan else "euclidean")
        k = min(self.n_neighbours, len(self.samples))
        nearest = np.argpartition(distances, k - 1, axis=1)[:, :k]
        weights = np.ones(nearest.shape)
        if self.by_distance:
            weights = _inverse(np.take_along_axis(distances, nearest, axis=1))
        votes = np.zeros((len(asked), self.n_classes))
        rows = np.repeat(np.arange(len(asked)), k)
        np.add.at(votes, (rows, self.labels[nearest].ravel()), weights.ravel())
        return votes / votes.sum(axis=1, keepdims=True)

    def arrays(self) -> dict[str, NDArray[Any]]:
        """Return everything that was learned."""
        return {
            "mean": self.mean,
            "scale": self.scale,
            "samples": self.samples,
            "labels": self.labels,
            "options": np.array([self.n_neighbours, self.by_distance, self.is_manhattan]),
            "n_classes": np.array([self.n_classes]),
        }


def _inverse(distances: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return 1 / distance; where a neighbour lies at zero, only such neighbours count."""
    same = distances == 0.0
    inverse = 1.0 / np.where(same, 1.0, distances)
    return np.where(same.any(axis=1, keepdims=True), same.astype(np.float64), inverse)


def restore(arrays: Arrays) -> Neighbours:
    """Return the neighbours of `arrays`; raises KeyError or ValueError if they are none."""
    n_neighbours, by_distance, is_manhattan = (int(one) for one in arrays["options"])
    neighbours = Neighbours(
        mean=arrays["mean"].astype(np.float64),
        scale=arrays["scale"].astype(np.float64),
        samples=arrays["samples"].astype(np.float64),
        labels=arrays["labels"].astype(np.intp),
        n_neighbours=n_neighbours,
        by_distance=bool(by_distance),
        is_manhattan=bool(is_manhattan),
        n_classes=int(arrays["n_classes"][0]),
    )
    labels = neighbours.labels
    is_whole = (
        n_neighbours > 0
        and neighbours.samples.shape == (len(labels), len(neighbours.mean))
        and len(labels) > 0
        and bool((labels >= 0).all() and (labels < neighbours.n_classes).all())
    )
    if not is_whole:
        raise ValueError("samples, labels and classes do not fit")
    return neighbours


def fit(
    problem: Problem, indices: NDArray[np.intp], config: ModelConfig, on_progress: Progress
) -> Neighbours:
    """Keep the standardised features of the training samples.

    Parameters
    ----------
    problem : Problem
    indices : ndarray of intp, shape (sample,)
    config : ModelConfig
    on_progress : callable

    Returns
    -------
    Neighbours
    """
    on_progress(0.0)
    values = SPECIFICATION.values(config.values)
    chosen = subsample(problem, indices, int(values["max_windows"]), config.seed)
    features = problem.read_features(chosen)
    mean, spread = features.mean(axis=0), features.std(axis=0)
    scale = np.where(spread > 0.0, spread, 1.0)
    on_progress(1.0)
    return Neighbours(
        mean=mean,
        scale=scale,
        samples=np.ascontiguousarray((features - mean) / scale),
        labels=problem.labels[chosen],
        n_neighbours=int(values["n_neighbours"]),
        by_distance=values["weights"] == "distance",
        is_manhattan=values["metric"] == "manhattan",
        n_classes=len(problem.class_names),
    )


SPECIFICATION = ModelSpecification(
    name="k-nn",
    title="k nearest neighbours",
    family="Neighbours",
    help="A window is what most of its likest training windows are. Nothing to learn.",
    eats="features",
    hyper_parameters=(
        HyperParameter(
            "n_neighbours", "Neighbours", "How many are asked; more is smoother.", 5, 1, 200
        ),
        HyperParameter(
            "weights",
            "Votes",
            "uniform: all neighbours count alike; distance: nearer ones count more.",
            "distance",
            choices=("uniform", "distance"),
        ),
        HyperParameter(
            "metric",
            "Distance",
            "Manhattan is less swayed by a single feature.",
            "euclidean",
            choices=_DISTANCES,
        ),
        HyperParameter(
            "max_windows",
            "Windows at most",
            "Training windows beyond this are thinned, every class alike.",
            20000,
            low=100,
            high=100000,
        ),
    ),
    fit=fit,
    restore=restore,
)
