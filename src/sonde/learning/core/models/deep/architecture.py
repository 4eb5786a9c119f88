"""What a deep architecture is: a name, its knobs and the plan of its layers.

A plan is made of values and needs no torch: pages count parameters from it. Torch is met only when
a network is built.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from sonde.learning.core.hyper_parameters import HyperParameter
from sonde.learning.core.models.deep.plan import SHORTEST_WINDOW, InputShape, Plan, Values
from sonde.platform.core.errors import Invalid

__all__ = ["SHORTEST_WINDOW", "Architecture", "InputShape", "Plan", "Values", "check_shape"]

MakePlan = Callable[[InputShape, int, Values], Plan]
Make = Callable[[Plan, InputShape, int, Values], Any]


def make_network(plan: Plan, shape: InputShape, _n_classes: int, _values: Values) -> Any:
    """Return the plain network of a plan; needs torch."""
    from sonde.learning.core.models.deep.network import Network

    return Network(plan, shape)


@dataclass(frozen=True)
class Architecture:
    """One deep architecture.

    Parameters
    ----------
    name, title, family, help : str
    hyper_parameters : tuple of HyperParameter
        Without those that all deep models share.
    plan : callable
        From input shape, number of classes and values to the layers.
    make : callable
        From the plan and what it was made of to the torch module, a `Network`; only those with a
        loss or a head of their own give one.
    """

    name: str
    title: str
    family: str
    help: str
    hyper_parameters: tuple[HyperParameter, ...]
    plan: MakePlan
    make: Make = field(default=make_network)

    def build(self, shape: InputShape, n_classes: int, values: Values) -> Any:
        """Return the torch module, fresh weights drawn from torch's generator.

        Parameters
        ----------
        shape : InputShape
        n_classes : int
        values : mapping
            One for each hyper-parameter.

        Returns
        -------
        torch.nn.Module
            A `Network`: float32 (batch, channel, time) in, logits (batch, class) out.

        Raises
        ------
        Invalid
            If windows are shorter than 64 samples.
        """
        check_shape(self.title, shape)
        return self.make(self.plan(shape, n_classes, values), shape, n_classes, values)


def check_shape(title: str, shape: InputShape) -> None:
    """Refuse windows that no deep model can read; raises Invalid."""
    if shape.n_samples < SHORTEST_WINDOW:
        raise Invalid(
            f"{title} needs windows of at least {SHORTEST_WINDOW} samples, not "
            f"{shape.n_samples}; cut longer windows.",
            n_samples=shape.n_samples,
        )
