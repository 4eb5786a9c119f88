"""The torch module of every deep architecture; imported only where torch is at work."""

import torch
from torch import nn

from sonde.learning.core.models.deep.layers.assembling import assemble
from sonde.learning.core.models.deep.plan import InputShape, Plan

__all__ = ["Answering", "Network", "assemble"]


class Network(nn.Module):
    """Scaling, body, head; scaling is the first layer, so that an export holds it.

    Architectures with a loss or heads of their own derive from it: they may define
    ``extra_loss(inputs, labels, targets)`` and ``auxiliary_targets``.

    Parameters
    ----------
    plan : Plan
    shape : InputShape
    """

    auxiliary_targets: tuple[str, ...] = ()

    def __init__(self, plan: Plan, shape: InputShape) -> None:
        super().__init__()
        self.scaling: nn.Module = nn.Identity()
        self.body, features = assemble(plan.body, (shape.n_channels, shape.n_samples))
        self.head, _ = assemble(plan.head, features)
        self.n_features = features[0]

    def representation(self, windows: torch.Tensor) -> torch.Tensor:
        """Return what the head sees, shape (batch, feature)."""
        answer: torch.Tensor = self.body(self.scaling(windows))
        return answer

    def forward(self, windows: torch.Tensor) -> torch.Tensor:
        """Return logits, shape (batch, class), of windows (batch, channel, time)."""
        answer: torch.Tensor = self.head(self.representation(windows))
        return answer


class Answering(nn.Module):
    """A network that says logits and representation in one pass, as its export does."""

    def __init__(self, network: Network) -> None:
        super().__init__()
        self.network = network

    def forward(self, windows: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        """Return logits and representation."""
        features = self.network.representation(windows)
        return self.network.head(features), features
