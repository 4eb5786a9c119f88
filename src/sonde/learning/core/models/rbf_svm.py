"""Support vector machine with a Gaussian kernel on standardised features.

Learned by scikit-learn (libsvm, one against one), kept and asked as plain arrays.
"""

from dataclasses import dataclass
from itertools import combinations
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sonde.learning.core.fitting.calibration import (
    fit_temperature,
    inner_folds,
    probabilities,
    subsample,
)
from sonde.learning.core.fitting.specification import (
    Arrays,
    ModelConfig,
    ModelSpecification,
    Progress,
)
from sonde.learning.core.hyper_parameters import HyperParameter
from sonde.learning.core.models.interruption import run_interruptibly
from sonde.learning.core.problem import Problem

_BATCH = 512
_INNER_FOLDS = 3


@dataclass(frozen=True)
class SupportVectors:
    """A learned machine.

    Parameters
    ----------
    mean, scale : ndarray of float64, shape (feature,)
        Of the training samples.
    vectors : ndarray of float64, shape (vector, feature)
        Standardised support vectors.
    coefficients : ndarray of float64, shape (vector, pair)
        Pairs of trained classes in the order (0, 1), (0, 2), ..., (1, 2), ...
    intercepts : ndarray of float64, shape (pair,)
    gamma : float
        Kernel ``exp(-gamma |x - y|^2)``.
    temperature : float
    classes : ndarray of intp, shape (trained class,)
    n_classes : int
    """

    mean: NDArray[np.float64]
    scale: NDArray[np.float64]
    vectors: NDArray[np.float64]
    coefficients: NDArray[np.float64]
    intercepts: NDArray[np.float64]
    gamma: float
    temperature: float
    classes: NDArray[np.intp]
    n_classes: int

    def decisions(self, features: NDArray[Any]) -> NDArray[np.float64]:
        """Return votes of the pairs, ties broken by margins, shape (sample, trained class)."""
        batches = [
            self._batch((features[start : start + _BATCH] - self.mean) / self.scale)
            for start in range(0, len(features), _BATCH)
        ]
        return np.concatenate(batches) if batches else np.zeros((0, len(self.classes)))

    def _batch(self, samples: NDArray[np.float64]) -> NDArray[np.float64]:
        squared = (samples**2).sum(axis=1)[:, None] + (self.vectors**2).sum(axis=1)[None, :]
        kernel = np.exp(-self.gamma * np.maximum(squared - 2.0 * samples @ self.vectors.T, 0.0))
        margins = kernel @ self.coefficients + self.intercepts
        votes = np.zeros((len(samples), len(self.classes)))
        confidence = np.zeros_like(votes)
        for pair, (one, other) in enumerate(combinations(range(len(self.classes)), 2)):
            for_one = margins[:, pair] >= 0.0
            votes[:, one] += for_one
            votes[:, other] += ~for_one
            confidence[:, one] += margins[:, pair]
            confidence[:, other] -= margins[:, pair]
        return votes + confidence / (3.0 * (np.abs(confidence) + 1.0))

    def predict_proba(self, inputs: NDArray[Any]) -> NDArray[np.float64]:
        """Return calibrated probabilities, shape (sample, class)."""
        return probabilities(
            self.decisions(np.asarray(inputs, dtype=np.float64)),
            self.temperature,
            self.classes,
            self.n_classes,
        )

    def arrays(self) -> dict[str, NDArray[Any]]:
        """Return everything that was learned."""
        return {
            "mean": self.mean,
            "scale": self.scale,
            "vectors": self.vectors,
            "coefficients": self.coefficients,
            "intercepts": self.intercepts,
            "gamma": np.array([self.gamma]),
            "temperature": np.array([self.temperature]),
            "classes": self.classes,
            "n_classes": np.array([self.n_classes]),
        }


def restore(arrays: Arrays) -> SupportVectors:
    """Return the machine of `arrays`; raises KeyError or ValueError if they are not one."""
    machine = SupportVectors(
        mean=arrays["mean"],
        scale=arrays["scale"],
        vectors=arrays["vectors"],
        coefficients=arrays["coefficients"],
        intercepts=arrays["intercepts"],
        gamma=float(arrays["gamma"][0]),
        temperature=float(arrays["temperature"][0]),
        classes=arrays["classes"].astype(np.intp),
        n_classes=int(arrays["n_classes"][0]),
    )
    n_pairs = len(machine.classes) * (len(machine.classes) - 1) // 2
    if machine.coefficients.shape != (len(machine.vectors), n_pairs):
        raise ValueError("coefficients and support vectors do not fit")
    return machine


def fit(
    problem: Problem, indices: NDArray[np.intp], config: ModelConfig, on_progress: Progress
) -> SupportVectors:
    """Learn the machine, and its temperature on groups held out inside the training samples.

    Parameters
    ----------
    problem : Problem
    indices : ndarray of intp, shape (sample,)
    config : ModelConfig
    on_progress : callable

    Returns
    -------
    SupportVectors
    """
    on_progress(0.0)
    chosen = subsample(
        problem, indices, int(SPECIFICATION.values(config.values)["max_windows"]), config.seed
    )
    features, labels = problem.read_features(chosen), problem.labels[chosen]
    n_classes = len(problem.class_names)
    folds = inner_folds(problem, chosen, _INNER_FOLDS, config.seed)
    decisions, positions = [], []
    for number, (train, test) in enumerate(folds):
        done = number / (len(folds) + 1)
        inner = _learn(features[train], labels[train], config, lambda now=done: on_progress(now))
        machine = _as_arrays(inner, n_classes, 1.0)
        decisions.append(machine.decisions(features[test]))
        positions.append(np.searchsorted(machine.classes, labels[test]))
    done = len(folds) / (len(folds) + 1)
    learned = _learn(features, labels, config, lambda: on_progress(done))
    temperature = (
        fit_temperature(np.concatenate(decisions), np.concatenate(positions)) if folds else 1.0
    )
    on_progress(1.0)
    return _as_arrays(learned, n_classes, temperature)


@dataclass(frozen=True)
class _Learned:
    machine: Any
    mean: NDArray[np.float64]
    scale: NDArray[np.float64]
    gamma: float


def _learn(
    features: NDArray[np.float64],
    labels: NDArray[np.intp],
    config: ModelConfig,
    on_poll: Any,
) -> _Learned:
    from sklearn.svm import SVC

    values = SPECIFICATION.values(config.values)
    mean, spread = features.mean(axis=0), features.std(axis=0)
    scale = np.where(spread > 0.0, spread, 1.0)
    gamma = float(values["gamma"]) / features.shape[1]
    machine = SVC(
        C=float(values["c"]),
        gamma=gamma,
        class_weight="balanced" if values["balance"] else None,
        decision_function_shape="ovo",
        cache_size=200,
    )
    run_interruptibly(lambda: machine.fit((features - mean) / scale, labels), on_poll)
    return _Learned(machine, mean, scale, gamma)


def _as_arrays(learned: _Learned, n_classes: int, temperature: float) -> SupportVectors:
    machine = learned.machine
    classes = machine.classes_.astype(np.intp)
    # libsvm's margin is for the first class of a pair; scikit-learn turns it round for two.
    sign = -1.0 if len(classes) == 2 else 1.0
    ends = np.cumsum(machine.n_support_)
    of_class = [
        slice(end - count, end) for end, count in zip(ends, machine.n_support_, strict=True)
    ]
    pairs = list(combinations(range(len(classes)), 2))
    coefficients = np.zeros((len(machine.support_vectors_), len(pairs)))
    for pair, (one, other) in enumerate(pairs):
        coefficients[of_class[one], pair] = machine.dual_coef_[other - 1, of_class[one]]
        coefficients[of_class[other], pair] = machine.dual_coef_[one, of_class[other]]
    return SupportVectors(
        mean=learned.mean,
        scale=learned.scale,
        vectors=np.ascontiguousarray(machine.support_vectors_),
        coefficients=sign * coefficients,
        intercepts=sign * machine.intercept_,
        gamma=learned.gamma,
        temperature=temperature,
        classes=classes,
        n_classes=n_classes,
    )


SPECIFICATION = ModelSpecification(
    name="rbf-svm",
    title="RBF-SVM",
    family="Kernel",
    help="A smooth boundary on standardised features. Strong with few recordings.",
    eats="features",
    hyper_parameters=(
        HyperParameter(
            "c",
            "Penalty C",
            "How hard a window on the wrong side is punished.",
            10.0,
            low=0.001,
            high=10000.0,
            is_log=True,
        ),
        HyperParameter(
            "gamma",
            "Kernel width",
            "Times 1 / number of features; larger bends the boundary more.",
            0.1,
            low=0.001,
            high=1000.0,
            is_log=True,
        ),
        HyperParameter("balance", "Balance classes", "Rare classes count as much.", True),
        HyperParameter(
            "max_windows",
            "Windows at most",
            "Training windows beyond this are thinned, every class alike.",
            6000,
            low=100,
            high=20000,
        ),
    ),
    fit=fit,
    restore=restore,
)
