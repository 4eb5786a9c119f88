"""How large gradients are, in all and layer by layer; imported by fits only."""

from typing import Any

import torch


def clip(parameters: list[Any], most: float) -> torch.Tensor:
    """Scale gradients down to a largest norm, 0 for none; return the norm that they had.

    Parameters
    ----------
    parameters : list of Parameter
    most : float
    """
    if most > 0.0:
        return torch.nn.utils.clip_grad_norm_(parameters, most)
    return torch.nn.utils.get_total_norm([one.grad for one in parameters if one.grad is not None])


def layer_norms(module: torch.nn.Module) -> dict[str, float]:
    """Return the gradient's norm of every layer that has parameters of its own.

    Parameters
    ----------
    module : torch.nn.Module

    Examples
    --------
    >>> line = torch.nn.Linear(1, 1)
    >>> line(torch.ones(1, 1)).sum().backward()
    >>> round(layer_norms(torch.nn.Sequential(line))["gradient/0"], 4)
    1.4142
    """
    norms = {}
    for name, layer in module.named_modules():
        mine = [one.grad for one in layer.parameters(recurse=False) if one.grad is not None]
        if mine:
            norms[f"gradient/{name or 'network'}"] = float(torch.nn.utils.get_total_norm(mine))
    return norms
