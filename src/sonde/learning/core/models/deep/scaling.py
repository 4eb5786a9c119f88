"""How windows are scaled before the first layer; part of the network, so an export holds it."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from sonde.learning.core.fitting.calibration import subsample
from sonde.learning.core.hyper_parameters import HyperParameter
from sonde.learning.core.problem import Problem

SCALING = HyperParameter(
    "scaling",
    "Input scaling",
    "Training: one mean and spread of the training windows. Window: each window by its own, so "
    "that the absolute level cannot be learned. None: as recorded.",
    "training",
    choices=("training", "window", "none"),
)

_WINDOWS = 512
_BATCH = 64
_SMALLEST = 1e-12


def statistics(
    problem: Problem, indices: NDArray[np.intp], seed: int
) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Return mean and standard deviation of every channel over training windows.

    Parameters
    ----------
    problem : Problem
    indices : ndarray of intp, shape (sample,)
        Training samples; at most 512 of them are read.
    seed : int

    Returns
    -------
    mean, spread : ndarray of float32, shape (channel, 1)
        A spread is 1 where a channel does not move.
    """
    chosen = subsample(problem, indices, _WINDOWS, seed)
    total, squares, count = 0.0, 0.0, 0
    for start in range(0, len(chosen), _BATCH):
        windows = problem.read_windows(chosen[start : start + _BATCH]).astype(np.float64)
        total = total + windows.sum(axis=(0, 2))
        squares = squares + (windows**2).sum(axis=(0, 2))
        count += windows.shape[0] * windows.shape[2]
    mean = np.asarray(total) / count
    variance = np.maximum(np.asarray(squares) / count - mean**2, 0.0)
    spread = np.sqrt(variance)
    spread = np.where(spread > _SMALLEST, spread, 1.0)
    return mean[:, None].astype(np.float32), spread[:, None].astype(np.float32)


def scaling_layer(kind: str, n_channels: int) -> Any:
    """Return the torch layer of a kind of scaling; needs torch.

    Parameters
    ----------
    kind : {"training", "window", "none"}
    n_channels : int

    Returns
    -------
    torch.nn.Module
        That of "training" has buffers `mean` and `spread`, zero and one until they are set.
    """
    from torch import nn

    from sonde.learning.core.models.deep.layers.scaling_modules import ByTraining, ByWindow

    if kind == "training":
        return ByTraining(n_channels)
    return ByWindow() if kind == "window" else nn.Identity()


def settle(layer: Any, problem: Problem, indices: NDArray[np.intp], seed: int) -> None:
    """Learn what the scaling layer must know from the training windows."""
    import torch

    if not hasattr(layer, "spread"):
        return
    mean, spread = statistics(problem, indices, seed)
    with torch.no_grad():
        layer.mean.copy_(torch.from_numpy(mean))
        layer.spread.copy_(torch.from_numpy(spread))
