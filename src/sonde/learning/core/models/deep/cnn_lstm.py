"""Convolutions that shorten the window, an LSTM over what is left, an attended mean."""

from sonde.learning.core.hyper_parameters import HyperParameter
from sonde.learning.core.models.deep import knobs
from sonde.learning.core.models.deep.architecture import Architecture, InputShape, Plan, Values
from sonde.learning.core.models.deep.layers.convolution import convolved
from sonde.learning.core.models.deep.layers.dense import classifier
from sonde.learning.core.models.deep.layers.layer import Layer
from sonde.learning.core.models.deep.layers.pooling import Pool, Summary
from sonde.learning.core.models.deep.layers.recurrent import Recurrent
from sonde.learning.core.models.deep.recurrent import BIDIRECTIONAL

_LONGEST_SEQUENCE = 160


def plan(shape: InputShape, n_classes: int, values: Values) -> Plan:
    """Return stem, halving blocks until 160 positions are left, LSTM and attended mean.

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
    length = shape.n_samples // knobs.first_stride(shape, values)
    for number in range(int(values["depth"])):
        n_channels = min(2 * n_channels, 4 * int(values["width"]))
        body += convolved(n_channels, knobs.odd(values["kernel"]), 2)
        length //= 2
        is_last = number == int(values["depth"]) - 1
        if is_last and length > _LONGEST_SEQUENCE:
            stride = -(-length // _LONGEST_SEQUENCE)
            body.append(Pool("max", knobs.odd(stride), stride))
    body += [
        Recurrent("lstm", int(values["hidden"]), 1, bool(values["bidirectional"])),
        Summary("attended"),
    ]
    return Plan(tuple(body), classifier(n_classes, float(values["dropout"])))


ARCHITECTURE = Architecture(
    name="cnn-lstm",
    title="CNN-LSTM",
    family="Recurrent network",
    help="Convolutions find events, an LSTM reads their order, attention picks the moments.",
    hyper_parameters=(
        knobs.width(16, 128),
        knobs.depth(3, 1, 5, "Convolution blocks in front of the LSTM; each halves the time."),
        HyperParameter("hidden", "Memory", "Hidden numbers of the LSTM.", 64, low=4, high=512),
        BIDIRECTIONAL,
        knobs.kernel(5),
        knobs.FIRST_KERNEL,
        knobs.FIRST_STRIDE,
        knobs.dropout(0.2),
    ),
    plan=plan,
)
