"""Gradient boosted trees on features: every tree mends what those before it still tell wrongly.

Learned by LightGBM (Ke et al. 2017), kept and asked as plain arrays.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sonde.learning.core.fitting.calibration import probabilities
from sonde.learning.core.fitting.specification import (
    Arrays,
    ModelConfig,
    ModelSpecification,
    Progress,
)
from sonde.learning.core.hyper_parameters import HyperParameter
from sonde.learning.core.problem import Problem

_BATCH = 512
_NODES = ("left", "right", "feature", "threshold", "missing", "value")
MISSING_IS_ZERO, MISSING_LEFT, MISSING_RIGHT = 0, 1, 2


@dataclass(frozen=True)
class BoostedTrees:
    """Learned trees: the nodes of all behind each other, round after round, class after class.

    Parameters
    ----------
    roots : ndarray of int64, shape (tree,)
        Position of each tree's root; tree ``i`` speaks of trained class ``i % len(classes)``.
    left, right : ndarray of int64, shape (node,)
        Positions of the children; a leaf is its own child.
    feature : ndarray of int64, shape (node,)
    threshold : ndarray of float64, shape (node,)
        A sample goes left where its feature is at most this.
    missing : ndarray of int64, shape (node,)
        Where a missing value goes: 0 is compared as zero, 1 left, 2 right.
    value : ndarray of float64, shape (node,)
        What a leaf adds.
    classes : ndarray of intp, shape (trained class,)
    n_classes : int
    """

    roots: NDArray[np.int64]
    left: NDArray[np.int64]
    right: NDArray[np.int64]
    feature: NDArray[np.int64]
    threshold: NDArray[np.float64]
    missing: NDArray[np.int64]
    value: NDArray[np.float64]
    classes: NDArray[np.intp]
    n_classes: int

    def predict_proba(self, inputs: NDArray[Any]) -> NDArray[np.float64]:
        """Return probabilities, shape (sample, class)."""
        samples = np.asarray(inputs, dtype=np.float64)
        sums = np.zeros((len(samples), len(self.classes)))
        for start in range(0, len(samples), _BATCH):
            leaves = self._batch(samples[start : start + _BATCH])
            by_round = leaves.reshape(len(leaves), -1, len(self.classes))
            sums[start : start + _BATCH] = by_round.sum(axis=1)
        return probabilities(sums, 1.0, self.classes, self.n_classes)

    def _batch(self, samples: NDArray[np.float64]) -> NDArray[np.float64]:
        nodes = np.broadcast_to(self.roots, (len(samples), len(self.roots))).copy()
        rows = np.arange(len(samples))[:, None]
        while True:
            asked = samples[rows, self.feature[nodes]]
            is_missing = np.isnan(asked)
            goes_left = np.where(is_missing, 0.0, asked) <= self.threshold[nodes]
            if is_missing.any():
                told = self.missing[nodes]
                goes_left = np.where(
                    is_missing & (told != MISSING_IS_ZERO), told == MISSING_LEFT, goes_left
                )
            following = np.where(goes_left, self.left[nodes], self.right[nodes])
            if (following == nodes).all():
                return self.value[nodes]
            nodes = following

    def arrays(self) -> dict[str, NDArray[Any]]:
        """Return everything that was learned."""
        return {
            "roots": self.roots,
            **{name: getattr(self, name) for name in _NODES},
            "classes": self.classes,
            "n_classes": np.array([self.n_classes]),
        }


def restore(arrays: Arrays) -> BoostedTrees:
    """Return the trees of `arrays`; raises KeyError or ValueError if they are none that end."""
    trees = BoostedTrees(
        roots=arrays["roots"].astype(np.int64),
        left=arrays["left"].astype(np.int64),
        right=arrays["right"].astype(np.int64),
        feature=arrays["feature"].astype(np.int64),
        threshold=arrays["threshold"].astype(np.float64),
        missing=arrays["missing"].astype(np.int64),
        value=arrays["value"].astype(np.float64),
        classes=arrays["classes"].astype(np.intp),
        n_classes=int(arrays["n_classes"][0]),
    )
    nodes = np.arange(len(trees.left))
    children = np.concatenate([trees.left, trees.right])
    # Children behind their parents: following them always ends.
    if (children < np.tile(nodes, 2)).any() or (children >= len(nodes)).any():
        raise ValueError("the trees run in circles")
    if (trees.roots < 0).any() or (trees.roots >= len(nodes)).any() or (trees.feature < 0).any():
        raise ValueError("a root or a feature lies outside")
    if not len(trees.classes) or len(trees.roots) % len(trees.classes):
        raise ValueError("trees and classes do not fit")
    return trees


def fit(
    problem: Problem, indices: NDArray[np.intp], config: ModelConfig, on_progress: Progress
) -> BoostedTrees:
    """Boost trees on the features of the training samples.

    Parameters
    ----------
    problem : Problem
    indices : ndarray of intp, shape (sample,)
    config : ModelConfig
    on_progress : callable

    Returns
    -------
    BoostedTrees
    """
    import lightgbm
    from sklearn.utils.class_weight import compute_sample_weight

    on_progress(0.0)
    values = SPECIFICATION.values(config.values)
    features, labels = problem.read_features(indices), problem.labels[indices]
    classes, positions = np.unique(labels, return_inverse=True)
    n_rounds = int(values["n_rounds"])
    weights = compute_sample_weight("balanced", labels) if values["balance"] else None
    learned = lightgbm.train(
        _library_knobs(values, len(classes), config.seed),
        lightgbm.Dataset(features, positions, weight=weights, params={"verbosity": -1}),
        num_boost_round=n_rounds,
        callbacks=[lambda now: on_progress(now.iteration / n_rounds)],
    )
    on_progress(1.0)
    trees = learned.dump_model()["tree_info"]
    return _as_arrays(trees, classes.astype(np.intp), len(problem.class_names))


def _library_knobs(values: Any, n_trained: int, seed: int) -> dict[str, Any]:
    return {
        "objective": "multiclass",
        "num_class": n_trained,
        "learning_rate": float(values["learning_rate"]),
        "num_leaves": int(values["n_leaves"]),
        "min_data_in_leaf": int(values["min_samples_leaf"]),
        "min_data_in_bin": 1,
        "feature_fraction": float(values["feature_share"]),
        "bagging_fraction": float(values["sample_share"]),
        "bagging_freq": 1 if float(values["sample_share"]) < 1.0 else 0,
        "lambda_l2": float(values["l2"]),
        "seed": seed,
        "deterministic": True,
        "force_col_wise": True,
        "num_threads": 1,
        "verbosity": -1,
    }


def _as_arrays(
    trees: list[dict[str, Any]], classes: NDArray[np.intp], n_classes: int
) -> BoostedTrees:
    rows: list[tuple[float, ...]] = []
    roots = []
    for tree in trees:
        roots.append(len(rows))
        _append(rows, tree["tree_structure"])
    columns = dict(zip(_NODES, np.array(rows, dtype=np.float64).T, strict=True))
    return restore(
        {
            "roots": np.array(roots),
            **columns,
            "classes": classes,
            "n_classes": np.array([n_classes]),
        }
    )


def _append(rows: list[tuple[float, ...]], root: dict[str, Any]) -> None:
    """Append the nodes of one tree, each behind its parent, as rows of `_NODES`."""
    waiting = [(root, len(rows))]
    rows.append(())
    while waiting:
        node, place = waiting.pop()
        if "split_feature" not in node:
            rows[place] = (place, place, 0, 0.0, MISSING_LEFT, node["leaf_value"])
            continue
        if node["decision_type"] != "<=":
            raise ValueError(f"there is no such cut: {node['decision_type']}")
        side = MISSING_LEFT if node["default_left"] else MISSING_RIGHT
        missing = side if node["missing_type"] == "NaN" else MISSING_IS_ZERO
        left, right = len(rows), len(rows) + 1
        rows.extend(((), ()))
        rows[place] = (left, right, node["split_feature"], node["threshold"], missing, 0.0)
        waiting += [(node["left_child"], left), (node["right_child"], right)]


SPECIFICATION = ModelSpecification(
    name="gradient-boosting",
    title="Gradient boosting",
    family="Trees",
    help="Trees one after the other, each mending what is still wrong (LightGBM). Often the best "
    "on features.",
    eats="features",
    hyper_parameters=(
        HyperParameter("n_rounds", "Rounds", "Trees for each class.", 200, low=1, high=5000),
        HyperParameter(
            "learning_rate",
            "Learning rate",
            "How much of its correction each tree brings; small needs more rounds.",
            0.1,
            low=0.001,
            high=1.0,
            is_log=True,
        ),
        HyperParameter("n_leaves", "Leaves", "Of a tree, at most.", 15, low=2, high=1000),
        HyperParameter(
            "min_samples_leaf",
            "Smallest leaf",
            "Windows that a leaf holds at least; larger is smoother.",
            5,
            low=1,
            high=1000,
        ),
        HyperParameter(
            "feature_share", "Features per tree", "Share that is drawn.", 0.5, low=0.05, high=1.0
        ),
        HyperParameter(
            "sample_share", "Windows per tree", "Share that is drawn.", 0.8, low=0.1, high=1.0
        ),
        HyperParameter("l2", "L2 penalty", "Pulls leaves to zero.", 1.0, low=0.0, high=1000.0),
        HyperParameter("balance", "Balance classes", "Rare classes count as much.", True),
    ),
    fit=fit,
    restore=restore,
)
