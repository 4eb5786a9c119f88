"""Fewer positions, or none."""

from dataclasses import dataclass
from typing import Any

from sonde.learning.core.models.deep.layers.layer import Cost, Shape, size


@dataclass(frozen=True)
class Pool:
    """The largest or the mean of neighbouring positions in time; odd kernels keep the length.

    Parameters
    ----------
    kind : {"max", "mean"}
    kernel, stride : int
    """

    kind: str
    kernel: int
    stride: int

    def cost(self, shape: Shape) -> Cost:
        """Return the positions that are left."""
        positions = tuple((axis - 1) // self.stride + 1 for axis in shape[1:])
        answer = (shape[0], *positions)
        return Cost(answer, 0, 0, size(answer))

    def module(self, shape: Shape) -> Any:
        """Return torch's pooling over one or two axes."""
        from torch import nn

        one = {"max": nn.MaxPool1d, "mean": nn.AvgPool1d}
        two = {"max": nn.MaxPool2d, "mean": nn.AvgPool2d}
        kind = (one if len(shape) == 2 else two)[self.kind]
        return kind(self.kernel, self.stride, self.kernel // 2)


@dataclass(frozen=True)
class Summary:
    """From (channel, position...) to (feature,): mean, largest, both, or attended.

    The attended mean weighs positions by a score that is learned from their channels.
    """

    kind: str = "mean"

    def cost(self, shape: Shape) -> Cost:
        """Return one feature for each channel, two if both."""
        n_features = shape[0] * (2 if self.kind == "both" else 1)
        is_attended = self.kind == "attended"
        return Cost(
            (n_features,),
            shape[0] if is_attended else 0,
            2 * size(shape) if is_attended else 0,
            n_features,
        )

    def module(self, shape: Shape) -> Any:
        """Return the summary of all positions."""
        from sonde.learning.core.models.deep.layers.pooling_modules import (
            AttendedMean,
            SummaryModule,
        )

        return AttendedMean(shape[0]) if self.kind == "attended" else SummaryModule(self.kind)
