"""MiniRocket with a ridge classifier: convolutions with fixed kernels, then one linear step.

Dempster, Schmidt and Webb 2021, "MiniRocket: a very fast (almost) deterministic transform for time
series classification". The transform is aeon's; the ridge step is solved in its dual form, with
the penalty chosen on groups held out inside the training samples.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sonde.learning.core.fitting.calibration import probabilities, subsample
from sonde.learning.core.fitting.specification import (
    Arrays,
    ModelConfig,
    ModelSpecification,
    Progress,
)
from sonde.learning.core.hyper_parameters import HyperParameter
from sonde.learning.core.models.interruption import run_interruptibly
from sonde.learning.core.models.ridge import ridge_step
from sonde.learning.core.problem import Problem
from sonde.platform.core.errors import Invalid

_BATCH = 16
_WINDOWS_FOR_BIASES = 256
_PARAMETERS = ("channel_counts", "channels", "dilations", "features_per_dilation", "biases")


@dataclass(frozen=True)
class Rocket:
    """A learned transform and the linear step behind it.

    Parameters
    ----------
    parameters : tuple of ndarray
        aeon's five: channels per kernel, their indices, dilations, features per dilation, biases.
    window_shape : tuple of int
        Channels and samples of a window.
    standardise : bool
        Each window was given zero mean and unit variance first.
    mean, scale : ndarray of float32, shape (feature,)
    weights : ndarray of float64, shape (feature, trained class)
    intercepts : ndarray of float64, shape (trained class,)
    temperature : float
    classes : ndarray of intp, shape (trained class,)
    n_classes : int
    """

    parameters: tuple[NDArray[Any], ...]
    window_shape: tuple[int, int]
    standardise: bool
    mean: NDArray[np.float32]
    scale: NDArray[np.float32]
    weights: NDArray[np.float64]
    intercepts: NDArray[np.float64]
    temperature: float
    classes: NDArray[np.intp]
    n_classes: int

    def predict_proba(self, inputs: NDArray[Any]) -> NDArray[np.float64]:
        """Return calibrated probabilities, shape (sample, class).

        Raises
        ------
        Invalid
            If the windows have another shape than those of the training.
        """
        if tuple(inputs.shape[1:]) != self.window_shape:
            raise Invalid(
                f"This model was trained on windows of (channel, sample) {self.window_shape}, "
                f"not {tuple(inputs.shape[1:])}."
            )
        transform = _transform(self.parameters)
        decisions = np.zeros((len(inputs), len(self.classes)))
        for start in range(0, len(inputs), _BATCH):
            batch = prepared(inputs[start : start + _BATCH], self.standardise)
            features = (transform(batch) - self.mean) / self.scale
            decisions[start : start + _BATCH] = features @ self.weights + self.intercepts
        return probabilities(decisions, self.temperature, self.classes, self.n_classes)

    def arrays(self) -> dict[str, NDArray[Any]]:
        """Return everything that was learned."""
        return {
            **dict(zip(_PARAMETERS, self.parameters, strict=True)),
            "window_shape": np.array(self.window_shape),
            "standardise": np.array([self.standardise], dtype=np.int64),
            "mean": self.mean,
            "scale": self.scale,
            "weights": self.weights,
            "intercepts": self.intercepts,
            "temperature": np.array([self.temperature]),
            "classes": self.classes,
            "n_classes": np.array([self.n_classes]),
        }


def restore(arrays: Arrays) -> Rocket:
    """Return the model of `arrays`; raises KeyError or ValueError if they are not one."""
    rocket = Rocket(
        parameters=tuple(arrays[name] for name in _PARAMETERS),
        window_shape=_shape(arrays["window_shape"]),
        standardise=bool(arrays["standardise"][0]),
        mean=arrays["mean"],
        scale=arrays["scale"],
        weights=arrays["weights"],
        intercepts=arrays["intercepts"],
        temperature=float(arrays["temperature"][0]),
        classes=arrays["classes"].astype(np.intp),
        n_classes=int(arrays["n_classes"][0]),
    )
    n_features = 84 * int(arrays["features_per_dilation"].sum())
    # The compiled transform does not check its bounds: only whole parameters may reach it.
    n_kernels = 84 * len(arrays["dilations"])
    is_whole = (
        len(arrays["biases"]) == n_features
        and rocket.weights.shape == (n_features, len(rocket.classes))
        and len(arrays["channel_counts"]) == n_kernels
        and int(arrays["channel_counts"].sum()) == len(arrays["channels"])
        and bool((arrays["channels"] >= 0).all())
        and bool((arrays["channels"] < rocket.window_shape[0]).all())
        and bool((arrays["dilations"] > 0).all() and (arrays["features_per_dilation"] >= 0).all())
    )
    if not is_whole:
        raise ValueError("the parameters of the transform do not fit each other")
    return rocket


def _shape(axes: NDArray[Any]) -> tuple[int, int]:
    channels, length = (int(axis) for axis in axes)
    return channels, length


def fit(
    problem: Problem, indices: NDArray[np.intp], config: ModelConfig, on_progress: Progress
) -> Rocket:
    """Learn the transform's biases, transform in batches, then solve the ridge step.

    Parameters
    ----------
    problem : Problem
    indices : ndarray of intp, shape (sample,)
    config : ModelConfig
    on_progress : callable

    Returns
    -------
    Rocket
    """
    on_progress(0.0)
    values = SPECIFICATION.values(config.values)
    chosen = subsample(problem, indices, int(values["max_windows"]), config.seed)
    standardise = bool(values["standardise"])
    some = subsample(problem, chosen, _WINDOWS_FOR_BIASES, config.seed)
    first = prepared(problem.read_windows(some), standardise)
    # The first call ever on a machine compiles for some seconds.
    learn = partial(_learn_biases, first, int(values["n_kernels"]), config.seed)
    parameters = run_interruptibly(learn, lambda: on_progress(0.05))
    transform = _transform(parameters)
    pieces = []
    for start in range(0, len(chosen), _BATCH):
        on_progress(0.1 + 0.6 * start / len(chosen))
        batch = problem.read_windows(chosen[start : start + _BATCH])
        pieces.append(transform(prepared(batch, standardise)))
    features = np.concatenate(pieces)
    mean, spread = features.mean(axis=0), features.std(axis=0)
    scale = np.where(spread > 1e-6, spread, np.float32(1.0)).astype(np.float32)
    features = (features - mean) / scale
    step = ridge_step(problem, chosen, features, config.seed, lambda: on_progress(0.7))
    on_progress(1.0)
    return Rocket(
        parameters=parameters,
        window_shape=(first.shape[1], first.shape[2]),
        standardise=standardise,
        mean=mean,
        scale=scale,
        weights=features.T @ step.dual,
        intercepts=step.intercepts,
        temperature=step.temperature,
        classes=step.classes,
        n_classes=len(problem.class_names),
    )


def prepared(windows: NDArray[Any], standardise: bool) -> NDArray[np.float32]:
    """Return float32 windows, on request with zero mean and unit variance each."""
    samples = np.asarray(windows, dtype=np.float32)
    if not standardise:
        return samples
    centred = samples - samples.mean(axis=2, keepdims=True)
    spread = centred.std(axis=2, keepdims=True)
    return np.asarray(centred / np.where(spread > 0.0, spread, 1.0), dtype=np.float32)


def _learn_biases(
    windows: NDArray[np.float32], n_kernels: int, seed: int
) -> tuple[NDArray[Any], ...]:
    from aeon.transformations.collection.convolution_based import MiniRocket

    transform = MiniRocket(n_kernels=n_kernels, random_state=seed, n_jobs=1)
    transform.fit(windows)
    return tuple(transform.parameters)


def _transform(
    parameters: tuple[NDArray[Any], ...],
) -> Callable[[NDArray[np.float32]], NDArray[np.float32]]:
    """Return the compiled transform with these parameters."""
    from sonde.learning.core.models.rocket_kernels import minirocket_features

    return partial(minirocket_features, parameters=parameters)


SPECIFICATION = ModelSpecification(
    name="minirocket",
    title="MiniRocket + ridge",
    family="Convolution",
    help="Thousands of fixed convolutions on the raw signal, then one linear step. No features.",
    eats="windows",
    hyper_parameters=(
        HyperParameter(
            "n_kernels",
            "Convolutions",
            "How many features are made of a window.",
            10000,
            low=84,
            high=20000,
        ),
        HyperParameter(
            "standardise",
            "Standardise windows",
            "Zero mean and unit variance each: the absolute level cannot be learned.",
            True,
        ),
        HyperParameter(
            "max_windows",
            "Windows at most",
            "Training windows beyond this are thinned, every class alike.",
            2000,
            low=100,
            high=5000,
        ),
    ),
    fit=fit,
    restore=restore,
)
