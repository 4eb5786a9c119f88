"""HYDRA with a ridge classifier: groups of random kernels compete, and how often each wins counts.

Dempster, Schmidt and Webb 2023, "Hydra: competing convolutional kernels for fast and accurate time
series classification". The transform is our own, held to aeon's answers by a test.
"""

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
from sonde.learning.core.models.minirocket import prepared
from sonde.learning.core.models.ridge import ridge_step
from sonde.learning.core.problem import Problem
from sonde.platform.core.errors import Invalid

_BATCH = 4
_TAPS = 9
_KERNELS = 8
_MOST_CHANNELS = 8


@dataclass(frozen=True)
class Hydra:
    """Random kernels and the linear step behind them.

    Parameters
    ----------
    kernels : ndarray of float32, shape (dilation, 2, group, kernel, tap)
    channels : ndarray of int64, shape (dilation, 2, group, chosen)
    window_shape : tuple of int
        Channels and samples of a window.
    standardise : bool
        Each window was given zero mean and unit variance first.
    mean, scale : ndarray of float32, shape (feature,)
        Of the square roots of the counts.
    weights : ndarray of float64, shape (feature, trained class)
    intercepts : ndarray of float64, shape (trained class,)
    temperature : float
    classes : ndarray of intp, shape (trained class,)
    n_classes : int
    """

    kernels: NDArray[np.float32]
    channels: NDArray[np.int64]
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
        decisions = np.zeros((len(inputs), len(self.classes)))
        for start in range(0, len(inputs), _BATCH):
            batch = prepared(inputs[start : start + _BATCH], self.standardise)
            features = _scaled(_roots(batch, self.kernels, self.channels), self.mean, self.scale)
            decisions[start : start + _BATCH] = features @ self.weights + self.intercepts
        return probabilities(decisions, self.temperature, self.classes, self.n_classes)

    def arrays(self) -> dict[str, NDArray[Any]]:
        """Return everything that was learned."""
        return {
            "kernels": self.kernels,
            "channels": self.channels,
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


def restore(arrays: Arrays) -> Hydra:
    """Return the model of `arrays`; raises KeyError or ValueError if they are not one."""
    n_channels, length = (int(axis) for axis in arrays["window_shape"])
    hydra = Hydra(
        kernels=arrays["kernels"].astype(np.float32),
        channels=arrays["channels"].astype(np.int64),
        window_shape=(n_channels, length),
        standardise=bool(arrays["standardise"][0]),
        mean=arrays["mean"].astype(np.float32),
        scale=arrays["scale"].astype(np.float32),
        weights=arrays["weights"],
        intercepts=arrays["intercepts"],
        temperature=float(arrays["temperature"][0]),
        classes=arrays["classes"].astype(np.intp),
        n_classes=int(arrays["n_classes"][0]),
    )
    shape = hydra.kernels.shape
    # The compiled transform does not check its bounds: only whole kernels may reach it.
    is_whole = (
        len(shape) == 5
        and shape[1] == 2
        and shape[4] == _TAPS
        and min(shape) > 0
        and shape[0] <= n_dilations(length)
        and hydra.channels.ndim == 4
        and hydra.channels.shape[:3] == shape[:3]
        and bool(((hydra.channels >= 0) & (hydra.channels < n_channels)).all())
        and hydra.weights.shape == (2 * hydra.kernels[..., 0].size, len(hydra.classes))
        and hydra.mean.shape == hydra.scale.shape == hydra.weights.shape[:1]
    )
    if not is_whole:
        raise ValueError("kernels, windows and weights do not fit each other")
    return hydra


def n_dilations(n_samples: int) -> int:
    """Return how many dilations 1, 2, 4, ... of nine taps fit into a window.

    Examples
    --------
    >>> n_dilations(9), n_dilations(17), n_dilations(12_000)
    (1, 2, 11)
    """
    return int(np.log2((n_samples - 1) / (_TAPS - 1))) + 1 if n_samples >= _TAPS else 0


def fit(
    problem: Problem, indices: NDArray[np.intp], config: ModelConfig, on_progress: Progress
) -> Hydra:
    """Draw the kernels, transform in batches, then solve the ridge step.

    Parameters
    ----------
    problem : Problem
    indices : ndarray of intp, shape (sample,)
    config : ModelConfig
    on_progress : callable

    Returns
    -------
    Hydra

    Raises
    ------
    Invalid
        If the windows are shorter than a kernel.
    """
    on_progress(0.0)
    values = SPECIFICATION.values(config.values)
    chosen = subsample(problem, indices, int(values["max_windows"]), config.seed)
    standardise = bool(values["standardise"])
    shape = problem.read_windows(chosen[:1]).shape[1:]
    kernels, channels = _draw(shape, int(values["n_groups"]), config.seed)
    pieces = []
    for start in range(0, len(chosen), _BATCH):
        on_progress(0.05 + 0.65 * start / len(chosen))
        batch = prepared(problem.read_windows(chosen[start : start + _BATCH]), standardise)
        work = partial(_roots, batch, kernels, channels)
        pieces.append(run_interruptibly(work, lambda: on_progress(0.05)) if not start else work())
    roots = np.concatenate(pieces)
    # A kernel that seldom wins is not blown up by the small spread of its counts.
    seldom = (roots == 0.0).mean(axis=0) ** 4 + 1e-8
    mean, scale = roots.mean(axis=0), (roots.std(axis=0) + seldom).astype(np.float32)
    features = _scaled(roots, mean, scale)
    step = ridge_step(problem, chosen, features, config.seed, lambda: on_progress(0.7))
    on_progress(1.0)
    return Hydra(
        kernels=kernels,
        channels=channels,
        window_shape=(shape[0], shape[1]),
        standardise=standardise,
        mean=mean,
        scale=scale,
        weights=features.T @ step.dual,
        intercepts=step.intercepts,
        temperature=step.temperature,
        classes=step.classes,
        n_classes=len(problem.class_names),
    )


def _draw(
    shape: tuple[int, ...], n_groups: int, seed: int
) -> tuple[NDArray[np.float32], NDArray[np.int64]]:
    """Draw kernels of zero mean and unit sum of magnitudes, and the channels of each group."""
    n_channels, n_samples = shape
    if n_samples < _TAPS:
        raise Invalid(f"HYDRA needs windows of at least {_TAPS} samples, not {n_samples}.")
    random = np.random.default_rng(seed)
    layout = (n_dilations(n_samples), 2, max(1, n_groups // 2))
    kernels = random.standard_normal((*layout, _KERNELS, _TAPS), dtype=np.float32)
    kernels -= kernels.mean(axis=-1, keepdims=True)
    kernels /= np.abs(kernels).sum(axis=-1, keepdims=True)
    n_chosen = 1 if n_channels == 1 else int(np.clip(n_channels // 2, 2, _MOST_CHANNELS))
    return kernels, random.integers(0, n_channels, (*layout, n_chosen))


def _roots(
    windows: NDArray[np.float32], kernels: NDArray[np.float32], channels: NDArray[np.int64]
) -> NDArray[np.float32]:
    from sonde.learning.core.models.rocket_kernels import hydra_features

    counts = hydra_features(windows, kernels, channels)
    roots: NDArray[np.float32] = np.sqrt(np.maximum(counts, np.float32(0.0)))
    return roots


def _scaled(
    roots: NDArray[np.float32], mean: NDArray[np.float32], scale: NDArray[np.float32]
) -> NDArray[np.float32]:
    """Return standardised counts; what never won stays at zero."""
    return np.where(roots > 0.0, (roots - mean) / scale, np.float32(0.0))


SPECIFICATION = ModelSpecification(
    name="hydra",
    title="HYDRA + ridge",
    family="Convolution",
    help="Groups of random convolutions compete on the raw signal; counts of the winners, then one "
    "linear step. No features.",
    eats="windows",
    hyper_parameters=(
        HyperParameter(
            "n_groups",
            "Groups",
            "Of eight kernels, for each dilation; half of them look at differences.",
            32,
            low=2,
            high=128,
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
