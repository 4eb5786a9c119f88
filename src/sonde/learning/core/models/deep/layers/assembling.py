"""From layers to torch modules."""

from typing import Any

from torch import nn

from sonde.learning.core.models.deep.layers.layer import Layer, Shape


def assemble(layers: tuple[Layer, ...], shape: Shape) -> tuple[nn.Sequential, Shape]:
    """Return the layers one behind the other as torch modules, and the shape that comes out."""
    modules: list[Any] = []
    for layer in layers:
        modules.append(layer.module(shape))
        shape = layer.cost(shape).shape
    return nn.Sequential(*modules), shape
