"""A plain convolutional network: one wide first convolution, then narrow ones that halve time."""

from sonde.learning.core.models.deep import knobs
from sonde.learning.core.models.deep.architecture import Architecture, InputShape, Plan, Values
from sonde.learning.core.models.deep.layers.convolution import convolved
from sonde.learning.core.models.deep.layers.dense import classifier
from sonde.learning.core.models.deep.layers.layer import Layer
from sonde.learning.core.models.deep.layers.pooling import Summary


def plan(shape: InputShape, n_classes: int, values: Values) -> Plan:
    """Return stem, halving blocks, mean and maximum over time.

    Parameters
    ----------
    shape : InputShape
    n_classes : int
    values : mapping

    Returns
    -------
    Plan
    """
    n_channels = int(values["width"])
    body: list[Layer] = [*knobs.stem(n_channels, shape, values, most=8)]
    for number in range(int(values["depth"])):
        n_channels = min(n_channels * 2, int(values["width"]) * 8)
        stride = 1 if number == 0 else 2
        body += convolved(n_channels, knobs.odd(values["kernel"]), stride)
    body.append(Summary("both"))
    return Plan(tuple(body), classifier(n_classes, float(values["dropout"])))


ARCHITECTURE = Architecture(
    name="cnn-1d",
    title="CNN",
    family="Convolutional network",
    help="A wide first convolution that filters, then narrow ones. Small and quick.",
    hyper_parameters=(
        knobs.width(16),
        knobs.depth(4, 1, 8),
        knobs.kernel(7),
        knobs.FIRST_KERNEL,
        knobs.FIRST_STRIDE,
        knobs.dropout(0.2),
    ),
    plan=plan,
)
