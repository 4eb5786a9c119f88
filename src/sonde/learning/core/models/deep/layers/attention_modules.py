"""Transformer blocks over (batch, channel, time) as torch modules."""

import math

import torch
from torch import nn


class PositionsModule(nn.Module):
    """Adds sines and cosines of the position."""

    rate: torch.Tensor
    quarter: torch.Tensor

    def __init__(self, width: int) -> None:
        super().__init__()
        channel = torch.arange(width)
        pair = (channel // 2).float()
        rate = torch.exp(-math.log(10_000.0) * 2.0 * pair / width)
        self.register_buffer("rate", rate[:, None], persistent=False)
        quarter = (channel % 2).float() * (math.pi / 2)
        self.register_buffer("quarter", quarter[:, None], persistent=False)

    def forward(self, inputs: torch.Tensor) -> torch.Tensor:
        """Return inputs plus positions, (batch, channel, time)."""
        # A plain number, also while tracing: time has no free axis in an export.
        time = torch.arange(int(inputs.shape[2]), device=inputs.device, dtype=inputs.dtype)
        return inputs + torch.sin(self.rate * time + self.quarter)


class SelfAttentionModule(nn.Module):
    """Attention of every position to all, in front of it a normalisation.

    The projections of queries, keys and values have no bias: that of the keys would change
    nothing and never get a gradient.
    """

    def __init__(self, width: int, n_heads: int, dropout: float) -> None:
        super().__init__()
        self.normalise = nn.LayerNorm(width)
        self.project = nn.Linear(width, 3 * width, bias=False)
        self.join = nn.Linear(width, width)
        self.forget = nn.Dropout(dropout)
        self.n_heads = n_heads
        self.width = width

    def forward(self, inputs: torch.Tensor) -> torch.Tensor:
        """Return (batch, channel, time)."""
        positions = inputs.transpose(1, 2)
        length, n_each = positions.shape[1], self.width // self.n_heads
        told = self.project(self.normalise(positions))
        told = told.reshape(-1, length, 3, self.n_heads, n_each).permute(2, 0, 3, 1, 4)
        scores = told[0] @ told[1].transpose(-1, -2) / math.sqrt(n_each)
        attended = torch.softmax(scores, dim=-1) @ told[2]
        joined = self.join(attended.transpose(1, 2).reshape(-1, length, self.width))
        answer: torch.Tensor = (positions + self.forget(joined)).transpose(1, 2)
        return answer


class FeedForwardModule(nn.Module):
    """Two dense layers on every position, in front of them a normalisation."""

    def __init__(self, width: int, n_hidden: int, dropout: float) -> None:
        super().__init__()
        self.steps = nn.Sequential(
            nn.LayerNorm(width),
            nn.Linear(width, n_hidden),
            nn.GELU(),
            nn.Linear(n_hidden, width),
            nn.Dropout(dropout),
        )

    def forward(self, inputs: torch.Tensor) -> torch.Tensor:
        """Return (batch, channel, time)."""
        positions = inputs.transpose(1, 2)
        answer: torch.Tensor = (positions + self.steps(positions)).transpose(1, 2)
        return answer
