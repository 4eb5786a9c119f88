"""Convolutional parts that torch does not have."""

import torch
from torch import nn


class GateModule(nn.Module):
    """Squeeze and excitation of (batch, channel, time)."""

    def __init__(self, n_channels: int, n_hidden: int) -> None:
        super().__init__()
        self.squeeze = nn.Linear(n_channels, n_hidden)
        self.excite = nn.Linear(n_hidden, n_channels)

    def forward(self, inputs: torch.Tensor) -> torch.Tensor:
        """Return the channels, each times its weight."""
        hidden = torch.nn.functional.silu(self.squeeze(inputs.mean(dim=-1)))
        return inputs * torch.sigmoid(self.excite(hidden)).unsqueeze(-1)
