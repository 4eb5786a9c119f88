"""A convolutional network on the spectrogram as an image."""

from sonde.learning.core.models.deep import knobs
from sonde.learning.core.models.deep.architecture import Architecture, InputShape, Plan, Values
from sonde.learning.core.models.deep.layers.convolution import Normalisation, convolved
from sonde.learning.core.models.deep.layers.dense import classifier
from sonde.learning.core.models.deep.layers.layer import Layer
from sonde.learning.core.models.deep.layers.pooling import Summary
from sonde.learning.core.models.deep.layers.spectral import Logarithm
from sonde.learning.core.models.deep.spectral_network import SEGMENT, spectrogram


def image_body(shape: InputShape, values: Values) -> tuple[Layer, ...]:
    """Return spectrogram, halving convolutions over both axes, mean and maximum.

    Parameters
    ----------
    shape : InputShape
    values : mapping
        With `segment`, `width` and `depth`.
    """
    body: list[Layer] = [spectrogram(shape, values), Logarithm(), Normalisation()]
    n_channels = int(values["width"])
    for number in range(int(values["depth"])):
        body += convolved(min(n_channels * 2**number, n_channels * 8), 3, 2)
    return (*body, Summary("both"))


def plan(shape: InputShape, n_classes: int, values: Values) -> Plan:
    """Return the image's body and a classifier.

    Parameters
    ----------
    shape : InputShape
    n_classes : int
    values : mapping

    Returns
    -------
    Plan
    """
    return Plan(image_body(shape, values), classifier(n_classes, float(values["dropout"])))


ARCHITECTURE = Architecture(
    name="time-frequency-cnn",
    title="Time-frequency CNN",
    family="Spectral network",
    help="Looks at the spectrogram as at a picture; the transform is a part of the network.",
    hyper_parameters=(SEGMENT, knobs.width(16, 128), knobs.depth(4, 1, 6), knobs.dropout(0.2)),
    plan=plan,
)
