"""What a network costs, told from its plan without torch: quick enough for a form."""

from dataclasses import dataclass

from sonde.learning.core.models.deep.architecture import (
    Architecture,
    InputShape,
    Values,
    check_shape,
)
from sonde.learning.core.models.deep.layers.composition import cost_of

_BYTES = 4
_FORWARD_AND_BACK = 3


@dataclass(frozen=True)
class NetworkCost:
    """What a network needs.

    Parameters
    ----------
    n_parameters : int
        Learned numbers.
    macs : int
        Multiplications with an addition for one window.
    activation_bytes : int
        Memory of one window while training, in single precision.
    """

    n_parameters: int
    macs: int
    activation_bytes: int

    @property
    def training_macs(self) -> int:
        """Return multiplications for one window of one epoch, forward and back."""
        return _FORWARD_AND_BACK * self.macs


def network_cost(
    architecture: Architecture, shape: InputShape, n_classes: int, values: Values
) -> NetworkCost:
    """Return what the network of an architecture costs.

    Parameters
    ----------
    architecture : Architecture
    shape : InputShape
    n_classes : int
    values : mapping
        One for each hyper-parameter.

    Returns
    -------
    NetworkCost

    Raises
    ------
    Invalid
        If windows are shorter than 64 samples.

    Examples
    --------
    >>> from sonde.learning.core.models.deep.resnet_18 import ARCHITECTURE
    >>> values = {knob.name: knob.default for knob in ARCHITECTURE.hyper_parameters}
    >>> network_cost(ARCHITECTURE, InputShape(1, 20480, 20480.0), 11, values).n_parameters
    968171
    """
    check_shape(architecture.title, shape)
    plan = architecture.plan(shape, n_classes, values)
    whole = cost_of((*plan.body, *plan.head), (shape.n_channels, shape.n_samples))
    features = cost_of(plan.body, (shape.n_channels, shape.n_samples)).shape
    beside = cost_of(plan.beside, features)
    return NetworkCost(
        whole.n_parameters + beside.n_parameters,
        whole.macs + beside.macs,
        _BYTES * (whole.n_activations + beside.n_activations),
    )
