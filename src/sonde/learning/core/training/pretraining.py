"""Learning from windows without their labels, before the training proper; imported by fits only.

*Masked*: stretches of each window are silenced, and the network's representation must tell how the
power in them was spread over frequency (after Wei and others 2022, "Masked feature prediction").
*Contrastive*: two bent copies of each window must be more like each other than like those of any
other window (Chen and others 2020, "SimCLR").
"""

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import nn

from sonde.learning.core.fitting.training_config import TrainingConfig
from sonde.learning.core.training.augmentations.catalogue import BENDS
from sonde.learning.core.training.augmentations.random_policy import random_policy
from sonde.learning.core.training.batches import Place, generator_at
from sonde.learning.core.training.material import Material
from sonde.platform.core.errors import Invalid

PARTS = 16
BANDS = 8
_MASKED = 0.4
_TEMPERATURE = 0.2
_PROJECTION = 64
_WINDOWS_FOR_SCALE = 256


class Pretrainer(nn.Module):
    """A network whose representation is read by a head of its own, thrown away afterwards."""

    def __init__(self, network: Any, head: nn.Module) -> None:
        super().__init__()
        self.network = network
        self.head = head

    def forward(self, windows: torch.Tensor) -> torch.Tensor:
        """Return what the head makes of the representation."""
        answer: torch.Tensor = self.head(self.network.representation(windows))
        return answer


def pretraining_config(config: TrainingConfig) -> TrainingConfig:
    """Return how pretraining learns: its own epochs, and the rate along a cosine."""
    return replace(config, epochs=config.pretraining_epochs, schedule="cosine", warm_up_epochs=0)


def pretraining_of(
    network: Any, material: Material, indices: NDArray[np.intp], config: TrainingConfig, seed: int
) -> "Masked | Contrastive":
    """Return the pretraining that a configuration names.

    Raises
    ------
    Invalid
        If the network tells no representation.
    """
    if not hasattr(network, "representation"):
        raise Invalid(
            "This network tells no representation, so it cannot be pretrained; choose none.",
            field="pretraining",
        )
    some = np.sort(indices)[:: max(1, len(indices) // _WINDOWS_FOR_SCALE)][:_WINDOWS_FOR_SCALE]
    windows = material.read(some)
    n_features = _n_features(network, windows[:1])
    if config.pretraining == "contrastive":
        head = nn.Sequential(
            nn.Linear(n_features, n_features), nn.ReLU(), nn.Linear(n_features, _PROJECTION)
        )
        return Contrastive(Pretrainer(network, head), material, pretraining_config(config), seed)
    powers = band_powers(windows)
    mean, spread = powers.mean(axis=(0, 1)), powers.std(axis=(0, 1))
    head = nn.Linear(n_features, PARTS * powers.shape[2])
    learner = Pretrainer(network, head)
    spread = np.where(spread > 0.0, spread, 1.0).astype(np.float32)
    return Masked(learner, material, pretraining_config(config), seed, mean, spread)


def _n_features(network: Any, windows: NDArray[np.float32]) -> int:
    was_training = network.training
    network.eval()
    with torch.no_grad():
        device = next(network.parameters()).device
        answer = network.representation(torch.from_numpy(windows).to(device))
    network.train(was_training)
    return int(answer.shape[1])


def band_powers(windows: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return the logarithm of the power in each band of each sixteenth of a window.

    Parameters
    ----------
    windows : ndarray of float32, shape (sample, channel, time)

    Returns
    -------
    ndarray of float32, shape (sample, part, band)
        Channels are averaged; at most 8 bands of equal width, mean and all.
    """
    n_samples, n_channels, length = windows.shape
    each = length // PARTS
    parts = windows[:, :, : each * PARTS].reshape(n_samples, n_channels, PARTS, each)
    power = (np.abs(np.fft.rfft(parts, axis=3)) ** 2).mean(axis=1)
    edges = np.linspace(0, power.shape[2], min(BANDS, power.shape[2]) + 1).astype(np.intp)
    bands = np.add.reduceat(power, edges[:-1], axis=2)
    floor = 1e-6 * bands.mean() + 1e-30
    logs: NDArray[np.float32] = np.log(bands + floor).astype(np.float32)
    return logs


@dataclass(frozen=True)
class Masked:
    """Tells the spectra of silenced parts.

    Parameters
    ----------
    learner : Pretrainer
    material : Material
    config : TrainingConfig
    seed : int
    mean, spread : ndarray of float32, shape (band,)
        Of the band powers of training windows.
    """

    learner: Any
    material: Material
    config: TrainingConfig
    seed: int
    mean: NDArray[np.float32]
    spread: NDArray[np.float32]
    number: int = 0
    prefix: str = "pretraining/"

    def make(self, place: Place, indices: NDArray[np.intp]) -> tuple[NDArray[np.float32], ...]:
        """Return windows with silenced parts, the mask, and the powers that were there."""
        random = generator_at(self.seed, place)
        windows = self.material.read(indices)
        powers = (band_powers(windows) - self.mean) / self.spread
        ranks = random.permuted(np.tile(np.arange(PARTS), (len(windows), 1)), axis=1)
        mask = ranks < round(_MASKED * PARTS)
        each = windows.shape[2] // PARTS
        inside = np.zeros((len(windows), windows.shape[2]), dtype=np.bool_)
        inside[:, : each * PARTS] = np.repeat(mask, each, axis=1)
        silent = windows.mean(axis=2, keepdims=True)
        masked = np.where(inside[:, None, :], silent, windows)
        return masked, mask.astype(np.float32), powers

    def loss(
        self, windows: torch.Tensor, mask: torch.Tensor, powers: torch.Tensor
    ) -> tuple[torch.Tensor, torch.Tensor]:
        """Return the mean squared error over the silenced parts; nothing is right or wrong."""
        told = self.learner(windows).float().reshape(powers.shape)
        errors = ((told - powers) ** 2).mean(dim=2)
        loss = (errors * mask).sum() / mask.sum().clamp_min(1.0)
        return loss, torch.zeros((), device=loss.device)


@dataclass(frozen=True)
class Contrastive:
    """Tells two bent copies of a window from those of all others.

    Parameters
    ----------
    learner : Pretrainer
    material : Material
    config : TrainingConfig
    seed : int
    """

    learner: Any
    material: Material
    config: TrainingConfig
    seed: int
    number: int = 0
    prefix: str = "pretraining/"

    def make(self, place: Place, indices: NDArray[np.intp]) -> tuple[NDArray[np.float32], ...]:
        """Return two views of each window, one batch behind the other."""
        random = generator_at(self.seed, place)
        windows = self.material.read(indices)
        strength, ways = self.config.augmentation_strength, tuple(BENDS.values())
        views = [random_policy(windows, strength, random, ways) for _ in range(2)]
        return (np.concatenate(views),)

    def loss(self, windows: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        """Return the cross-entropy of finding each view's twin among all other views."""
        told = nn.functional.normalize(self.learner(windows).float(), dim=1)
        likeness = told @ told.T / _TEMPERATURE
        likeness = likeness.masked_fill(
            torch.eye(len(told), dtype=torch.bool, device=told.device), float("-inf")
        )
        half = len(told) // 2
        twins = torch.arange(len(told), device=told.device).roll(half)
        loss = nn.functional.cross_entropy(likeness, twins)
        return loss, (likeness.detach().argmax(dim=1) == twins).sum()
