"""Layers on features, and dropout."""

from dataclasses import dataclass
from typing import Any

from sonde.learning.core.models.deep.layers.layer import Cost, Shape, size


@dataclass(frozen=True)
class Dense:
    """Every output from every feature."""

    n_features: int

    def cost(self, shape: Shape) -> Cost:
        """Return inputs x outputs, and a bias each."""
        n_weights = shape[0] * self.n_features
        return Cost((self.n_features,), n_weights + self.n_features, n_weights, self.n_features)

    def module(self, shape: Shape) -> Any:
        """Return torch's linear layer."""
        from torch import nn

        return nn.Linear(shape[0], self.n_features)


@dataclass(frozen=True)
class Dropout:
    """Forgets a share of the numbers while training."""

    share: float

    def cost(self, shape: Shape) -> Cost:
        """Return nothing to learn."""
        return Cost(shape, 0, 0, size(shape))

    def module(self, _shape: Shape) -> Any:
        """Return torch's dropout."""
        from torch import nn

        return nn.Dropout(self.share)


def classifier(n_classes: int, dropout: float) -> tuple[Dropout, Dense]:
    """Return the usual head: dropout, then one logit for each class."""
    return Dropout(dropout), Dense(n_classes)
