"""A fresh network with its scaling in front."""

from typing import Any

from sonde.learning.core.models.deep.architecture import Architecture, InputShape, Values
from sonde.learning.core.models.deep.scaling import SCALING, scaling_layer


def build_module(
    architecture: Architecture, shape: InputShape, n_classes: int, values: Values, seed: int
) -> Any:
    """Return a fresh torch module with its scaling layer, weights drawn from `seed`.

    Parameters
    ----------
    architecture : Architecture
    shape : InputShape
    n_classes : int
    values : mapping
        One for each hyper-parameter, the shared ones among them.
    seed : int

    Returns
    -------
    Network
    """
    import torch

    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        module = architecture.build(shape, n_classes, values)
    module.scaling = scaling_layer(str(values[SCALING.name]), shape.n_channels)
    return module
