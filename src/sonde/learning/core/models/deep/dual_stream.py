"""Two streams: the window in time and its spectrogram, joined before the classes."""

from sonde.learning.core.models.deep import knobs
from sonde.learning.core.models.deep.architecture import Architecture, InputShape, Plan, Values
from sonde.learning.core.models.deep.layers.composition import Branches
from sonde.learning.core.models.deep.layers.convolution import convolved
from sonde.learning.core.models.deep.layers.dense import classifier
from sonde.learning.core.models.deep.layers.layer import Layer
from sonde.learning.core.models.deep.layers.pooling import Summary
from sonde.learning.core.models.deep.spectral_network import SEGMENT
from sonde.learning.core.models.deep.time_frequency_cnn import image_body


def plan(shape: InputShape, n_classes: int, values: Values) -> Plan:
    """Return a stream in time beside one of the spectrogram.

    Parameters
    ----------
    shape : InputShape
    n_classes : int
    values : mapping

    Returns
    -------
    Plan
    """
    width = int(values["width"])
    in_time: list[Layer] = [*knobs.stem(width, shape, values)]
    for number in range(int(values["depth"])):
        in_time += convolved(min(width * 2**number, width * 8), 5, 2)
    in_time.append(Summary("both"))
    streams = Branches((tuple(in_time), image_body(shape, values)))
    return Plan((streams,), classifier(n_classes, float(values["dropout"])))


ARCHITECTURE = Architecture(
    name="dual-stream",
    title="Dual stream",
    family="Spectral network",
    help="One stream reads the window, the other its spectrogram: impacts and tones at once.",
    hyper_parameters=(
        SEGMENT,
        knobs.width(16, 128),
        knobs.depth(4, 1, 6, "Blocks of each stream."),
        knobs.FIRST_KERNEL,
        knobs.FIRST_STRIDE,
        knobs.dropout(0.2),
    ),
    plan=plan,
)
