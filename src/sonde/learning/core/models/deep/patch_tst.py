"""PatchTST: a Transformer over patches, every channel by itself with the same weights.

Nie et al. 2023, "A time series is worth 64 words". Scaling by window is its instance
normalisation.
"""

from sonde.learning.core.models.deep import knobs, sequence
from sonde.learning.core.models.deep.architecture import Architecture, InputShape, Plan, Values
from sonde.learning.core.models.deep.layers.composition import EachChannel
from sonde.learning.core.models.deep.layers.convolution import Convolution
from sonde.learning.core.models.deep.layers.dense import classifier
from sonde.learning.core.models.deep.layers.pooling import Summary
from sonde.learning.core.models.deep.transformer import HEADS, encoder


def plan(shape: InputShape, n_classes: int, values: Values) -> Plan:
    """Return patches of every channel, encoder blocks and their mean.

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
    stride = sequence.step(shape, int(values["step"]))
    one = (
        Convolution(width, knobs.odd(2 * stride), stride, has_bias=True),
        *encoder(width, values),
        Summary("both"),
    )
    return Plan((EachChannel(one),), classifier(n_classes, float(values["dropout"])))


ARCHITECTURE = Architecture(
    name="patch-tst",
    title="PatchTST",
    family="Attention network",
    help="A Transformer over overlapping patches, each channel by itself.",
    hyper_parameters=(
        sequence.HIDDEN,
        knobs.depth(3, 1, 12),
        HEADS,
        sequence.STEP,
        knobs.dropout(0.1),
    ),
    plan=plan,
)
