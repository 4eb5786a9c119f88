"""What a layer of a network plan is: it knows its shapes, its cost and how torch builds it."""

from dataclasses import dataclass
from typing import Any, Protocol

Shape = tuple[int, ...]
"""Axes without the batch: (channel, time), (channel, frequency, time) or (feature,)."""


@dataclass(frozen=True)
class Cost:
    """What one sample costs on its way through a layer.

    Parameters
    ----------
    shape : tuple of int
        Of what comes out.
    n_parameters : int
        Learned numbers.
    macs : int
        Multiplications with an addition of one forward pass.
    n_activations : int
        Numbers that training keeps for the way back.
    """

    shape: Shape
    n_parameters: int = 0
    macs: int = 0
    n_activations: int = 0


class Layer(Protocol):
    """One step of a plan; a frozen value that needs no torch until it is built."""

    def cost(self, shape: Shape) -> Cost:
        """Return what one sample of `shape` costs."""
        ...

    def module(self, shape: Shape) -> Any:
        """Return the torch module for samples of `shape`."""
        ...


def size(shape: Shape) -> int:
    """Return how many numbers an array of `shape` holds.

    Examples
    --------
    >>> size((2, 3))
    6
    """
    product = 1
    for axis in shape:
        product *= axis
    return product
