"""Which windows make up each step, and the random numbers of each step.

Nothing here remembers anything: order and random numbers follow from seed, stage, epoch and step
alone, so that a training that goes on after a kill meets the very same batches.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True)
class Place:
    """A step of a training.

    Parameters
    ----------
    stage : int
        0 is pretraining, 1 is training.
    epoch, step : int
        Counted from 0; the step within the epoch.
    """

    stage: int
    epoch: int
    step: int


def generator_at(seed: int, place: Place) -> np.random.Generator:
    """Return the random numbers of one step, independent of every other step's.

    Examples
    --------
    >>> first = generator_at(0, Place(1, 0, 0)).integers(1000)
    >>> bool(first == generator_at(0, Place(1, 0, 0)).integers(1000))
    True
    """
    return np.random.default_rng([seed, place.stage, place.epoch, place.step, 1])


def cut_epoch(
    indices: NDArray[np.intp], batch_size: int, seed: int, place: Place
) -> list[NDArray[np.intp]]:
    """Return the batches of an epoch: every sample once, in the epoch's own order.

    A single sample that is left over joins the batch before it, because one window alone has no
    spread to normalise by.

    Parameters
    ----------
    indices : ndarray of intp, shape (sample,)
    batch_size : int
    seed : int
    place : Place

    Examples
    --------
    >>> [len(batch) for batch in cut_epoch(np.arange(9), 4, 0, Place(1, 0, 0))]
    [4, 5]
    """
    random = np.random.default_rng([seed, place.stage, place.epoch])
    order = indices[random.permutation(len(indices))]
    return [order[start:stop] for start, stop in _bounds(len(order), batch_size)]


def n_batches(n_samples: int, batch_size: int) -> int:
    """Return how many steps an epoch has.

    Examples
    --------
    >>> n_batches(9, 4), n_batches(8, 4), n_batches(10, 4)
    (2, 2, 3)
    """
    return len(_bounds(n_samples, batch_size))


def _bounds(n_samples: int, batch_size: int) -> list[tuple[int, int]]:
    starts = list(range(0, n_samples, batch_size))
    if len(starts) > 1 and batch_size > 1 and n_samples - starts[-1] == 1:
        starts.pop()
    return list(zip(starts, [*starts[1:], n_samples], strict=True))


def length_at(lengths: Sequence[int], whole: int, epoch: int, n_epochs: int) -> int:
    """Return the window length of an epoch under progressive resizing.

    The lengths below the whole share the epochs evenly, and the whole comes last.

    Parameters
    ----------
    lengths : sequence of int
    whole : int
        Samples of an uncut window.
    epoch, n_epochs : int

    Examples
    --------
    >>> [length_at((64, 128), 256, epoch, 6) for epoch in range(6)]
    [64, 64, 128, 128, 256, 256]
    """
    parts = [length for length in lengths if length < whole] + [whole]
    return parts[min(epoch * len(parts) // max(1, n_epochs), len(parts) - 1)]


def crop(
    windows: NDArray[np.float32], length: int, random: np.random.Generator
) -> NDArray[np.float32]:
    """Return a stretch of each window, from a place of its own; whole windows as they are.

    Parameters
    ----------
    windows : ndarray of float32, shape (sample, channel, time)
    length : int
    random : Generator

    Examples
    --------
    >>> crop(np.zeros((2, 1, 9), dtype=np.float32), 4, np.random.default_rng(0)).shape
    (2, 1, 4)
    """
    if length >= windows.shape[2]:
        return windows
    starts = random.integers(0, windows.shape[2] - length + 1, len(windows))
    places = starts[:, None] + np.arange(length)
    return np.take_along_axis(windows, places[:, None, :], axis=2)
