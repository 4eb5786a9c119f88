"""A convolutional network that decides where in time to look."""

from sonde.learning.core.hyper_parameters import HyperParameter
from sonde.learning.core.models.deep import knobs
from sonde.learning.core.models.deep.architecture import Architecture, InputShape, Plan, Values
from sonde.learning.core.models.deep.layers.convolution import Gate, convolved
from sonde.learning.core.models.deep.layers.dense import classifier
from sonde.learning.core.models.deep.layers.layer import Layer
from sonde.learning.core.models.deep.layers.pooling import Summary


def plan(shape: InputShape, n_classes: int, values: Values) -> Plan:
    """Return stem, gated blocks and an attended mean over time.

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
    body: list[Layer] = [*knobs.stem(n_channels, shape, values)]
    for _ in range(int(values["depth"])):
        n_channels = min(n_channels * 2, int(values["width"]) * 8)
        body += convolved(n_channels, knobs.odd(values["kernel"]), 2)
        body.append(Gate(max(2, n_channels // int(values["reduction"]))))
    body.append(Summary("attended"))
    return Plan(tuple(body), classifier(n_classes, float(values["dropout"])))


ARCHITECTURE = Architecture(
    name="attention-cnn",
    title="Attention CNN",
    family="Convolutional network",
    help="Learns which channels and which moments of a window count: for rare, short events.",
    hyper_parameters=(
        knobs.width(16),
        knobs.depth(4, 1, 6),
        knobs.kernel(5),
        HyperParameter(
            "reduction",
            "Reduction",
            "How much narrower the channel attention is than the channels.",
            8,
            low=1,
            high=32,
        ),
        knobs.FIRST_KERNEL,
        knobs.FIRST_STRIDE,
        knobs.dropout(0.2),
    ),
    plan=plan,
)
