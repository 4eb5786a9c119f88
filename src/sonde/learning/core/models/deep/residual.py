"""Residual stages that ResNet-18, ResNet-34 and SE-ResNet are made of.

He, Zhang, Ren and Sun 2016, "Deep residual learning for image recognition", in one dimension.
"""

from sonde.learning.core.hyper_parameters import HyperParameter
from sonde.learning.core.models.deep import knobs
from sonde.learning.core.models.deep.architecture import InputShape, Plan, Values
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


def residual_plan(
    blocks: tuple[int, ...],
    shape: InputShape,
    n_classes: int,
    values: Values,
    reduction: int = 0,
) -> Plan:
    """Return stem, stages of residual blocks that double the width, and a mean over time.

    Parameters
    ----------
    blocks : tuple of int
        Blocks of each stage.
    shape : InputShape
    n_classes : int
    values : mapping
    reduction : int
        Of the channel attention in every block; 0 for none.

    Returns
    -------
    Plan
    """
    n_channels, kernel = int(values["width"]), knobs.odd(values["kernel"])
    body: list[Layer] = [*knobs.stem(n_channels, shape, values)]
    for stage, n_blocks in enumerate(blocks):
        wide = n_channels * 2**stage
        for number in range(n_blocks):
            is_narrowing = stage > 0 and number == 0
            body += residual_block(wide, kernel, 2 if is_narrowing else 1, reduction)
    body.append(Summary("mean"))
    return Plan(tuple(body), classifier(n_classes, float(values["dropout"])))


def residual_block(
    n_channels: int, kernel: int, stride: int, reduction: int = 0
) -> tuple[Layer, Layer]:
    """Return two convolutions beside a shortcut, and the bend behind their sum.

    Parameters
    ----------
    n_channels, kernel, stride : int
        With stride 1 the channels that come in must be as many.
    reduction : int
        Of the channel attention; 0 for none.
    """
    body: tuple[Layer, ...] = (
        *convolved(n_channels, kernel, stride),
        Convolution(n_channels, kernel),
        Normalisation(),
    )
    if reduction:
        body = (*body, Gate(max(2, n_channels // reduction)))
    narrow = (Convolution(n_channels, 1, stride), Normalisation())
    return Residual(body, narrow if stride > 1 else ()), Activation()


def residual_knobs(default_width: int) -> tuple[HyperParameter, ...]:
    """Return the knobs of a residual network."""
    return (
        knobs.width(default_width, 128),
        knobs.kernel(3),
        knobs.FIRST_KERNEL,
        knobs.FIRST_STRIDE,
        knobs.dropout(0.1),
    )
