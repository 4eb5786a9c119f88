"""Scaling layers as torch modules."""

import torch
from torch import nn


class ByTraining(nn.Module):
    """One mean and one spread for each channel, learned before the training."""

    mean: torch.Tensor
    spread: torch.Tensor

    def __init__(self, n_channels: int) -> None:
        super().__init__()
        self.register_buffer("mean", torch.zeros(n_channels, 1))
        self.register_buffer("spread", torch.ones(n_channels, 1))

    def forward(self, windows: torch.Tensor) -> torch.Tensor:
        """Return windows of about zero mean and unit spread."""
        return (windows - self.mean) / self.spread


class ByWindow(nn.Module):
    """Every channel of every window by its own mean and spread."""

    def forward(self, windows: torch.Tensor) -> torch.Tensor:
        """Return windows of zero mean and unit spread; silence stays silence."""
        centred = windows - windows.mean(dim=-1, keepdim=True)
        power = (centred * centred).mean(dim=-1, keepdim=True)
        return centred / torch.sqrt(power + 1e-12)
