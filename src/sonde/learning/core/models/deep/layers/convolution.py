"""Convolutions over time or over an image, and what usually follows them."""

from dataclasses import dataclass
from typing import Any

from sonde.learning.core.models.deep.layers.layer import Cost, Layer, Shape, size


@dataclass(frozen=True)
class Convolution:
    """A convolution over the axes behind the channel, one or two; keeps length over stride.

    Parameters
    ----------
    n_channels : int
        Out.
    kernel : int
        Odd, so that the length of the answer is the input's over the stride, rounded up.
    stride, dilation : int
    is_depthwise : bool
        Every channel by itself; `n_channels` then is the number that comes in.
    has_bias : bool
        Not needed before a normalisation.
    is_causal : bool
        Looks back only; for one axis.
    """

    n_channels: int
    kernel: int
    stride: int = 1
    dilation: int = 1
    is_depthwise: bool = False
    has_bias: bool = False
    is_causal: bool = False

    def cost(self, shape: Shape) -> Cost:
        """Return channels x inputs x kernel for each position of the answer."""
        positions = tuple((axis - 1) // self.stride + 1 for axis in shape[1:])
        inputs = 1 if self.is_depthwise else shape[0]
        n_weights = self.n_channels * inputs * self.kernel ** len(positions)
        answer = (self.n_channels, *positions)
        # A causal one also computes the positions behind the end, which are cut off.
        reach = self.dilation * (self.kernel - 1) if self.is_causal else 0
        computed = size(tuple((axis - 1 + reach) // self.stride + 1 for axis in shape[1:]))
        n_biases = self.n_channels if self.has_bias else 0
        return Cost(answer, n_weights + n_biases, n_weights * computed, size(answer))

    def module(self, shape: Shape) -> Any:
        """Return torch's convolution, padded on both sides or, if causal, in front."""
        from torch import nn

        reach = self.dilation * (self.kernel - 1)
        kind = nn.Conv1d if len(shape) == 2 else nn.Conv2d
        convolution = kind(
            shape[0],
            self.n_channels,
            self.kernel,
            self.stride,
            reach if self.is_causal else reach // 2,
            self.dilation,
            groups=shape[0] if self.is_depthwise else 1,
            bias=self.has_bias,
        )
        # He et al. 2015: variances stay near one, where normalisations expect them at first.
        nn.init.kaiming_normal_(convolution.weight, nonlinearity="relu")
        if not self.is_causal:
            return convolution
        from sonde.learning.core.models.deep.layers.convolution_modules import LookingBack

        return LookingBack(convolution, self.stride)


@dataclass(frozen=True)
class Normalisation:
    """Batch normalisation of every channel."""

    def cost(self, shape: Shape) -> Cost:
        """Return a scale and a shift for each channel; both fold into the convolution before."""
        return Cost(shape, 2 * shape[0], 0, size(shape))

    def module(self, shape: Shape) -> Any:
        """Return torch's batch normalisation for one or two axes."""
        from torch import nn

        return nn.BatchNorm1d(shape[0]) if len(shape) < 3 else nn.BatchNorm2d(shape[0])


@dataclass(frozen=True)
class Activation:
    """A bend: relu, gelu or silu."""

    kind: str = "relu"

    def cost(self, shape: Shape) -> Cost:
        """Return nothing to learn."""
        return Cost(shape, 0, 0, size(shape))

    def module(self, _shape: Shape) -> Any:
        """Return torch's activation."""
        from torch import nn

        return {"relu": nn.ReLU, "gelu": nn.GELU, "silu": nn.SiLU}[self.kind]()


@dataclass(frozen=True)
class Gate:
    """Squeeze and excitation: every channel times a weight that all channels decide upon.

    Hu, Shen and Sun 2018, "Squeeze-and-excitation networks".
    """

    n_hidden: int

    def cost(self, shape: Shape) -> Cost:
        """Return two dense layers."""
        n_weights = 2 * shape[0] * self.n_hidden
        return Cost(
            shape, n_weights + self.n_hidden + shape[0], n_weights + size(shape), size(shape)
        )

    def module(self, shape: Shape) -> Any:
        """Return the gate for (channel, time)."""
        from sonde.learning.core.models.deep.layers.convolution_modules import GateModule

        return GateModule(shape[0], self.n_hidden)


def convolved(
    n_channels: int, kernel: int, stride: int = 1, dilation: int = 1, activation: str = "relu"
) -> tuple[Layer, ...]:
    """Return the usual three: convolution, normalisation, activation."""
    return (
        Convolution(n_channels, kernel, stride, dilation),
        Normalisation(),
        Activation(activation),
    )
