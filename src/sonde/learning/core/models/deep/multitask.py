"""A convolutional network that also tells numbers, such as speed, load and severity.

What it must know to tell them helps it to tell the classes apart where these conditions change the
signal. Samples whose number is unknown do not count.
"""

from dataclasses import replace
from typing import Any

from sonde.learning.core.hyper_parameters import HyperParameter
from sonde.learning.core.models.deep import cnn_1d
from sonde.learning.core.models.deep.architecture import Architecture, InputShape, Plan, Values
from sonde.learning.core.models.deep.layers.dense import Dense
from sonde.platform.core.errors import Invalid

_MOST = 16


def attributes(text: str) -> tuple[str, ...]:
    """Return the attributes that a line names.

    Raises
    ------
    Invalid
        If it names none, one twice, or too many.

    Examples
    --------
    >>> attributes("speed, load")
    ('speed', 'load')
    """
    names = tuple(one.strip() for one in text.split(",") if one.strip())
    if not 1 <= len(names) <= _MOST or len(set(names)) < len(names):
        raise Invalid(
            f"Attributes are 1 to {_MOST} different names separated by commas, not {text!r}.",
            field="attributes",
        )
    return names


def plan(shape: InputShape, n_classes: int, values: Values) -> Plan:
    """Return the layers of the plain CNN, and a head for the attributes beside its own.

    Parameters
    ----------
    shape : InputShape
    n_classes : int
    values : mapping

    Returns
    -------
    Plan
    """
    names = attributes(str(values["attributes"]))
    return replace(cnn_1d.plan(shape, n_classes, values), beside=(Dense(len(names)),))


def make(layers: Plan, shape: InputShape, _n_classes: int, values: Values) -> Any:
    """Return the torch module; raises Invalid."""
    from sonde.learning.core.models.deep.multitask_network import MultitaskNetwork

    names = attributes(str(values["attributes"]))
    return MultitaskNetwork(layers, shape, names, float(values["attribute_weight"]))


ARCHITECTURE = Architecture(
    name="multitask-cnn",
    title="Multitask CNN",
    family="Physics-informed network",
    help="A CNN that also learns to tell speed, load and severity where they are known.",
    hyper_parameters=(
        HyperParameter(
            "attributes",
            "Attributes",
            "Of the problem, separated by commas, that begin with a number such as 1797 rpm; what "
            "is unknown does not count.",
            "speed, load, severity",
        ),
        HyperParameter(
            "attribute_weight",
            "Weight of the attributes",
            "Of their squared error in the loss; 0 leaves a plain CNN.",
            0.3,
            low=0.0,
            high=100.0,
        ),
        *cnn_1d.ARCHITECTURE.hyper_parameters,
    ),
    plan=plan,
    make=make,
)
