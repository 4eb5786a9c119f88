"""EfficientNet in one dimension: inverted bottlenecks with depthwise convolutions and gates.

Tan and Le 2019, "EfficientNet: rethinking model scaling for convolutional neural networks".
"""

from sonde.learning.core.hyper_parameters import HyperParameter
from sonde.learning.core.models.deep import knobs
from sonde.learning.core.models.deep.architecture import Architecture, InputShape, Plan, Values
from sonde.learning.core.models.deep.layers.composition import Residual
from sonde.learning.core.models.deep.layers.convolution import (
    Activation,
    Convolution,
    Gate,
    Normalisation,
    convolved,
)
from sonde.learning.core.models.deep.layers.dense import classifier
from sonde.learning.core.models.deep.layers.layer import Layer
from sonde.learning.core.models.deep.layers.pooling import Summary

_STAGES = ((1.0, 1, 1), (1.5, 2, 2), (2.5, 2, 2), (5.0, 2, 2))
"""Width against the first, blocks, stride."""


def plan(shape: InputShape, n_classes: int, values: Values) -> Plan:
    """Return stem, stages of inverted bottlenecks and a mean over time.

    Parameters
    ----------
    shape : InputShape
    n_classes : int
    values : mapping

    Returns
    -------
    Plan
    """
    first, kernel = int(values["width"]), knobs.odd(values["kernel"])
    body: list[Layer] = [*knobs.stem(first, shape, values)]
    n_inputs = first
    for growth, n_blocks, first_stride in _STAGES:
        n_channels = max(4, int(first * growth))
        for number in range(n_blocks):
            stride = first_stride if number == 0 else 1
            inner = _bottleneck(n_inputs, n_channels, kernel, stride, int(values["expansion"]))
            is_same = stride == 1 and n_inputs == n_channels
            body += [Residual(inner)] if is_same else inner
            n_inputs = n_channels
    body += [*convolved(n_inputs * 4, 1, activation="silu"), Summary("mean")]
    return Plan(tuple(body), classifier(n_classes, float(values["dropout"])))


def _bottleneck(
    n_inputs: int, n_channels: int, kernel: int, stride: int, expansion: int
) -> tuple[Layer, ...]:
    wide = n_inputs * expansion
    return (
        *convolved(wide, 1, activation="silu"),
        Convolution(wide, kernel, stride, is_depthwise=True),
        Normalisation(),
        Activation("silu"),
        Gate(max(2, n_inputs // 4)),
        Convolution(n_channels, 1),
        Normalisation(),
    )


ARCHITECTURE = Architecture(
    name="efficientnet-1d",
    title="EfficientNet",
    family="Convolutional network",
    help="Depthwise convolutions between widenings: few multiplications for its accuracy.",
    hyper_parameters=(
        knobs.width(16, 128),
        HyperParameter(
            "expansion", "Expansion", "How much wider a block is inside.", 4, low=1, high=8
        ),
        knobs.kernel(5),
        knobs.FIRST_KERNEL,
        knobs.FIRST_STRIDE,
        knobs.dropout(0.2),
    ),
    plan=plan,
)
