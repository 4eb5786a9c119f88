"""Random forest on features; extra trees where thresholds are drawn at random.

Learned by scikit-learn in small steps, kept and asked as plain arrays: a stored forest needs
neither pickle nor scikit-learn.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sonde.learning.core.fitting.specification import (
    Arrays,
    ModelConfig,
    ModelSpecification,
    Progress,
)
from sonde.learning.core.hyper_parameters import HyperParameter, Value
from sonde.learning.core.problem import Problem

_TREES_PER_STEP = 5
_BATCH = 512


@dataclass(frozen=True)
class Forest:
    """A learned forest: the nodes of all trees behind each other.

    Parameters
    ----------
    roots : ndarray of int64, shape (tree,)
        Position of each tree's root.
    left, right : ndarray of int64, shape (node,)
        Positions of the children; a leaf is its own child.
    feature : ndarray of int64, shape (node,)
    threshold : ndarray of float64, shape (node,)
        A sample goes left where its feature (as float32) is at most this.
    value : ndarray of float64, shape (node, class)
        Share of each class among the training samples of a node.
    """

    roots: NDArray[np.int64]
    left: NDArray[np.int64]
    right: NDArray[np.int64]
    feature: NDArray[np.int64]
    threshold: NDArray[np.float64]
    value: NDArray[np.float64]

    def predict_proba(self, inputs: NDArray[Any]) -> NDArray[np.float64]:
        """Return the mean over trees of the class shares in the leaf that a sample reaches."""
        samples = np.asarray(inputs, dtype=np.float32)
        batches = [
            self._batch(samples[start : start + _BATCH]) for start in range(0, len(samples), _BATCH)
        ]
        return np.concatenate(batches) if batches else np.zeros((0, self.value.shape[1]))

    def _batch(self, samples: NDArray[np.float32]) -> NDArray[np.float64]:
        nodes = np.broadcast_to(self.roots, (len(samples), len(self.roots))).copy()
        rows = np.arange(len(samples))[:, None]
        while True:
            goes_left = samples[rows, self.feature[nodes]] <= self.threshold[nodes]
            following = np.where(goes_left, self.left[nodes], self.right[nodes])
            if (following == nodes).all():
                return self.value[nodes].mean(axis=1)
            nodes = following

    def arrays(self) -> dict[str, NDArray[Any]]:
        """Return everything that was learned."""
        return {
            "roots": self.roots,
            "left": self.left,
            "right": self.right,
            "feature": self.feature,
            "threshold": self.threshold,
            "value": self.value,
        }


def restore(arrays: Arrays) -> Forest:
    """Return the forest of `arrays`.

    Raises
    ------
    KeyError, ValueError
        If these are not the arrays of a forest that ends.
    """
    forest = Forest(
        roots=arrays["roots"].astype(np.int64),
        left=arrays["left"].astype(np.int64),
        right=arrays["right"].astype(np.int64),
        feature=arrays["feature"].astype(np.int64),
        threshold=arrays["threshold"].astype(np.float64),
        value=arrays["value"].astype(np.float64),
    )
    nodes = np.arange(len(forest.left))
    children = np.concatenate([forest.left, forest.right])
    # Children behind their parents: following them always ends.
    if (children < np.tile(nodes, 2)).any() or (children >= len(nodes)).any():
        raise ValueError("the trees run in circles")
    if (forest.roots < 0).any() or (forest.roots >= len(nodes)).any():
        raise ValueError("a root lies outside the forest")
    return forest


def fit(
    problem: Problem, indices: NDArray[np.intp], config: ModelConfig, on_progress: Progress
) -> Forest:
    """Grow a forest on the features of the training samples.

    Parameters
    ----------
    problem : Problem
    indices : ndarray of intp, shape (sample,)
    config : ModelConfig
    on_progress : callable

    Returns
    -------
    Forest
    """
    return grow(problem, indices, SPECIFICATION.values(config.values), config.seed, on_progress)


def grow(
    problem: Problem,
    indices: NDArray[np.intp],
    values: Mapping[str, Value],
    seed: int,
    on_progress: Progress,
) -> Forest:
    """Grow trees in small steps and return them as arrays.

    Parameters
    ----------
    problem : Problem
    indices : ndarray of intp, shape (sample,)
    values : mapping
        Every knob of the forest.
    seed : int
    on_progress : callable

    Returns
    -------
    Forest
    """
    from sklearn.ensemble import ExtraTreesClassifier, RandomForestClassifier
    from sklearn.utils.class_weight import compute_sample_weight

    kind = ExtraTreesClassifier if values["thresholds"] == "random" else RandomForestClassifier
    features, labels = problem.read_features(indices), problem.labels[indices]
    share = values["max_features"]
    learner = kind(
        max_features=share if share in {"sqrt", "log2"} else None,
        min_samples_leaf=int(values["min_samples_leaf"]),
        max_depth=int(values["max_depth"]) or None,
        random_state=seed,
        warm_start=True,
        n_jobs=1,
    )
    weights = compute_sample_weight("balanced", labels) if values["balance"] else None
    n_trees = int(values["n_trees"])
    for grown in range(0, n_trees, _TREES_PER_STEP):
        on_progress(grown / n_trees)
        learner.n_estimators = min(grown + _TREES_PER_STEP, n_trees)
        learner.fit(features, labels, sample_weight=weights)
    on_progress(1.0)
    return _as_arrays(learner, len(problem.class_names))


def _as_arrays(learner: Any, n_classes: int) -> Forest:
    parts: dict[str, list[NDArray[Any]]] = {
        name: [] for name in ("left", "right", "feature", "threshold", "value")
    }
    roots, offset = [], 0
    for estimator in learner.estimators_:
        tree = estimator.tree_
        nodes = np.arange(tree.node_count)
        is_leaf = tree.children_left < 0
        parts["left"].append(np.where(is_leaf, nodes, tree.children_left) + offset)
        parts["right"].append(np.where(is_leaf, nodes, tree.children_right) + offset)
        parts["feature"].append(np.where(is_leaf, 0, tree.feature))
        parts["threshold"].append(np.where(is_leaf, 0.0, tree.threshold))
        shares = np.zeros((tree.node_count, n_classes))
        shares[:, learner.classes_] = tree.value[:, 0, :]
        parts["value"].append(shares / shares.sum(axis=1, keepdims=True))
        roots.append(offset)
        offset += tree.node_count
    arrays: dict[str, NDArray[Any]] = {
        name: np.concatenate(pieces) for name, pieces in parts.items()
    }
    return restore({"roots": np.array(roots), **arrays})


SPECIFICATION = ModelSpecification(
    name="random-forest",
    title="Random forest",
    family="Trees",
    help="Many decision trees on features. Robust, fast, hardly needs tuning: a good first model.",
    eats="features",
    hyper_parameters=(
        HyperParameter(
            "n_trees", "Trees", "More trees are steadier and slower.", 300, low=10, high=1000
        ),
        HyperParameter(
            "max_features",
            "Features per cut",
            "How many features each cut may choose from.",
            "sqrt",
            choices=("sqrt", "log2", "all"),
        ),
        HyperParameter(
            "min_samples_leaf",
            "Smallest leaf",
            "Windows that a leaf holds at least; larger is smoother.",
            1,
            low=1,
            high=100,
        ),
        HyperParameter(
            "max_depth", "Deepest tree", "0 lets trees grow to the end.", 0, low=0, high=100
        ),
        HyperParameter(
            "thresholds",
            "Cuts",
            "best: a random forest; random: extra trees, smoother and faster.",
            "best",
            choices=("best", "random"),
        ),
        HyperParameter("balance", "Balance classes", "Rare classes count as much.", True),
    ),
    fit=fit,
    restore=restore,
)
