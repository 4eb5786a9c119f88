"""Spectra as torch modules: real convolutions and products only."""

import math

import torch
from torch import nn

_FLOOR = 1e-6


class SpectrogramModule(nn.Module):
    """Power of short segments, (batch, channel, frequency, frame)."""

    kernels: torch.Tensor

    def __init__(self, n_segment: int, hop: int) -> None:
        super().__init__()
        n_lines = n_segment // 2
        time = torch.arange(n_segment, dtype=torch.float64)
        window = 0.5 - 0.5 * torch.cos(2 * math.pi * time / n_segment)
        # Lines 1 .. n/2: the mean is no vibration.
        lines = torch.arange(1, n_lines + 1, dtype=torch.float64)[:, None]
        phase = 2 * math.pi * lines * time / n_segment
        waves = torch.cat([torch.cos(phase), torch.sin(phase)]) * window
        # A sine of amplitude a on a line gives a squared, whatever the segment's length.
        waves = waves * 2.0 / window.sum()
        self.register_buffer("kernels", waves[:, None, :].float())
        self.n_lines = n_lines
        self.hop = hop
        self.reach = n_segment // 2

    def forward(self, windows: torch.Tensor) -> torch.Tensor:
        """Return powers of (batch, channel, time)."""
        # Plain numbers, also while tracing: only the batch is free in an export.
        channels, length = int(windows.shape[1]), int(windows.shape[2])
        n_frames = (length - 1) // self.hop + 1
        alone = windows.reshape(-1, 1, length)
        parts = nn.functional.conv1d(alone, self.kernels, stride=self.hop, padding=self.reach)
        parts = parts[:, :, :n_frames]
        cosines, sines = parts[:, : self.n_lines], parts[:, self.n_lines :]
        power = cosines * cosines + sines * sines
        return power.reshape(-1, channels, self.n_lines, n_frames)


class FilterBankModule(nn.Module):
    """Filters over frequency whose weights stay above zero."""

    def __init__(self, n_filters: int, n_lines: int) -> None:
        super().__init__()
        centres = torch.linspace(0, n_lines - 1, n_filters)[:, None]
        width = max(1.0, (n_lines - 1) / max(1, n_filters - 1))
        distance = (torch.arange(n_lines)[None, :] - centres).abs() / width
        triangles = torch.clamp(1.0 - distance, min=1e-3)
        # The inverse of softplus: training begins at the triangles.
        self.raw = nn.Parameter(torch.log(torch.expm1(triangles)))
        self.n_filters = n_filters

    def forward(self, power: torch.Tensor) -> torch.Tensor:
        """Return (batch, channel x filter, frame) of (batch, channel, frequency, frame)."""
        weights = nn.functional.softplus(self.raw)
        bands = torch.matmul(weights, power)
        return bands.flatten(1, 2)


class LogarithmModule(nn.Module):
    """Logarithm with a floor."""

    def forward(self, power: torch.Tensor) -> torch.Tensor:
        """Return the natural logarithm."""
        return torch.log(power + _FLOOR)
