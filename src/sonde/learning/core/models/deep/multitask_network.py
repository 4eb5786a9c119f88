"""The network of `multitask` and its loss; imported only where torch is at work."""

import torch

from sonde.learning.core.models.deep.architecture import InputShape, Plan
from sonde.learning.core.models.deep.network import Network, assemble


class MultitaskNetwork(Network):
    """A network with one more head: numbers of the sample, standardised.

    Parameters
    ----------
    plan : Plan
    shape : InputShape
    names : tuple of str
        Attributes of the problem.
    weight : float
    """

    def __init__(
        self, plan: Plan, shape: InputShape, names: tuple[str, ...], weight: float
    ) -> None:
        super().__init__(plan, shape)
        self.auxiliary_targets = names
        self.weight = weight
        self.attribute_head, _ = assemble(plan.beside, (self.n_features,))
        self._features: torch.Tensor | None = None

    def forward(self, windows: torch.Tensor) -> torch.Tensor:
        """Return logits, shape (batch, class)."""
        features = self.representation(windows)
        self._features = features if self.training else None
        logits: torch.Tensor = self.head(features)
        return logits

    def tell_attributes(self, windows: torch.Tensor) -> torch.Tensor:
        """Return the standardised numbers of windows, shape (batch, attribute)."""
        told: torch.Tensor = self.attribute_head(self.representation(windows))
        return told

    def extra_loss(
        self, inputs: torch.Tensor, _labels: torch.Tensor, targets: torch.Tensor
    ) -> torch.Tensor:
        """Return the weighted squared error over what is known; zero where nothing is."""
        features = self._features
        if features is None or len(features) != len(inputs):
            features = self.representation(inputs)
        self._features = None
        told = self.attribute_head(features).float()
        is_known = torch.isfinite(targets)
        missed = torch.where(is_known, told - torch.nan_to_num(targets), torch.zeros_like(told))
        return self.weight * missed.pow(2).sum() / is_known.sum().clamp_min(1)
