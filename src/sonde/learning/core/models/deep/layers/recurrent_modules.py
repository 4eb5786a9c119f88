"""Recurrent layers with time last."""

import torch
from torch import nn


class RecurrentModule(nn.Module):
    """LSTM or GRU over (batch, channel, time)."""

    def __init__(
        self, kind: str, n_channels: int, n_hidden: int, n_layers: int, is_bidirectional: bool
    ) -> None:
        super().__init__()
        layer = {"lstm": nn.LSTM, "gru": nn.GRU}[kind]
        self.layer = layer(
            n_channels,
            n_hidden,
            n_layers,
            batch_first=True,
            bidirectional=is_bidirectional,
        )

    def forward(self, inputs: torch.Tensor) -> torch.Tensor:
        """Return (batch, hidden, time)."""
        answer: torch.Tensor = self.layer(inputs.transpose(1, 2))[0]
        return answer.transpose(1, 2)
