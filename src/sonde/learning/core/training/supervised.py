"""The training stage proper: from batches with labels to a loss; imported by fits only."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray

from sonde.learning.core.fitting.training_config import TrainingConfig
from sonde.learning.core.training.augmentations.catalogue import augment
from sonde.learning.core.training.batches import Place, crop, generator_at, length_at
from sonde.learning.core.training.losses import Criterion, distillation_loss
from sonde.learning.core.training.material import Material


@dataclass(frozen=True)
class Supervised:
    """Learns labels, beside them what a teacher says and what the network itself asks for.

    A network may define ``extra_loss(inputs, labels, targets)``: windows as they were fed, shape
    (batch, channel, time); class numbers, shape (batch,), of mixed windows the larger part; and
    targets, shape (batch, target), of its ``auxiliary_targets``, standardised, NaN where unknown.

    Parameters
    ----------
    learner : torch.nn.Module
    material : Material
    criterion : Criterion
    config : TrainingConfig
    whole : int
        Samples of an uncut window.
    seed : int
    """

    learner: Any
    material: Material
    criterion: Criterion
    config: TrainingConfig
    whole: int
    seed: int
    number: int = 1
    prefix: str = "train/"

    def make(self, place: Place, indices: NDArray[np.intp]) -> tuple[NDArray[np.float32], ...]:
        """Return a training batch: windows, labels, teacher and targets, cut and augmented."""
        config, random = self.config, generator_at(self.seed, place)
        batch = self.material.batch(indices)
        length = length_at(config.progressive_resizing, self.whole, place.epoch, config.epochs)
        windows = crop(batch.windows, length, random)
        batch = type(batch)(windows, batch.labels, batch.teacher, batch.targets)
        batch = augment(batch, config.augmentations, config.augmentation_strength, random)
        return batch.windows, batch.labels, batch.teacher, batch.targets

    def loss(
        self,
        windows: torch.Tensor,
        labels: torch.Tensor,
        teacher: torch.Tensor,
        targets: torch.Tensor,
    ) -> tuple[torch.Tensor, torch.Tensor]:
        """Return the loss of a batch and how many of it were told right."""
        config = self.config
        logits = self.learner(windows)
        loss = self.criterion(logits, labels)
        if teacher.shape[1]:
            share = config.distillation_weight
            taught = distillation_loss(logits, teacher, config.distillation_temperature)
            loss = (1.0 - share) * loss + share * taught
        classes = labels.argmax(dim=1)
        extra = getattr(self.learner, "extra_loss", None)
        if extra is not None:
            loss = loss + extra(windows, classes, targets)
        return loss, (logits.detach().argmax(dim=1) == classes).sum()
