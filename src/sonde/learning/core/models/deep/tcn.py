"""A temporal convolutional network: causal convolutions that look back twice as far each block.

Bai, Kolter and Koltun 2018, "An empirical evaluation of generic convolutional and recurrent
networks for sequence modeling".
"""

from sonde.learning.core.models.deep import knobs
from sonde.learning.core.models.deep.architecture import Architecture, InputShape, Plan, Values
from sonde.learning.core.models.deep.layers.composition import Residual
from sonde.learning.core.models.deep.layers.convolution import (
    Activation,
    Convolution,
    Normalisation,
)
from sonde.learning.core.models.deep.layers.dense import Dropout, classifier
from sonde.learning.core.models.deep.layers.layer import Layer
from sonde.learning.core.models.deep.layers.pooling import Summary


def plan(shape: InputShape, n_classes: int, values: Values) -> Plan:
    """Return stem, causal blocks of doubling dilation, mean and maximum over time.

    Parameters
    ----------
    shape : InputShape
    n_classes : int
    values : mapping

    Returns
    -------
    Plan
    """
    n_channels, dropout = int(values["width"]), float(values["dropout"])
    body: list[Layer] = [*knobs.stem(n_channels, shape, values)]
    for number in range(int(values["depth"])):
        half = (
            Convolution(
                n_channels, knobs.odd(values["kernel"]), dilation=2**number, is_causal=True
            ),
            Normalisation(),
            Activation(),
            Dropout(dropout),
        )
        body += [Residual((*half, *half)), Activation()]
    body.append(Summary("both"))
    return Plan(tuple(body), classifier(n_classes, dropout))


ARCHITECTURE = Architecture(
    name="tcn",
    title="TCN",
    family="Convolutional network",
    help="Causal convolutions that look back twice as far in each block: long rhythms.",
    hyper_parameters=(
        knobs.width(32),
        knobs.depth(6, 1, 10, "Blocks; each looks back twice as far as the one before."),
        knobs.kernel(5),
        knobs.FIRST_KERNEL,
        knobs.FIRST_STRIDE,
        knobs.dropout(0.1),
    ),
    plan=plan,
)
