"""Multinomial logistic regression on standardised features.

Learned by scikit-learn (L-BFGS), kept and asked as plain arrays.
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
from sonde.learning.core.models.interruption import run_interruptibly
from sonde.learning.core.problem import Problem


@dataclass(frozen=True)
class LinearModel:
    """A learned linear step with a softmax behind it.

    Parameters
    ----------
    mean, scale : ndarray of float64, shape (feature,)
        Of the training samples.
    weights : ndarray of float64, shape (feature, trained class)
    intercepts : ndarray of float64, shape (trained class,)
    classes : ndarray of intp, shape (trained class,)
    n_classes : int
    """

    mean: NDArray[np.float64]
    scale: NDArray[np.float64]
    weights: NDArray[np.float64]
    intercepts: NDArray[np.float64]
    classes: NDArray[np.intp]
    n_classes: int

    def predict_proba(self, inputs: NDArray[Any]) -> NDArray[np.float64]:
        """Return probabilities, shape (sample, class)."""
        samples = (np.asarray(inputs, dtype=np.float64) - self.mean) / self.scale
        decisions = samples @ self.weights + self.intercepts
        return probabilities(decisions, 1.0, self.classes, self.n_classes)

    def arrays(self) -> dict[str, NDArray[Any]]:
        """Return everything that was learned."""
        return {
            "mean": self.mean,
            "scale": self.scale,
            "weights": self.weights,
            "intercepts": self.intercepts,
            "classes": self.classes,
            "n_classes": np.array([self.n_classes]),
        }


def restore(arrays: Arrays) -> LinearModel:
    """Return the model of `arrays`; raises KeyError or ValueError if they are not one."""
    linear = LinearModel(
        mean=arrays["mean"].astype(np.float64),
        scale=arrays["scale"].astype(np.float64),
        weights=arrays["weights"].astype(np.float64),
        intercepts=arrays["intercepts"].astype(np.float64),
        classes=arrays["classes"].astype(np.intp),
        n_classes=int(arrays["n_classes"][0]),
    )
    if linear.weights.shape != (len(linear.mean), len(linear.classes)):
        raise ValueError("weights, features and classes do not fit")
    return linear


def fit(
    problem: Problem, indices: NDArray[np.intp], config: ModelConfig, on_progress: Progress
) -> LinearModel:
    """Learn the weights on the features of the training samples.

    Parameters
    ----------
    problem : Problem
    indices : ndarray of intp, shape (sample,)
    config : ModelConfig
    on_progress : callable

    Returns
    -------
    LinearModel
    """
    on_progress(0.0)
    values = SPECIFICATION.values(config.values)
    linear = learn_linear(
        problem.read_features(indices),
        problem.labels[indices],
        len(problem.class_names),
        (float(values["c"]), bool(values["balance"])),
        lambda: on_progress(0.5),
    )
    on_progress(1.0)
    return linear


def learn_linear(
    features: NDArray[np.float64],
    labels: NDArray[np.intp],
    n_classes: int,
    penalty: tuple[float, bool],
    on_poll: Any,
) -> LinearModel:
    """Return the penalised maximum of the likelihood on standardised features.

    Parameters
    ----------
    features : ndarray of float64, shape (sample, feature)
    labels : ndarray of intp, shape (sample,)
    n_classes : int
    penalty : tuple of float and bool
        The inverse strength C of the L2 penalty, and whether rare classes count as much.
    on_poll : callable
        Called every quarter of a second; raises to stop.

    Returns
    -------
    LinearModel

    Examples
    --------
    >>> line = learn_linear(
    ...     np.array([[0.0], [1.0]]), np.array([0, 1]), 2, (1.0, False), lambda: None
    ... )
    >>> line.predict_proba(np.array([[0.5]])).round(6).tolist()
    [[0.5, 0.5]]
    """
    from sklearn.linear_model import LogisticRegression

    mean, spread = features.mean(axis=0), features.std(axis=0)
    scale = np.where(spread > 0.0, spread, 1.0)
    c, balance = penalty
    learner = LogisticRegression(
        C=c, class_weight="balanced" if balance else None, max_iter=2000, tol=1e-6
    )
    run_interruptibly(lambda: learner.fit((features - mean) / scale, labels), on_poll)
    weights, intercepts = learner.coef_.T, learner.intercept_
    if len(learner.classes_) == 2:
        # scikit-learn keeps one column for two classes; a softmax over (0, d) is its sigmoid.
        weights = np.concatenate([np.zeros_like(weights), weights], axis=1)
        intercepts = np.concatenate([[0.0], intercepts])
    return LinearModel(
        mean=mean,
        scale=scale,
        weights=np.ascontiguousarray(weights),
        intercepts=intercepts,
        classes=learner.classes_.astype(np.intp),
        n_classes=n_classes,
    )


SPECIFICATION = ModelSpecification(
    name="logistic-regression",
    title="Logistic regression",
    family="Linear",
    help="One straight boundary for each class: the plain model that others should beat.",
    eats="features",
    hyper_parameters=(
        HyperParameter(
            "c",
            "Freedom C",
            "Inverse strength of the penalty; smaller is smoother.",
            1.0,
            low=1e-5,
            high=1e5,
            is_log=True,
        ),
        HyperParameter("balance", "Balance classes", "Rare classes count as much.", True),
    ),
    fit=fit,
    restore=restore,
)
