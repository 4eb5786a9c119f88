"""Summaries over all positions as torch modules."""

import torch
from torch import nn


class SummaryModule(nn.Module):
    """Mean, largest, or both of every channel."""

    def __init__(self, kind: str) -> None:
        super().__init__()
        self.kind = kind

    def forward(self, inputs: torch.Tensor) -> torch.Tensor:
        """Return (batch, feature) of (batch, channel, position...)."""
        positions = tuple(range(2, inputs.dim()))
        if self.kind == "mean":
            return inputs.mean(dim=positions)
        largest = inputs.amax(dim=positions)
        if self.kind == "max":
            return largest
        return torch.cat([inputs.mean(dim=positions), largest], dim=1)


class AttendedMean(nn.Module):
    """Mean over positions, weighed by a learned score."""

    def __init__(self, n_channels: int) -> None:
        super().__init__()
        self.score = nn.Linear(n_channels, 1, bias=False)

    def forward(self, inputs: torch.Tensor) -> torch.Tensor:
        """Return (batch, channel) of (batch, channel, position...)."""
        positions = inputs.flatten(2).transpose(1, 2)
        weights = torch.softmax(self.score(positions), dim=1)
        return (positions * weights).sum(dim=1)
