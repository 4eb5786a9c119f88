"""The optimisers by name; torch is imported here, so this module is imported by fits only."""

from typing import Any

import torch

from sonde.learning.core.fitting.training_config import TrainingConfig


def optimiser_of(module: torch.nn.Module, config: TrainingConfig) -> torch.optim.Optimizer:
    """Return the optimiser of a module's parameters.

    Weight decay pulls at matrices and kernels only: biases and the scales of normalisations (one
    axis or none) are left alone (Loshchilov and Hutter 2019).

    Parameters
    ----------
    module : torch.nn.Module
    config : TrainingConfig

    Returns
    -------
    torch.optim.Optimizer

    Examples
    --------
    >>> type(optimiser_of(torch.nn.Linear(2, 2), TrainingConfig())).__name__
    'AdamW'
    """
    every = [one for one in module.parameters() if one.requires_grad]
    groups = [
        {"params": [one for one in every if one.ndim > 1], "weight_decay": config.weight_decay},
        {"params": [one for one in every if one.ndim <= 1], "weight_decay": 0.0},
    ]
    kind, options = _KINDS[config.optimiser]
    if "momentum" in options:
        options = {**options, "momentum": config.momentum}
    made = [group for group in groups if group["params"]]
    return kind(made, lr=config.learning_rate, **options)


_KINDS: dict[str, tuple[Any, dict[str, Any]]] = {
    "adam": (torch.optim.Adam, {"fused": True}),
    "adamw": (torch.optim.AdamW, {"fused": True}),
    "sgd": (torch.optim.SGD, {"fused": True, "momentum": 0.0}),
    "rmsprop": (torch.optim.RMSprop, {"momentum": 0.0}),
}
