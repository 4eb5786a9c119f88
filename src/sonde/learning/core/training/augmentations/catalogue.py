"""All augmentations by name, and a training batch sent through those that were chosen."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

from sonde.learning.core.training.augmentations.cutmix import cutmix
from sonde.learning.core.training.augmentations.magnitude_warp import magnitude_warp
from sonde.learning.core.training.augmentations.mixing import Mixing
from sonde.learning.core.training.augmentations.mixup import mixup
from sonde.learning.core.training.augmentations.noise import noise
from sonde.learning.core.training.augmentations.random_policy import Bend, random_policy
from sonde.learning.core.training.augmentations.scale import scale
from sonde.learning.core.training.augmentations.shift import shift
from sonde.learning.core.training.augmentations.time_warp import time_warp

BENDS: Mapping[str, Bend] = MappingProxyType(
    {
        "noise": noise,
        "shift": shift,
        "scale": scale,
        "time-warp": time_warp,
        "magnitude-warp": magnitude_warp,
    }
)
MIXES = MappingProxyType({"mixup": mixup, "cutmix": cutmix})


@dataclass(frozen=True)
class Batch:
    """Windows on their way into a network, with what it shall say about them.

    Parameters
    ----------
    windows : ndarray of float32, shape (sample, channel, time)
    labels : ndarray of float32, shape (sample, class)
        A distribution for each sample; one-hot unless windows were mixed.
    teacher : ndarray of float32, shape (sample, class)
        The teacher's softened distributions; no columns where there is none.
    targets : ndarray of float32, shape (sample, target)
        Standardised numeric targets, NaN where unknown; no columns where there are none.
    """

    windows: NDArray[np.float32]
    labels: NDArray[np.float32]
    teacher: NDArray[np.float32]
    targets: NDArray[np.float32]


def augment(
    batch: Batch, names: Sequence[str], strength: float, random: np.random.Generator
) -> Batch:
    """Return the batch bent in every way that is named; of mixup and cutmix one by chance.

    Parameters
    ----------
    batch : Batch
    names : sequence of str
        Of ``config.AUGMENTATIONS``.
    strength : float
        In [0, 1].
    random : Generator

    Returns
    -------
    Batch
        The given one is not changed.
    """
    windows = batch.windows
    for name, bend in BENDS.items():
        if name in names:
            windows = bend(windows, strength, random)
    if "random" in names:
        windows = random_policy(windows, strength, random, tuple(BENDS.values()))
    mixes = [mix for name, mix in MIXES.items() if name in names]
    if not mixes or len(windows) < 2:
        return replace(batch, windows=windows)
    windows, mixing = mixes[int(random.integers(len(mixes)))](windows, strength, random)
    return _mixed(replace(batch, windows=windows), mixing)


def _mixed(batch: Batch, mixing: Mixing) -> Batch:
    return replace(
        batch,
        labels=mixing.mix(batch.labels),
        teacher=mixing.mix(batch.teacher),
        targets=mixing.mix(batch.targets),
    )
