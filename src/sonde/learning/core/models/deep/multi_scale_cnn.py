"""Convolutions of several lengths side by side: fast and slow events at once."""

from sonde.learning.core.models.deep import knobs
from sonde.learning.core.models.deep.architecture import Architecture, InputShape, Plan, Values
from sonde.learning.core.models.deep.layers.composition import Branches
from sonde.learning.core.models.deep.layers.convolution import convolved
from sonde.learning.core.models.deep.layers.dense import classifier
from sonde.learning.core.models.deep.layers.layer import Layer
from sonde.learning.core.models.deep.layers.pooling import Pool, Summary

_SCALES = (1, 3, 9)


def plan(shape: InputShape, n_classes: int, values: Values) -> Plan:
    """Return stem, blocks of three scales, mean and maximum over time.

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
    for number in range(int(values["depth"])):
        growth = min(2**number, 4)
        ways = tuple(
            convolved(n_channels * growth, knobs.odd(kernel), dilation=scale) for scale in _SCALES
        )
        body += [Branches(ways), Pool("max", 3, 2)]
    body.append(Summary("both"))
    return Plan(tuple(body), classifier(n_classes, float(values["dropout"])))


ARCHITECTURE = Architecture(
    name="multi-scale-cnn",
    title="Multi-scale CNN",
    family="Convolutional network",
    help="Every block looks at three time scales at once: impacts and slow modulations.",
    hyper_parameters=(
        knobs.width(16, 128),
        knobs.depth(3, 1, 6, "Blocks behind each other."),
        knobs.kernel(5),
        knobs.FIRST_KERNEL,
        knobs.FIRST_STRIDE,
        knobs.dropout(0.2),
    ),
    plan=plan,
)
