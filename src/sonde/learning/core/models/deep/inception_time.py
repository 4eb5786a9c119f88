"""InceptionTime: long and short convolutions side by side behind a bottleneck, with shortcuts.

Ismail Fawaz et al. 2020, "InceptionTime: finding AlexNet for time series classification". One
network; five of them vote in the paper, which the voting ensemble does here.
"""

from sonde.learning.core.models.deep import knobs
from sonde.learning.core.models.deep.architecture import Architecture, InputShape, Plan, Values
from sonde.learning.core.models.deep.layers.composition import Branches, Residual
from sonde.learning.core.models.deep.layers.convolution import (
    Activation,
    Convolution,
    Normalisation,
)
from sonde.learning.core.models.deep.layers.dense import classifier
from sonde.learning.core.models.deep.layers.layer import Layer
from sonde.learning.core.models.deep.layers.pooling import Pool, Summary

_BLOCKS_PER_SHORTCUT = 3


def plan(shape: InputShape, n_classes: int, values: Values) -> Plan:
    """Return stem, inception blocks with a shortcut over every three, mean over time.

    Parameters
    ----------
    shape : InputShape
    n_classes : int
    values : mapping

    Returns
    -------
    Plan
    """
    n_channels, kernel = int(values["width"]), int(values["kernel"])
    body: list[Layer] = [*knobs.stem(n_channels, shape, values)]
    left = int(values["depth"])
    while left > 0:
        n_blocks = min(left, _BLOCKS_PER_SHORTCUT)
        inner: list[Layer] = []
        for _ in range(n_blocks):
            inner += _inception(n_channels, kernel)
        shortcut = (Convolution(4 * n_channels, 1), Normalisation())
        body += [Residual(tuple(inner), shortcut), Activation()]
        left -= n_blocks
    body.append(Summary("mean"))
    return Plan(tuple(body), classifier(n_classes, float(values["dropout"])))


def _inception(n_channels: int, kernel: int) -> tuple[Layer, ...]:
    lengths = (kernel, kernel // 2, kernel // 4)
    ways: tuple[tuple[Layer, ...], ...] = tuple(
        (Convolution(n_channels, knobs.odd(max(3, length))),) for length in lengths
    )
    narrowed: tuple[Layer, ...] = (Convolution(n_channels, 1), Branches(ways))
    pooled: tuple[Layer, ...] = (Pool("max", 3, 1), Convolution(n_channels, 1))
    return Branches((narrowed, pooled)), Normalisation(), Activation()


ARCHITECTURE = Architecture(
    name="inception-time",
    title="InceptionTime",
    family="Convolutional network",
    help="Long and short convolutions side by side: strong on time series of many kinds.",
    hyper_parameters=(
        knobs.width(16, 64),
        knobs.depth(6, 1, 12, "Inception blocks; a shortcut passes over every three."),
        knobs.kernel(39, "Samples that the longest convolution sees; the others half and quarter."),
        knobs.FIRST_KERNEL,
        knobs.FIRST_STRIDE,
        knobs.dropout(0.0),
    ),
    plan=plan,
)
