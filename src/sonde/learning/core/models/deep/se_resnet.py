"""ResNet-18 in one dimension whose blocks weigh their channels (squeeze and excitation)."""

from sonde.learning.core.hyper_parameters import HyperParameter
from sonde.learning.core.models.deep.architecture import Architecture, InputShape, Plan, Values
from sonde.learning.core.models.deep.residual import residual_knobs, residual_plan


def plan(shape: InputShape, n_classes: int, values: Values) -> Plan:
    """Return the plan of ResNet-18 with a gate in every block.

    Parameters
    ----------
    shape : InputShape
    n_classes : int
    values : mapping

    Returns
    -------
    Plan
    """
    return residual_plan((2, 2, 2, 2), shape, n_classes, values, int(values["reduction"]))


ARCHITECTURE = Architecture(
    name="se-resnet",
    title="SE-ResNet",
    family="Residual network",
    help="ResNet-18 that weighs its channels anew for every window.",
    hyper_parameters=(
        *residual_knobs(32),
        HyperParameter(
            "reduction",
            "Reduction",
            "How much narrower the channel attention is than the channels.",
            16,
            low=1,
            high=64,
        ),
    ),
    plan=plan,
)
