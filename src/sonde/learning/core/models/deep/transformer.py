"""A Transformer over overlapping pieces of the window."""

from sonde.learning.core.hyper_parameters import HyperParameter
from sonde.learning.core.models.deep import knobs, sequence
from sonde.learning.core.models.deep.architecture import Architecture, InputShape, Plan, Values
from sonde.learning.core.models.deep.layers.attention import (
    FeedForward,
    Positions,
    SelfAttention,
)
from sonde.learning.core.models.deep.layers.dense import classifier
from sonde.learning.core.models.deep.layers.layer import Layer
from sonde.learning.core.models.deep.layers.pooling import Summary

HEADS = HyperParameter(
    "heads",
    "Heads",
    "Ways of attending side by side; lowered until they divide the width.",
    4,
    1,
    16,
)


def encoder(n_channels: int, values: Values) -> tuple[Layer, ...]:
    """Return positions and the blocks of an encoder.

    Parameters
    ----------
    n_channels : int
    values : mapping
        With `heads`, `depth` and `dropout`.
    """
    n_heads = next(n for n in range(int(values["heads"]), 0, -1) if n_channels % n == 0)
    dropout = float(values["dropout"])
    block = (SelfAttention(n_heads, dropout), FeedForward(2 * n_channels, dropout))
    return (Positions(), *(block * int(values["depth"])))


def plan(shape: InputShape, n_classes: int, values: Values) -> Plan:
    """Return pieces of the window, encoder blocks and their mean.

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
    body = (
        *sequence.embedded(width, shape, int(values["step"])),
        *encoder(width, values),
        Summary("both"),
    )
    return Plan(body, classifier(n_classes, float(values["dropout"])))


ARCHITECTURE = Architecture(
    name="transformer",
    title="Transformer",
    family="Attention network",
    help="Every piece of a window attends to all others. Wants much data and a small step size.",
    hyper_parameters=(
        sequence.HIDDEN,
        knobs.depth(2, 1, 12),
        HEADS,
        sequence.STEP,
        knobs.dropout(0.1),
    ),
    plan=plan,
)
