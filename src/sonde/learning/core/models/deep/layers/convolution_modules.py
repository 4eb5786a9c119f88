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


class LookingBack(nn.Module):
    """A convolution padded on both sides whose answers that look ahead are cut off."""

    def __init__(self, convolution: nn.Module, stride: int) -> None:
        super().__init__()
        self.convolution = convolution
        self.stride = stride

    def forward(self, inputs: torch.Tensor) -> torch.Tensor:
        """Return (batch, channel, time) that depends on no later sample."""
        # A plain number, also while tracing: time has no free axis in an export.
        n_positions = (int(inputs.shape[2]) - 1) // self.stride + 1
        answer: torch.Tensor = self.convolution(inputs)[:, :, :n_positions]
        return answer
