"""A mixture of experts: several small networks, weighed window by window by a gate."""

from sonde.learning.core.hyper_parameters import HyperParameter
from sonde.learning.core.models.deep import knobs
from sonde.learning.core.models.deep.architecture import Architecture, InputShape, Plan, Values
from sonde.learning.core.models.deep.layers.composition import Experts
from sonde.learning.core.models.deep.layers.convolution import convolved
from sonde.learning.core.models.deep.layers.dense import classifier
from sonde.learning.core.models.deep.layers.layer import Layer
from sonde.learning.core.models.deep.layers.pooling import Summary


def plan(shape: InputShape, n_classes: int, values: Values) -> Plan:
    """Return a shared stem and experts whose features are mixed.

    Parameters
    ----------
    shape : InputShape
    n_classes : int
    values : mapping

    Returns
    -------
    Plan
    """
    width, kernel = int(values["width"]), knobs.odd(values["kernel"])
    expert: list[Layer] = []
    for number in range(int(values["depth"])):
        expert += convolved(width * min(2 ** (number + 1), 4), kernel, 2)
    expert.append(Summary("both"))
    experts = Experts((tuple(expert),) * int(values["experts"]))
    body = (*knobs.stem(width, shape, values), experts)
    return Plan(body, classifier(n_classes, float(values["dropout"])))


ARCHITECTURE = Architecture(
    name="mixture-of-experts",
    title="Mixture of experts",
    family="Convolutional network",
    help="Small networks that each learn some of the windows; a gate weighs them.",
    hyper_parameters=(
        HyperParameter("experts", "Experts", "Networks that are mixed.", 4, low=2, high=16),
        knobs.width(16, 128),
        knobs.depth(3, 1, 6, "Blocks of each expert."),
        knobs.kernel(5),
        knobs.FIRST_KERNEL,
        knobs.FIRST_STRIDE,
        knobs.dropout(0.2),
    ),
    plan=plan,
)
