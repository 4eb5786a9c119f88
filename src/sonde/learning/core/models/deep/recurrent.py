"""Plans of the recurrent networks, LSTM and GRU."""

from sonde.learning.core.hyper_parameters import HyperParameter
from sonde.learning.core.models.deep import knobs, sequence
from sonde.learning.core.models.deep.architecture import Architecture, InputShape, Plan, Values
from sonde.learning.core.models.deep.layers.dense import classifier
from sonde.learning.core.models.deep.layers.pooling import Summary
from sonde.learning.core.models.deep.layers.recurrent import Recurrent

BIDIRECTIONAL = HyperParameter(
    "bidirectional", "Both directions", "Also reads the window backwards.", default=True
)


def recurrent_architecture(kind: str, title: str, help_text: str) -> Architecture:
    """Return the architecture of one kind of recurrent layer.

    Parameters
    ----------
    kind : {"lstm", "gru"}
    title, help_text : str
    """

    def plan(shape: InputShape, n_classes: int, values: Values) -> Plan:
        """Return pieces of the window, recurrent layers and their mean over time."""
        width = int(values["width"])
        body = (
            *sequence.embedded(width, shape, int(values["step"])),
            Recurrent(kind, width, int(values["depth"]), bool(values["bidirectional"])),
            Summary("both"),
        )
        return Plan(body, classifier(n_classes, float(values["dropout"])))

    return Architecture(
        name=kind,
        title=title,
        family="Recurrent network",
        help=help_text,
        hyper_parameters=(
            sequence.HIDDEN,
            knobs.depth(1, 1, 4),
            BIDIRECTIONAL,
            sequence.STEP,
            knobs.dropout(0.2),
        ),
        plan=plan,
    )
