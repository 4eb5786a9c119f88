"""Spectral front end: a short-time spectrum, learned filters over frequency, then convolutions."""

from sonde.learning.core.hyper_parameters import HyperParameter
from sonde.learning.core.models.deep import knobs
from sonde.learning.core.models.deep.architecture import Architecture, InputShape, Plan, Values
from sonde.learning.core.models.deep.layers.convolution import Normalisation, convolved
from sonde.learning.core.models.deep.layers.dense import classifier
from sonde.learning.core.models.deep.layers.layer import Layer
from sonde.learning.core.models.deep.layers.pooling import Summary
from sonde.learning.core.models.deep.layers.spectral import (
    FilterBank,
    Logarithm,
    Spectrogram,
    segment_length,
)

SEGMENT = HyperParameter(
    "segment",
    "Segment",
    "Samples of one short spectrum; long ones tell frequencies apart, short ones moments.",
    "512",
    choices=("64", "128", "256", "512", "1024", "2048"),
)


def spectrogram(shape: InputShape, values: Values) -> Spectrogram:
    """Return the transform with half-overlapping segments that fit into the window."""
    segment = segment_length(shape.n_samples, int(values["segment"]))
    return Spectrogram(segment, segment // 2)


def plan(shape: InputShape, n_classes: int, values: Values) -> Plan:
    """Return spectrum, filter bank, convolutions over time, mean and maximum.

    Parameters
    ----------
    shape : InputShape
    n_classes : int
    values : mapping

    Returns
    -------
    Plan
    """
    transform = spectrogram(shape, values)
    n_filters = min(int(values["filters"]), transform.n_segment // 2)
    body: list[Layer] = [transform, FilterBank(n_filters), Logarithm(), Normalisation()]
    for _ in range(int(values["depth"])):
        body += convolved(int(values["width"]), knobs.odd(values["kernel"]))
    body.append(Summary("both"))
    return Plan(tuple(body), classifier(n_classes, float(values["dropout"])))


ARCHITECTURE = Architecture(
    name="spectral-network",
    title="Spectral network",
    family="Spectral network",
    help="Learns its own filter bank on short spectra: small, quick, and used to machine noise.",
    hyper_parameters=(
        SEGMENT,
        HyperParameter("filters", "Filters", "Bands that are learned.", 64, low=4, high=256),
        knobs.width(64),
        knobs.depth(3, 1, 8),
        knobs.kernel(3),
        knobs.dropout(0.2),
    ),
    plan=plan,
)
