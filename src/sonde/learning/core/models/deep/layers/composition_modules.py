"""Composed layers as torch modules."""

import torch
from torch import nn


class ResidualModule(nn.Module):
    """The sum of a body and a shortcut."""

    def __init__(self, body: nn.Module, shortcut: nn.Module) -> None:
        super().__init__()
        self.body = body
        self.shortcut = shortcut

    def forward(self, inputs: torch.Tensor) -> torch.Tensor:
        """Return the sum."""
        answer: torch.Tensor = self.body(inputs) + self.shortcut(inputs)
        return answer


class BranchesModule(nn.Module):
    """Several ways, put behind each other along the first axis after the batch."""

    def __init__(self, branches: list[nn.Sequential]) -> None:
        super().__init__()
        self.branches = nn.ModuleList(branches)

    def forward(self, inputs: torch.Tensor) -> torch.Tensor:
        """Return all answers in one."""
        return torch.cat([branch(inputs) for branch in self.branches], dim=1)


class EachChannelModule(nn.Module):
    """One body for every channel by itself."""

    def __init__(self, body: nn.Module, n_channels: int, n_features: int) -> None:
        super().__init__()
        self.body = body
        self.n_channels = n_channels
        self.n_features = n_features

    def forward(self, inputs: torch.Tensor) -> torch.Tensor:
        """Return (batch, channel x feature) of (batch, channel, time)."""
        alone = inputs.flatten(0, 1).unsqueeze(1)
        answer: torch.Tensor = self.body(alone)
        return answer.reshape(-1, self.n_channels * self.n_features)


class ExpertsModule(nn.Module):
    """A mixture of experts, weighed window by window."""

    def __init__(self, experts: list[nn.Sequential], n_channels: int) -> None:
        super().__init__()
        self.experts = nn.ModuleList(experts)
        self.gate = nn.Linear(n_channels, len(experts))

    def forward(self, inputs: torch.Tensor) -> torch.Tensor:
        """Return the weighed mean of the experts' features."""
        weights = torch.softmax(self.gate(inputs.mean(dim=-1)), dim=1)
        told = torch.stack([expert(inputs) for expert in self.experts], dim=1)
        return (told * weights.unsqueeze(-1)).sum(dim=1)
